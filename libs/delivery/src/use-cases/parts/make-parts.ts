import { Injectable, Logger } from '@nestjs/common';
import { Catalog } from '#catalog';
import { Notices } from '#identity';
import { Clock, type Tx, UnitOfWork } from '#shared';
import { MAX_PART_ATTEMPTS } from '../../domain/part.js';
import { PartFileRepository, type PartJob } from '../../storage/part-file.repository.js';
import { WritePartFile } from './write-part-file.js';

/** Short, so that another process soon goes on where one died; renewed while it is written. */
const HOLD_MS = 10_000;
const RENEW_MS = 3_000;
const LONGEST_PAUSE_MS = 600_000;

/** Writes the parts that licences wait for, one after the other. */
@Injectable()
export class MakeParts {
  private readonly log = new Logger('parts');
  private stopping = new AbortController();

  constructor(
    private readonly parts: PartFileRepository, private readonly writing: WritePartFile, private readonly catalog: Catalog, private readonly notices: Notices, private readonly uow: UnitOfWork, private readonly clock: Clock,
  ) {}

  /** Works off every part that waits. Writing happens outside a transaction; after a crash another process starts again. */
  async execute(): Promise<void> {
    for (let job = await this.take(); job; job = await this.take()) {
      try {
        const finding = job.attempts > MAX_PART_ATTEMPTS ? 'writing it failed again and again; the exchange is told' : await this.write(job);
        if (finding !== null) await this.refuse(job, finding);
      } catch (error) {
        this.log.error(`part of asset ${job.assetId}: ${(error as Error).stack ?? String(error)}`);
        const { attempts, ...failed } = job;
        await this.uow.run((tx) => this.parts.hold(tx, failed, this.in(Math.min(2 ** attempts * 1_000, LONGEST_PAUSE_MS))));
      }
    }
  }

  /** What is being written ends; whoever takes it up begins again. */
  stop(): void {
    this.stopping.abort(new Error('the exchange is stopping'));
    this.stopping = new AbortController();
  }

  /** A revision that was called back leaves nothing behind that was written of it. */
  drop(tx: Tx, revisionId: string): Promise<void> {
    return this.parts.drop(tx, revisionId, this.clock.now());
  }

  private take(): Promise<PartJob | null> {
    return this.uow.run((tx) => this.parts.take(tx, this.clock.now(), this.in(HOLD_MS)));
  }

  private async write(job: PartJob): Promise<string | null> {
    const asset = await this.catalog.assetById(job.assetId);
    if (!asset) return 'the file is gone';
    const renew = setInterval(() => {
      this.uow.run((tx) => this.parts.hold(tx, job, this.in(HOLD_MS))).catch((error: Error) => this.log.warn(`part of asset ${job.assetId} is not held: ${error.message}`));
    }, RENEW_MS);
    try {
      return await this.writing.execute(job, asset, this.stopping.signal);
    } finally {
      clearInterval(renew);
    }
  }

  /** Both sides learn why nothing is delivered: the vendor, who can hand in a revision that fits, and whoever asked for it. */
  private async refuse(job: PartJob, finding: string): Promise<void> {
    const asset = await this.catalog.assetById(job.assetId);
    await this.uow.run(async (tx) => {
      const askedBy = await this.parts.refuse(tx, job, finding, this.clock.now());
      if (!askedBy || !asset) return;
      const { id: assetId, fileName, revisionId, revisionNumber, datasetId, productId } = asset;
      await this.notices.tell(tx, [job.vendorId, ...askedBy], {
        objectType: 'PRODUCT', objectId: productId, kind: 'PART_NOT_WRITTEN', text: `${fileName} of revision ${revisionNumber} is not delivered under licences for a part of it: ${finding}`, details: { assetId, revisionId, datasetId, partDigest: job.digest, finding },
      });
    });
  }

  private in(ms: number): Date {
    return new Date(this.clock.now().getTime() + ms);
  }
}
