import { Injectable } from '@nestjs/common';
import { accepted, type Caller, type Tx } from '#shared';
import { standingRevisions } from '../domain/revision.js';
import { type Dataset, DatasetRepository, type Revision } from '../storage/dataset.repository.js';
import { ProductRepository } from '../storage/product.repository.js';
import { ClassificationGate } from './classification-gate.js';
import { PassGate } from './pass-gate.js';
import { MatchDictionary } from './profiles/match-dictionary.js';
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
  constructor(
    private readonly products: ProductRepository, private readonly datasets: DatasetRepository, private readonly gate: PassGate, private readonly classifications: ClassificationGate,
    private readonly releasing: ReleaseRevisions, private readonly dictionaries: MatchDictionary,
  ) {}

  async execute(tx: Tx, caller: Caller, result: PlatformTestResult): Promise<void> {
    const product = await this.products.lock(tx, result.productId);
    if (!product || product.state !== 'SUBMITTED' || product.submission !== result.submission) return;
    const standing = await this.standing(tx, product.id);
    const own = new Map<string, readonly string[]>();
    for (const { dataset, revision } of standing) own.set(revision.id, [...(result.revisions[revision.id] ?? [`revision ${revision.number} was not read`]), ...(await this.dictionaries.findings(tx, dataset, revision))].slice(0, MAX_FINDINGS));
    const findings = [...result.findings, ...[...own.values()].flat(), ...(await this.classifications.unexplained(tx, product.id))].slice(0, MAX_FINDINGS);
    const notProfiled = (await this.classifications.notProfiled(tx, product.id)).slice(0, MAX_FINDINGS);
    const passed = findings.length === 0;
    for (const { revision } of standing) {
      await this.releasing.note(tx, caller, { revision, passed: own.get(revision.id)!.length === 0, findings: own.get(revision.id)! });
      if (passed) await this.releasing.release(tx, caller, product.id, revision);
    }
    if (passed) await this.classifications.open(tx, caller, product);
    accepted(await this.gate.record(tx, caller, product, { step: 'PLATFORM_TEST', event: passed ? 'pass-test' : 'fail-test', passed, details: { findings, ...(notProfiled.length ? { notProfiled } : {}) } }));
  }

  private async standing(tx: Tx, productId: string): Promise<{ readonly dataset: Dataset; readonly revision: Revision }[]> {
    const found: { dataset: Dataset; revision: Revision }[] = [];
    for (const dataset of await this.datasets.datasets(tx, productId)) found.push(...standingRevisions(await this.datasets.revisionsOf(tx, dataset.id)).map((revision) => ({ dataset, revision })));
    return found;
  }
}
