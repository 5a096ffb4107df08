import { createHash } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { type AssetRecord, Catalog } from '#catalog';
import { Clock, systemCaller, type Tx, UnitOfWork } from '#shared';
import { formatCheck } from '../formats/index.js';
import { StoragePort } from '../object-storage/storage.port.js';
import { type PlatformTestJob, PlatformTestRepository } from '../storage/platform-test.repository.js';
import { type StoredObject, StoredObjectRepository } from '../storage/stored-object.repository.js';

/** Short, so that another process soon goes on where one died; renewed while a file is read. */
const HOLD_MS = 10_000;
const RENEW_MS = 3_000;
const LONGEST_PAUSE_MS = 600_000;
const MAX_FINDINGS = 100;

/** What is wrong with the whole, and with each revision that was read. */
interface Found {
  readonly findings: readonly string[];
  readonly revisions: Readonly<Record<string, readonly string[]>>;
}

/** The platform test of the listing gate: each file of a submission is read back, hashed again and opened as what it says it is. */
@Injectable()
export class TestSubmission {
  private readonly log = new Logger('platform-test');

  constructor(
    private readonly jobs: PlatformTestRepository, private readonly objects: StoredObjectRepository, private readonly storage: StoragePort,
    private readonly catalog: Catalog, private readonly uow: UnitOfWork, private readonly clock: Clock,
  ) {}

  /** A submission waits to be read; said twice it waits once. */
  request(tx: Tx, productId: string, submission: number): Promise<void> {
    return this.jobs.request(tx, productId, submission, this.clock.now());
  }

  /** The same of one revision that a listed product grows by. */
  requestRevision(tx: Tx, productId: string, revisionId: string): Promise<void> {
    return this.jobs.requestRevision(tx, productId, revisionId, this.clock.now());
  }

  /** Works off every submission that waits. Reading happens outside a transaction; after a crash another process starts again. */
  async execute(): Promise<void> {
    for (let job = await this.take(); job; job = await this.take()) {
      try {
        await this.record(job, await this.findings(job));
      } catch (error) {
        this.log.error(`product ${job.productId}: ${(error as Error).stack ?? String(error)}`);
        const current = job;
        await this.uow.run((tx) => this.jobs.hold(tx, current, this.in(Math.min(2 ** current.attempts * 1_000, LONGEST_PAUSE_MS))));
      }
    }
  }

  private take(): Promise<PlatformTestJob | null> {
    return this.uow.run((tx) => this.jobs.take(tx, this.clock.now(), this.in(HOLD_MS)));
  }

  private async record(job: PlatformTestJob, { findings, revisions }: Found): Promise<void> {
    await this.uow.run(async (tx) => {
      const all = [...findings, ...Object.values(revisions).flat()].slice(0, MAX_FINDINGS);
      if (!(await this.jobs.finish(tx, job, all, this.clock.now()))) return;
      const { productId, submission, revisionId } = job;
      if (revisionId) await this.catalog.recordRevisionTest(tx, systemCaller('platform-test'), { revisionId, findings: all });
      else await this.catalog.recordPlatformTest(tx, systemCaller('platform-test'), { productId, submission, findings, revisions });
    });
  }

  private async findings(job: PlatformTestJob): Promise<Found> {
    const assets = job.revisionId ? await this.catalog.assetsOfRevision(job.revisionId) : await this.catalog.assetsToTest(job.productId);
    const stored = await this.objects.byAssets(assets.map((a) => a.id));
    const revisions: Record<string, string[]> = {};
    for (const asset of assets) {
      (revisions[asset.revisionId] ??= []).push(...(await this.ofAsset(job, asset, stored.get(asset.id))).slice(0, MAX_FINDINGS).map((f) => `${asset.fileName}: ${f}`));
    }
    return { findings: assets.length === 0 ? ['the product has no file'] : [], revisions };
  }

  private async ofAsset(job: PlatformTestJob, asset: AssetRecord, stored: StoredObject | undefined): Promise<readonly string[]> {
    if (!stored || !(await this.storage.stat(stored.objectKey))) return ['the file is not in the storage'];
    const check = formatCheck(asset.mediaType);
    if (!check) return [`${asset.mediaType} is not a media type that can be listed`];
    const hash = createHash('sha256');
    let bytes = 0n;
    let renewAt = this.clock.now();
    for await (const chunk of this.storage.open(stored.objectKey, { from: 0, to: Number.MAX_SAFE_INTEGER })) {
      if (this.clock.now() >= renewAt) {
        await this.uow.run((tx) => this.jobs.hold(tx, job, this.in(HOLD_MS)));
        renewAt = this.in(RENEW_MS);
      }
      bytes += BigInt(chunk.length);
      hash.update(chunk);
      // The storage uses the chunk again, and a parser may keep what it is given.
      await check.push(Buffer.from(chunk));
    }
    const same = bytes === asset.byteLength && hash.digest('hex') === asset.sha256;
    return same ? check.end() : ['the stored bytes are not those that were described'];
  }

  private in(ms: number): Date {
    return new Date(this.clock.now().getTime() + ms);
  }
}
