/** After so many failures for no reason of the file there is no part for now: both sides are told, and an hour later it may be asked for again. */
export const MAX_PART_ATTEMPTS = 8;

const ENDINGS: Readonly<Record<string, string>> = { 'text/csv': 'csv', 'application/json': 'json', 'application/x-ndjson': 'jsonl', 'application/vnd.apache.parquet': 'parquet' };
const LONGEST = 200;

/** Told apart from the whole, and ending as what it is. */
export function partName(fileName: string, mediaType: string): string {
  const ending = `.part.${ENDINGS[mediaType] ?? 'bin'}`;
  return `${fileName.replace(/\.[A-Za-z0-9]{1,8}$/, '').slice(0, LONGEST - ending.length).toWellFormed()}${ending}`;
}
