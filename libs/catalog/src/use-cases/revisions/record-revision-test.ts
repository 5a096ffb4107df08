import { Injectable } from '@nestjs/common';
import { Notices } from '#identity';
import type { Caller, Tx } from '#shared';
import { type Dataset, DatasetRepository, type Revision } from '../../storage/dataset.repository.js';
import { type Product, ProductRepository } from '../../storage/product.repository.js';
import { ClassificationGate } from '../classification-gate.js';
import { MatchDictionary } from '../profiles/match-dictionary.js';
import { ReleaseRevisions } from './release-revisions.js';

export interface RevisionTestResult {
  readonly revisionId: string;
  readonly findings: readonly string[];
}
interface Found {
  readonly product: Product;
  readonly dataset: Dataset;
  readonly revision: Revision;
}
const MAX_FINDINGS = 100;

/**
 * The platform opened the files of a revision that a listed product grows by. It is handed out once its files are what they say, and the
 * classification of its dataset is not milder than they speak for, or staff has accepted that. Late and repeated results change nothing.
 */
@Injectable()
export class RecordRevisionTest {
  constructor(
    private readonly products: ProductRepository, private readonly datasets: DatasetRepository, private readonly classifications: ClassificationGate,
    private readonly releasing: ReleaseRevisions, private readonly dictionaries: MatchDictionary, private readonly notices: Notices,
  ) {}

  async execute(tx: Tx, caller: Caller, result: RevisionTestResult): Promise<void> {
    const found = await this.find(tx, result.revisionId);
    if (!found || found.product.state === 'DRAFT') return;
    const { product, dataset, revision } = found;
    const milder = (await this.classifications.problems(tx, dataset)).map((p) => `${dataset.title}: ${p.message}`);
    const findings = [...result.findings, ...(await this.dictionaries.findings(tx, dataset, revision)), ...milder].slice(0, MAX_FINDINGS);
    await this.releasing.note(tx, caller, { revision, passed: findings.length === 0, findings });
    if (findings.length) return this.refuse(tx, found, findings);
    await this.classifications.open(tx, caller, product);
    if (!(await this.classifications.unsettledDataset(tx, dataset))) await this.releasing.release(tx, caller, product.id, revision);
  }

  /** Staff has decided on the classification of a dataset: what waited for that is handed out, or is not. */
  async decided(tx: Tx, caller: Caller, datasetId: string, accepted: boolean): Promise<void> {
    for (const waiting of await this.datasets.waitingRevisions(tx, datasetId)) {
      const found = await this.find(tx, waiting.id);
      if (!found) continue;
      if (accepted) {
        if (!(await this.classifications.unsettledDataset(tx, found.dataset))) await this.releasing.release(tx, caller, found.product.id, found.revision);
        continue;
      }
      const findings = ['the compliance staff does not accept a classification that is milder than these files speak for'];
      await this.releasing.note(tx, caller, { revision: found.revision, passed: false, findings });
      await this.refuse(tx, found, findings);
    }
  }

  /** Under the lock of its product; undefined where there is nothing to decide any more. */
  private async find(tx: Tx, revisionId: string): Promise<Found | undefined> {
    const dataset = await this.datasets.datasetOfRevision(tx, revisionId);
    const product = dataset && (await this.products.lock(tx, dataset.productId));
    const revision = product && (await this.datasets.revision(tx, revisionId));
    return dataset && product && revision?.state === 'FINALISED' && revision.releasedAt === null ? { product, dataset, revision } : undefined;
  }

  private async refuse(tx: Tx, { product, dataset, revision }: Found, findings: readonly string[]): Promise<void> {
    await this.notices.tell(tx, [product.vendorId], {
      objectType: 'PRODUCT', objectId: product.id, kind: 'REVISION_REFUSED', text: `Revision ${revision.number} of ${dataset.title} did not pass the platform test and is not handed out: ${findings.join('; ')}. A later revision can take its place.`,
      details: { revisionId: revision.id, datasetId: dataset.id, number: revision.number, findings },
    });
  }
}
