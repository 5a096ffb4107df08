import { Injectable, Logger } from '@nestjs/common';
import { type AssetRecord, Catalog } from '#catalog';
import { Compliance, type NotProfiled, type RevisionProfile } from '#compliance';
import { canonicalHash, Clock, systemCaller, type Tx, UnitOfWork } from '#shared';
import { fileReader } from '../profiling/index.js';
import { Tables } from '../profiling/table-builder.js';
import { type ProfileJob, ProfileJobRepository, type ProfileRequest } from '../storage/profile-job.repository.js';
import { StoredFiles } from './stored-files.js';

/** Short, so that another process soon goes on where one died; renewed while a file is read. */
const HOLD_MS = 10_000;
const RENEW_MS = 3_000;
const LONGEST_PAUSE_MS = 600_000;
/** After so many failures the revision counts as one that cannot be read: that is on record, and the gate goes on. */
const MAX_ATTEMPTS = 8;

/** Reads the files of a finalised revision and has tags proposed for its dataset. Cells stay in memory; what is kept of them is masked. */
@Injectable()
export class ProfileRevision {
  private readonly log = new Logger('profile');

  constructor(
    private readonly jobs: ProfileJobRepository, private readonly files: StoredFiles, private readonly catalog: Catalog, private readonly compliance: Compliance,
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

  private take(): Promise<ProfileJob | null> {
    return this.uow.run((tx) => this.jobs.take(tx, this.clock.now(), this.in(HOLD_MS)));
  }

  private async profile(job: ProfileJob): Promise<void> {
    const assets = await this.assetsOf(job);
    await this.keep(job, assets, job.attempts > MAX_ATTEMPTS ? unreadable(assets) : await this.read(job, assets));
  }

  private async assetsOf(job: ProfileJob): Promise<AssetRecord[]> {
    return (await this.catalog.assetsOfProduct(job.productId)).filter((a) => a.revisionId === job.revisionId);
  }

  private async keep(job: ProfileJob, assets: readonly AssetRecord[], profile: RevisionProfile): Promise<void> {
    const proposal = await this.compliance.classification.propose(profile);
    const inputDigest = canonicalHash(assets.map(({ fileName, mediaType, byteLength, sha256 }) => ({ fileName, mediaType, byteLength, sha256 })));
    await this.uow.run(async (tx) => {
      if (await this.jobs.finish(tx, job, this.clock.now())) await this.compliance.classification.keep(tx, systemCaller('profile'), { ...job, inputDigest }, proposal);
    });
  }

  private async read(job: ProfileJob, assets: readonly AssetRecord[]): Promise<RevisionProfile> {
    const tables = new Tables(Math.max(assets.length, 1));
    const files = await this.files.open(assets.map((a) => a.id));
    const notProfiled: NotProfiled[] = [];
    for (const asset of assets) {
      const reason = await this.readFile(job, asset, files.get(asset.id), tables);
      if (reason !== null) notProfiled.push({ fileName: asset.fileName, mediaType: asset.mediaType, reason });
    }
    return { tables: tables.profiles(), notProfiled };
  }

  private async readFile(job: ProfileJob, asset: AssetRecord, file: AsyncIterable<Buffer> | undefined, tables: Tables): Promise<string | null> {
    if (!file) return 'the file is not in the storage';
    const reader = fileReader(asset.mediaType, tables, asset.fileName);
    if (!reader) return `cells of ${asset.mediaType} are not read`;
    let renewAt = this.in(RENEW_MS);
    for await (const chunk of file) {
      if (this.clock.now() >= renewAt) {
        await this.uow.run((tx) => this.jobs.hold(tx, job, this.in(HOLD_MS)));
        renewAt = this.in(RENEW_MS);
      }
      // The storage uses the chunk again, and a parser may keep what it is given.
      await reader.push(Buffer.from(chunk));
    }
    return reader.end();
  }

  private async postpone(job: ProfileJob): Promise<void> {
    await this.uow.run((tx) => this.jobs.hold(tx, job, this.in(Math.min(2 ** job.attempts * 1_000, LONGEST_PAUSE_MS))));
  }

  private in(ms: number): Date {
    return new Date(this.clock.now().getTime() + ms);
  }
}

const unreadable = (assets: readonly AssetRecord[]): RevisionProfile => ({
  tables: [], notProfiled: assets.map(({ fileName, mediaType }) => ({ fileName, mediaType, reason: 'reading it failed again and again; the exchange is told' })),
});
