/** Why a file is not what it says it is; for people, naming places and never contents. */
export class FileFinding extends Error {}

/** Words of the library that are safe to repeat: what stands in a file or where it lies is in none of them. */
const KNOWN: readonly (readonly [RegExp, string])[] = [
  [/state machine reached an invalid state/i, 'line ends or quotes are mixed'],
  [/duplicate key/i, 'an object holds the same key twice'],
  [/Malformed JSON.*in line (\d+)/is, 'line $1: not JSON'],
  [/Malformed JSON/i, 'not JSON'],
  [/maximum_object_size/i, 'an object is longer than can be read'],
  [/TProtocolException|thrift/i, 'its footer is damaged'],
  [/No magic bytes|magic bytes/i, 'it does not begin and end as its format does'],
  [/footer length|Footer length|too small to be a Parquet/i, 'the length of its footer does not fit the file'],
  [/encrypted/i, 'it is encrypted'],
  [/decompress|snappy|zstd|gzip|brotli|lz4/i, 'its compressed parts are damaged'],
  [/Out of Memory|could not allocate|failed to allocate|failed to offload/i, 'it takes more memory than there is for one file'],
  [/Invalid unicode|invalid UTF-?8|not valid UTF/i, 'a text in it is not UTF-8'],
  [/out of buffer|out of range|overflow|corrupt|invalid/i, 'its parts do not fit together'],
];

/** What to say of an error of the library. */
export function findingOf(error: unknown): string {
  if (error instanceof FileFinding) return error.message;
  const message = error instanceof Error ? error.message : String(error);
  for (const [pattern, words] of KNOWN) {
    const match = pattern.exec(message);
    // Of malformed JSON the library counts lines from one, and one more.
    if (match) return `could not be read: ${words.replace('$1', String(Number(match[1]) - 1))}`;
  }
  return 'could not be read';
}
