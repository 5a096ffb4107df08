interface Kind {
  readonly name: string;
  readonly begins: Buffer;
  readonly at: number;
  /** The media types that a file which begins so may have. */
  readonly mediaTypes: readonly string[];
}
const kind = (name: string, begins: string, mediaTypes: readonly string[] = [], at = 0): Kind => ({ name, begins: Buffer.from(begins, 'latin1'), at, mediaTypes });

/**
 * How files begin that are taken for data by mistake, or to do harm, and those binary formats that are traded. Of formats that are text nothing is said here: the
 * reading of contents opens them. A library knows hundreds more; none of them could be described as something else and still be traded.
 */
const KINDS: readonly Kind[] = [
  kind('Parquet', 'PAR1', ['application/vnd.apache.parquet']),
  kind('Arrow IPC', 'ARROW1', ['application/vnd.apache.arrow.file']),
  kind('a ZIP archive or an office document', 'PK\x03\x04'), kind('an empty ZIP archive', 'PK\x05\x06'), kind('a gzip archive', '\x1f\x8b\x08'), kind('a bzip2 archive', 'BZh'),
  kind('an xz archive', '\xfd7zXZ\x00'), kind('a Zstandard archive', '\x28\xb5\x2f\xfd'), kind('a 7z archive', '7z\xbc\xaf\x27\x1c'), kind('a RAR archive', 'Rar!\x1a\x07'), kind('a tar archive', 'ustar', [], 257),
  kind('a program for Linux', '\x7fELF'), kind('a program for Windows', 'MZ'), kind('a program for macOS', '\xcf\xfa\xed\xfe'), kind('a program for macOS or Java', '\xca\xfe\xba\xbe'), kind('a script', '#!'),
  kind('a PDF document', '%PDF-'), kind('an old office document', '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'), kind('an SQLite database', 'SQLite format 3\x00'), kind('an HDF5 file', '\x89HDF\r\n\x1a\n'),
  kind('a PNG image', '\x89PNG\r\n\x1a\n'), kind('a JPEG image', '\xff\xd8\xff'), kind('a GIF image', 'GIF8'), kind('a TIFF image', 'II*\x00'),
];

/** So many bytes of the beginning are looked at. */
export const SNIFFED_BYTES = Math.max(...KINDS.map((k) => k.at + k.begins.length));

/** What a file is that begins so, where that is known and cannot be what was described; else null. */
export function otherKind(head: Buffer, mediaType: string): string | null {
  const found = KINDS.find((k) => head.subarray(k.at, k.at + k.begins.length).equals(k.begins));
  return found && !found.mediaTypes.includes(mediaType) && !isText(found, head) ? found.name : null;
}

/** Two letters also begin a header line such as `MZ,count`: a program has bytes that are no text soon after. */
const isText = ({ begins }: Kind, head: Buffer): boolean => begins.length <= 3 && /^[\x20-\x7e]+$/.test(begins.toString('latin1')) && begins.toString() !== '#!' && !head.some((b) => b < 9);
