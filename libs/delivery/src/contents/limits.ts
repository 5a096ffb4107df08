/** Bounds of one reading, each with its reason. A file that goes past one is no file that can be listed. */
export const READ_LIMITS = {
  /** More is a matrix, not a table; the detectors of compliance look at as many. */
  columns: 2_000,
  /** Of one file; a Parquet file of a few kilobytes can state billions. */
  rows: 200_000_000,
  /** One record of text. A longer one is a quote that was never closed. */
  recordBytes: 8 * 1024 * 1024,
  /** A JSON document is parsed as a whole up to here, which costs memory several times over; a larger one has to be an array. */
  documentBytes: 16 * 1024 * 1024,
  /** Brackets in brackets of JSON; the parser of the library overflows its stack at some thousands. */
  jsonDepth: 100,
  /** What DuckDB keeps in memory before it goes to its folder. */
  duckdbMegabytes: 1_024,
  /** The whole process; looked at 20 times a second, for what a library allocates beside its own count. */
  processBytes: 2_560 * 1024 * 1024,
  /** Decompressed, what a file may take on disk: so much, and so many times its own length. */
  expandedBytes: 4 * 1024 ** 3,
  expandedTimes: 4,
  /** A step of one file or table: so long, several times what the widest table takes beside other work, so that a busy machine is no verdict; and so many bytes of it more a second. */
  stepMs: 300_000,
  stepBytesPerSecond: 2 * 1024 * 1024,
  /** Findings of one file; the first ones say it. */
  findings: 20,
  /** What the detectors of compliance look at; more of a cell or a table tells them nothing. */
  sampleRows: 10_000,
  sampleCell: 128,
  /** Cells and characters of all tables of a revision together: some 100 MB of strings. */
  sampleCells: 1_000_000,
  sampleCharacters: 32 * 1024 * 1024,
  /** Counted one by one up to here; above, an even part tells as much. */
  countedRows: 1_000_000,
  /** Files that break their reader; with the next one the revision counts as unreadable. */
  crashes: 5,
} as const;
export type ReadLimits = { readonly [K in keyof typeof READ_LIMITS]: number };
