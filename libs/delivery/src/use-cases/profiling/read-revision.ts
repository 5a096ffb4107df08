import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { Injectable } from '@nestjs/common';
import type { AssetRecord } from '#catalog';
import { Config, newId } from '#shared';
import type { Contents, FileContents } from '../../contents/contents.js';
import { READ_LIMITS } from '../../contents/limits.js';
import { readContents } from '../../contents/read-contents.js';
import { StoredFiles } from '../stored-files.js';

/** Data may carry the day of another time zone. */
const DAY_MS = 86_400_000;
/** A folder that nobody wrote in for so long is of a process that died. */
const ABANDONED_MS = 6 * 3_600_000;

/** Reads the files of a revision, each where it lies, with folders below DATA_DIR/reading for what the reader keeps meanwhile. */
@Injectable()
export class ReadRevision {
  private readonly folder: string;
  private stopping = new AbortController();

  constructor(private readonly files: StoredFiles, config: Config) {
    this.folder = path.resolve(config.DATA_DIR, 'reading');
  }

  /** Readers under way end; what they read is read again by whoever takes it up. */
  stop(): void {
    this.stopping.abort(new Error('the exchange is stopping'));
    this.stopping = new AbortController();
  }

  async execute(assets: readonly AssetRecord[], finalisedAt: Date): Promise<Contents> {
    const name = newId();
    const [folder, fetched] = [path.join(this.folder, name), path.join(this.folder, `${name}-fetched`)];
    await mkdir(folder, { recursive: true });
    try {
      // Beside the reader's own folder, which it is held to: these are not what it made of them.
      const paths = await this.files.paths(assets.map((a) => a.id), fetched);
      const files = assets.flatMap(({ id, fileName, mediaType, byteLength }) => (paths.has(id) ? [{ fileName, mediaType, bytes: Number(byteLength), path: paths.get(id)! }] : []));
      const contents = await readContents({ files, folder, asOf: new Date(finalisedAt.getTime() + DAY_MS).toISOString(), limits: READ_LIMITS }, this.stopping.signal);
      return { ...contents, files: [...contents.files, ...assets.filter((a) => !paths.has(a.id)).map(missing)] };
    } finally {
      await Promise.all([folder, fetched].map((f) => rm(f, { recursive: true, force: true })));
    }
  }

  /** Removes what processes that died left behind. */
  async clear(now: Date): Promise<void> {
    for (const name of await readdir(this.folder).catch(() => [])) {
      const found = await stat(path.join(this.folder, name)).catch(() => null);
      if (found && now.getTime() - found.mtime.getTime() > ABANDONED_MS) await rm(path.join(this.folder, name), { recursive: true, force: true });
    }
  }
}

const missing = ({ fileName, mediaType, byteLength }: AssetRecord): FileContents =>
  ({ fileName, mediaType, bytes: Number(byteLength), encoding: null, delimiter: null, rows: null, findings: ['the file is not in the storage'], unread: null });
