/** Bytes that were received and are nobody's yet. */
export interface Temporary {
  /** The key under which `commit` makes them an object. */
  readonly key: string;
  readonly bytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
}

/** What the answer behind a link says of itself. */
export interface ObjectLink {
  readonly seconds: number;
  /** Content-Disposition. */
  readonly disposition: string;
  readonly mediaType: string;
}

/** More bytes came than the caller allows. Nothing is kept. */
export class TooManyBytesError extends Error {}

/**
 * Where the bytes lie. Keys are ids that the caller makes, a new one for each attempt; an object is written once and never changed. Every
 * adapter passes the same contract test.
 */
export abstract class StoragePort {
  /**
   * Takes a stream in, at most `limit` bytes of it; nobody finds them under the key before `commit`. When the stream fails or is too long, nothing
   * is left and the error is thrown on.
   */
  abstract writeTemporary(key: string, source: AsyncIterable<Buffer>, limit: number): Promise<Temporary>;
  /** Makes a temporary of this process the object of its key, whole or not at all. It survives a power cut once this has returned. */
  abstract commit(temporary: Temporary): Promise<void>;
  /** Throws a temporary away; one that is gone already, or was committed, is no error and stays as it is. */
  abstract discard(temporary: Temporary): Promise<void>;
  /**
   * Reads the bytes from `from` up to and without `to`; fails when the object is not there. A chunk is good until the next one is
   * asked for, so that two buffers serve a file of any size: whoever keeps a chunk copies it.
   */
  abstract open(key: string, span: { readonly from: number; readonly to: number }): AsyncIterable<Buffer>;
  /**
   * A file of this machine that holds the object, for programs that read by themselves and never write to it. An adapter that keeps no
   * files fetches it into `folder`, which is the caller's to remove.
   */
  abstract fileOf(key: string, folder: string): Promise<string>;
  /** Where a server that sees the folder of the objects finds one, below it; null where there is no such folder. */
  abstract pathOf(key: string): string | null;
  /** An address at which everybody can read an object who begins within so many seconds; null where there is none. */
  abstract linkTo(key: string, link: ObjectLink): Promise<string | null>;
  abstract stat(key: string): Promise<{ readonly bytes: number } | null>;
  /** Removes an object; one that is gone already is no error. */
  abstract remove(key: string): Promise<void>;
  /** Removes the temporaries that were begun, or last written, before an instant. */
  abstract removeTemporaries(before: Date): Promise<void>;
}
