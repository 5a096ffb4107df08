import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type Caller, Clock, Outbox, type Tx } from '#shared';
import { RevisionReleased } from '../../catalog.events.js';
import { sharpest } from '../../domain/content/next-dictionary.js';
import { DatasetRepository, type Revision } from '../../storage/dataset.repository.js';

/** What was found of a revision's files. */
export interface RevisionFinding {
  readonly revision: Revision;
  readonly passed: boolean;
  readonly findings: readonly string[];
}

/** Puts the test of revisions on record, and lets those that passed be handed out. */
@Injectable()
export class ReleaseRevisions {
  constructor(private readonly datasets: DatasetRepository, private readonly audit: Audit, private readonly outbox: Outbox, private readonly clock: Clock) {}

  /** What is released keeps the test that it was released on. */
  async note(tx: Tx, caller: Caller, { revision, passed, findings }: RevisionFinding): Promise<void> {
    if (revision.releasedAt) return;
    await this.datasets.recordTest(tx, revision.id, passed, findings, this.clock.now());
    await this.audit.append(tx, caller, { act: 'revision.test', objectType: 'revision', objectId: revision.id, tenantId: revision.vendorId, details: { passed, findings } });
  }

  async release(tx: Tx, caller: Caller, productId: string, revision: Revision): Promise<void> {
    if (revision.releasedAt) return;
    const { id, datasetId, vendorId, number } = revision;
    await this.datasets.release(tx, id, this.clock.now());
    if (revision.dictionary) await this.datasets.setDictionary(tx, datasetId, sharpest((await this.datasets.dataset(tx, datasetId))!.dictionary, revision.dictionary));
    await this.audit.append(tx, caller, { act: 'revision.release', objectType: 'revision', objectId: id, tenantId: vendorId, details: { productId, datasetId, number } });
    await this.outbox.publish(tx, caller, RevisionReleased, productId, { revisionId: id, datasetId, productId, vendorId, number });
  }
}
