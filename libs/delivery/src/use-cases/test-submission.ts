import { Injectable, Logger } from '@nestjs/common';
import { type AssetRecord, Catalog } from '#catalog';
import { Clock, systemCaller, type Tx, UnitOfWork } from '#shared';
import { type PlatformTestJob, PlatformTestRepository } from '../storage/platform-test.repository.js';
import { ProfileJobRepository } from '../storage/profile-job.repository.js';
import { TestService } from './api/test-service.js';
import { HashStored } from './hash-stored.js';

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

/** What is looked at again beside what reading found: the stored bytes, and the API. */
@Injectable()
export class SubmissionChecks {
  constructor(readonly hashing: HashStored, readonly service: TestService) {}
}

/** The platform test of the listing gate: each file of a submission is hashed again, what was found when it was read counts, and where an API serves it that is called. */
@Injectable()
export class TestSubmission {
  private readonly log = new Logger('platform-test');

  constructor(
    private readonly jobs: PlatformTestRepository, private readonly contents: ProfileJobRepository, private readonly checks: SubmissionChecks,
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
    const read = await this.uow.run((tx) => this.contents.findings(tx, [...new Set(assets.map((a) => a.revisionId))]));
    const revisions: Record<string, string[]> = {};
    for (const asset of assets) {
      const contents = read.get(asset.revisionId);
      const findings = (await this.wrongBytes(job, asset)) ?? (contents ? contents[asset.fileName] ?? [] : ['it was not read']);
      (revisions[asset.revisionId] ??= []).push(...findings.slice(0, MAX_FINDINGS).map((f) => `${asset.fileName}: ${f}`));
    }
    // What grows a listed product are files; its API was tested with the submission.
    const service = job.revisionId ? [] : await this.checks.service.findings(job.productId);
    return { findings: [...(assets.length === 0 ? ['the product has no file'] : []), ...service], revisions };
  }

  private async wrongBytes(job: PlatformTestJob, asset: AssetRecord): Promise<readonly string[] | null> {
    let renewAt = this.clock.now();
    const wrong = await this.checks.hashing.differs(asset, async () => {
      if (this.clock.now() < renewAt) return;
      await this.uow.run((tx) => this.jobs.hold(tx, job, this.in(HOLD_MS)));
      renewAt = this.in(RENEW_MS);
    });
    return wrong === null ? null : [wrong];
  }

  private in(ms: number): Date {
    return new Date(this.clock.now().getTime() + ms);
  }
}
