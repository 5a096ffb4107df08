import { createReadStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { Injectable } from '@nestjs/common';
import type { AssetRecord } from '#catalog';
import { Clock, Config, newId, UnitOfWork } from '#shared';
import { writePart } from '../../contents/write-part.js';
import { StorageRegions } from '../../object-storage/regions/storage-regions.js';
import { PartFileRepository, type PartJob } from '../../storage/part-file.repository.js';
import { StoredObjectRepository } from '../../storage/stored-object.repository.js';
import { StoredFiles } from '../stored-files.js';

/** Beside a part nothing of this folder is kept. */
const MAX_BYTES = Number.MAX_SAFE_INTEGER;

/** Where parts are written, and when. */
@Injectable()
export class PartStoring {
  readonly folder: string;
  constructor(config: Config, readonly clock: Clock) {
    this.folder = path.resolve(config.DATA_DIR, 'reading');
  }
}

/** Writes a part and puts it where its asset lies. */
@Injectable()
export class WritePartFile {
  private readonly folder: string;

  constructor(
    private readonly files: StoredFiles, private readonly regions: StorageRegions, private readonly objects: StoredObjectRepository, private readonly parts: PartFileRepository,
    private readonly uow: UnitOfWork, private readonly storing: PartStoring,
  ) {
    this.folder = storing.folder;
  }

  /** Why it cannot be written; null: it is written, or another process was faster. */
  async execute(job: PartJob, asset: AssetRecord, signal: AbortSignal): Promise<string | null> {
    const name = newId();
    const [folder, fetched] = [path.join(this.folder, name), path.join(this.folder, `${name}-fetched`)];
    await mkdir(folder, { recursive: true });
    try {
      const source = (await this.files.paths([asset.id], fetched)).get(asset.id);
      if (!source) throw new Error('the file is not in the storage');
      const written = await writePart({ fileName: asset.fileName, mediaType: asset.mediaType, bytes: Number(asset.byteLength), path: source }, job.limit, folder, signal);
      if ('finding' in written) return written.finding;
      await this.store(job, written);
      return null;
    } finally {
      await Promise.all([folder, fetched].map((f) => rm(f, { recursive: true, force: true })));
    }
  }

  /** Announced before it takes its place, so that after a crash it is either the part or known to be nobody's. It is the exchange's own: no vendor's quota holds it. */
  private async store(job: PartJob, { path: file, mediaType }: { readonly path: string; readonly mediaType: string }): Promise<void> {
    const { region } = (await this.objects.byAssets([job.assetId])).get(job.assetId)!;
    const storage = this.regions.storage(region);
    const objectKey = newId();
    const temporary = await storage.writeTemporary(objectKey, createReadStream(file) as AsyncIterable<Buffer>, MAX_BYTES);
    const { bytes, sha256 } = temporary;
    const storedAt = this.storing.clock.now();
    await this.uow.run((tx) => this.objects.announce(tx, { assetId: job.assetId, vendorId: job.vendorId, objectKey, region, byteLength: BigInt(bytes), sha256, storedAt }));
    await storage.commit(temporary);
    const kept = await this.uow.run(async (tx) => {
      if (!(await this.objects.settle(tx, objectKey))) throw new Error('the part was cleared away as abandoned');
      return this.parts.finish(tx, job, { objectKey, region, mediaType, byteLength: BigInt(bytes), sha256 }, this.storing.clock.now());
    });
    if (!kept) await storage.remove(objectKey);
  }
}
