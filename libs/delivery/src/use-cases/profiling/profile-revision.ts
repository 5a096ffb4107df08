import { Injectable, Logger } from '@nestjs/common';
import { type AssetRecord, Catalog } from '#catalog';
import { Clock, type Tx, UnitOfWork } from '#shared';
import type { Contents } from '../../contents/contents.js';
import { type ProfileJob, ProfileJobRepository, type ProfileRequest } from '../../storage/profile-job.repository.js';
import { KeepContents } from './keep-contents.js';
import { ReadRevision } from './read-revision.js';

/** Short, so that another process soon goes on where one died; renewed while files are read. */
const HOLD_MS = 10_000;
const RENEW_MS = 3_000;
const LONGEST_PAUSE_MS = 600_000;
/** After so many failures the revision counts as one that cannot be read: that is on record, and the gate goes on. */
const MAX_ATTEMPTS = 8;

/** Has each finalised revision read once, in the order of its dataset. */
@Injectable()
export class ProfileRevision {
  private readonly log = new Logger('profile');

  constructor(
    private readonly jobs: ProfileJobRepository, private readonly catalog: Catalog, private readonly reading: ReadRevision, private readonly keeping: KeepContents,
    private readonly uow: UnitOfWork, private readonly clock: Clock,
  ) {}

  /** A revision waits to be read; said twice it waits once. */
  request(tx: Tx, revision: ProfileRequest): Promise<void> {
    return this.jobs.request(tx, revision, this.clock.now());
  }
  /** The same for every revision of a product, so that none is handed in unread. */
  async requestProduct(tx: Tx, productId: string): Promise<void> {
    const assets = (await this.catalog.assetsOfProduct(productId)).filter((a) => a.revisionState === 'FINALISED');
    for (const revision of new Map(assets.map((a) => [a.revisionId, a])).values()) await this.request(tx, revision);
  }

  /** Works off every revision that waits. Reading happens outside a transaction; after a crash another process starts again. */
  async execute(): Promise<void> {
    for (let job = await this.take(); job; job = await this.take()) {
      try {
        await this.profile(job);
      } catch (error) {
        this.log.error(`revision ${job.revisionId}: ${(error as Error).stack ?? String(error)}`);
        await this.postpone(job);
      }
    }
  }

  /** Readers under way end. */
  stop(): void {
    this.reading.stop();
  }

  private take(): Promise<ProfileJob | null> {
    return this.uow.run((tx) => this.jobs.take(tx, this.clock.now(), this.in(HOLD_MS)));
  }

  private async profile(job: ProfileJob): Promise<void> {
    const assets = await this.catalog.assetsOfRevision(job.revisionId);
    await this.keeping.execute(job, assets, job.attempts > MAX_ATTEMPTS ? unreadable(assets) : await this.holding(job, () => this.reading.execute(assets, job.requestedAt)));
  }

  /** Others leave the job alone while the work goes on. */
  private async holding<T>(job: ProfileJob, work: () => Promise<T>): Promise<T> {
    const renew = setInterval(() => {
      this.uow.run((tx) => this.jobs.hold(tx, job, this.in(HOLD_MS))).catch((error: Error) => this.log.warn(`revision ${job.revisionId} is not held: ${error.message}`));
    }, RENEW_MS);
    try {
      return await work();
    } finally {
      clearInterval(renew);
    }
  }

  private async postpone(job: ProfileJob): Promise<void> {
    await this.uow.run((tx) => this.jobs.hold(tx, job, this.in(Math.min(2 ** job.attempts * 1_000, LONGEST_PAUSE_MS))));
  }

  private in(ms: number): Date {
    return new Date(this.clock.now().getTime() + ms);
  }
}

const unreadable = (assets: readonly AssetRecord[]): Contents => ({
  tables: [],
  files: assets.map(({ fileName, mediaType, byteLength }) => ({ fileName, mediaType, bytes: Number(byteLength), encoding: null, delimiter: null, rows: null, findings: [], unread: 'reading it failed again and again; the exchange is told' })),
});
