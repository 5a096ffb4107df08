import { constants, createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { Injectable } from '@nestjs/common';
import { Config, isId } from '#shared';

const READ_BYTES = 1024 * 1024;

/** What came of uploads that are not complete, as files below DATA_DIR/uploads: how long a file is says where its upload goes on, whatever process wrote it. */
@Injectable()
export class Staging {
  private readonly folder: string;

  constructor(config: Config) {
    this.folder = path.resolve(config.DATA_DIR, 'uploads');
  }

  /** Writes from this byte on and answers how many came. What has come stays, also where the source breaks off; it survives a power cut once this has returned. */
  async append(id: string, from: number, source: AsyncIterable<Buffer>): Promise<number> {
    await mkdir(this.folder, { recursive: true });
    const file = await open(this.file(id), constants.O_CREAT | constants.O_WRONLY, 0o600);
    let at = from;
    try {
      for await (const chunk of source) at += await writeAt(file, chunk, at);
    } finally {
      await file.datasync();
      await file.close();
    }
    return at - from;
  }

  /** Nothing came yet: 0. */
  async bytes(id: string): Promise<number> {
    return (await stat(this.file(id)).catch(() => null))?.size ?? 0;
  }

  /** These uploads, one after the other. */
  async *read(ids: readonly string[]): AsyncGenerator<Buffer> {
    for (const id of ids) yield* createReadStream(this.file(id), { highWaterMark: READ_BYTES }) as AsyncIterable<Buffer>;
  }

  async remove(id: string): Promise<void> {
    await rm(this.file(id), { force: true });
  }

  private file(id: string): string {
    if (!isId(id)) throw new Error('an upload is known by an id');
    return path.join(this.folder, id);
  }
}

async function writeAt(file: FileHandle, chunk: Buffer, position: number): Promise<number> {
  for (let done = 0; done < chunk.length; ) done += (await file.write(chunk, done, chunk.length - done, position + done)).bytesWritten;
  return chunk.length;
}
