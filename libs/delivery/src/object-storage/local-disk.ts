import { createHash } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { isId } from '#shared';
import { StoragePort, type Temporary, TooManyBytesError } from './storage.port.js';

/**
 * Two buffers of this size are all that a download holds in memory. A stream that allocates a buffer for each read makes the
 * garbage collector take half of the time of a large download.
 */
const READ_BYTES = 256 * 1024;

/** Objects as files below a folder. */
export class LocalDisk extends StoragePort {
  private readonly temporaries: string;
  private readonly objects: string;

  constructor(folder: string) {
    super();
    this.temporaries = path.join(folder, 'tmp');
    this.objects = path.join(folder, 'objects');
  }

  override async writeTemporary(key: string, source: AsyncIterable<Buffer>, limit: number): Promise<Temporary> {
    await mkdir(this.temporaries, { recursive: true });
    const file = await open(this.temporary(key), 'wx', 0o600);
    try {
      const written = await writeAll(file, source, limit);
      await file.sync();
      return { key, ...written };
    } catch (error) {
      await rm(this.temporary(key), { force: true });
      throw error;
    } finally {
      await file.close();
    }
  }

  override async commit({ key }: Temporary): Promise<void> {
    const target = this.object(key);
    await mkdir(path.dirname(target), { recursive: true });
    await rename(this.temporary(key), target);
    await syncFolder(path.dirname(target));
    await syncFolder(this.objects);
  }

  override async discard({ key }: Temporary): Promise<void> {
    await rm(this.temporary(key), { force: true });
  }

  override async *open(key: string, span: { readonly from: number; readonly to: number }): AsyncGenerator<Buffer> {
    const file = await open(this.object(key), 'r');
    try {
      yield* readAhead(file, span.from, span.to);
    } finally {
      await file.close();
    }
  }

  override fileOf(key: string): Promise<string> {
    return Promise.resolve(path.resolve(this.object(key)));
  }

  override pathOf(key: string): string {
    return `${checked(key).slice(-2)}/${key}`;
  }

  override linkTo(): Promise<null> {
    return Promise.resolve(null);
  }

  override async stat(key: string): Promise<{ bytes: number } | null> {
    try {
      return { bytes: (await stat(this.object(key))).size };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
  }

  override async remove(key: string): Promise<void> {
    await rm(this.object(key), { force: true });
  }

  override async removeTemporaries(before: Date): Promise<void> {
    for (const name of await readdir(this.temporaries).catch(() => [])) {
      const file = path.join(this.temporaries, name);
      const found = await stat(file).catch(() => null);
      if (found && found.mtime < before) await rm(file, { force: true });
    }
  }

  private temporary(key: string): string {
    return path.join(this.temporaries, checked(key));
  }

  /** The end of a UUIDv7 is random, so the folders fill evenly. */
  private object(key: string): string {
    return path.join(this.objects, checked(key).slice(-2), key);
  }
}

/** Keys become names of files. */
function checked(key: string): string {
  if (!isId(key)) throw new Error('an object key is an id');
  return key;
}

/** The next read is under way while the chunk before it is being used. */
async function* readAhead(file: FileHandle, from: number, to: number): AsyncGenerator<Buffer> {
  let [buffer, other] = [Buffer.allocUnsafeSlow(READ_BYTES), Buffer.allocUnsafeSlow(READ_BYTES)];
  const read = (into: Buffer, at: number): Promise<{ bytesRead: number }> => file.read(into, 0, Math.min(READ_BYTES, to - at), at);
  let next = from < to ? read(buffer, from) : Promise.resolve({ bytesRead: 0 });
  try {
    for (let at = from; at < to; ) {
      const { bytesRead } = await next;
      if (bytesRead === 0) return;
      const chunk = buffer.subarray(0, bytesRead);
      at += bytesRead;
      [buffer, other] = [other, buffer];
      next = at < to ? read(buffer, at) : Promise.resolve({ bytesRead: 0 });
      yield chunk;
    }
  } finally {
    // A read under way must end before its file is closed.
    await next.catch(() => undefined);
  }
}

async function writeAll(file: FileHandle, source: AsyncIterable<Buffer>, limit: number): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of source) {
    bytes += chunk.length;
    if (bytes > limit) throw new TooManyBytesError(`more than ${limit} bytes`);
    hash.update(chunk);
    for (let at = 0; at < chunk.length; ) at += (await file.write(chunk, at)).bytesWritten;
  }
  return { bytes, sha256: hash.digest('hex') };
}

/** A rename is durable once the folder that it happened in is. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
