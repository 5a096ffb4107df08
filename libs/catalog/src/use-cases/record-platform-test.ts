import { Injectable } from '@nestjs/common';
import { accepted, type Caller, type Tx } from '#shared';
import { standingRevisions } from '../domain/revision.js';
import { DatasetRepository, type Revision } from '../storage/dataset.repository.js';
import { ProductRepository } from '../storage/product.repository.js';
import { ClassificationGate } from './classification-gate.js';
import { PassGate } from './pass-gate.js';
import { ReleaseRevisions } from './revisions/release-revisions.js';

export interface PlatformTestResult {
  readonly productId: string;
  readonly submission: number;
  readonly findings: readonly string[];
  /** Findings of each revision that was read, by its id; none where its files are what they say. */
  readonly revisions: Readonly<Record<string, readonly string[]>>;
}

const MAX_FINDINGS = 100;

/** The platform opened the files of a submission and read them for tags: what is milder than they say needs a reason, and then staff. A result that comes too late, or twice, changes nothing. */
@Injectable()
export class RecordPlatformTest {
  constructor(private readonly products: ProductRepository, private readonly datasets: DatasetRepository, private readonly gate: PassGate, private readonly classifications: ClassificationGate, private readonly releasing: ReleaseRevisions) {}

  async execute(tx: Tx, caller: Caller, result: PlatformTestResult): Promise<void> {
    const product = await this.products.lock(tx, result.productId);
    if (!product || product.state !== 'SUBMITTED' || product.submission !== result.submission) return;
    const standing = await this.standing(tx, product.id);
    const unread = standing.filter((r) => !Object.hasOwn(result.revisions, r.id)).map((r) => `revision ${r.number} was not read`);
    const findings = [...result.findings, ...unread, ...Object.values(result.revisions).flat(), ...(await this.classifications.unexplained(tx, product.id))].slice(0, MAX_FINDINGS);
    const notProfiled = (await this.classifications.notProfiled(tx, product.id)).slice(0, MAX_FINDINGS);
    const passed = findings.length === 0;
    for (const revision of standing) {
      const own = (result.revisions[revision.id] ?? ['it was not read']).slice(0, MAX_FINDINGS);
      await this.releasing.note(tx, caller, { revision, passed: own.length === 0, findings: own });
      if (passed) await this.releasing.release(tx, caller, product.id, revision);
    }
    if (passed) await this.classifications.open(tx, caller, product);
    accepted(await this.gate.record(tx, caller, product, { step: 'PLATFORM_TEST', event: passed ? 'pass-test' : 'fail-test', passed, details: { findings, ...(notProfiled.length ? { notProfiled } : {}) } }));
  }

  private async standing(tx: Tx, productId: string): Promise<Revision[]> {
    const found: Revision[] = [];
    for (const dataset of await this.datasets.datasets(tx, productId)) found.push(...standingRevisions(await this.datasets.revisionsOf(tx, dataset.id)));
    return found;
  }
}
