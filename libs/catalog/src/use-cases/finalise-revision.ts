import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type Actor, authorise } from '#identity';
import { accepted, canonicalHash, Clock, Commands, notFound, Outbox, type Result, stateConflict } from '#shared';
import { CATALOG_ERRORS } from '../catalog.errors.js';
import { RevisionFinalised } from '../catalog.events.js';
import type { DictionaryColumn } from '../domain/content/dictionary.js';
import { checkNextDictionary } from '../domain/content/next-dictionary.js';
import { revisionStates } from '../domain/revision.js';
import { DatasetRepository, type Revision } from '../storage/dataset.repository.js';
import { ProductRepository } from '../storage/product.repository.js';
import { refused } from './content/content-rules.js';
import { ownGrowing } from './own-draft.js';

export interface FinaliseRevisionInput {
  readonly revisionId: string;
  /** Of a product that came through the gate: what its dataset's dictionary is from the release of this revision on. */
  readonly dictionary?: readonly DictionaryColumn[];
}

/** Closes a revision for ever: its digest covers the name, type, length and sha-256 of each of its assets. */
@Injectable()
export class FinaliseRevision {
  constructor(
    private readonly commands: Commands, private readonly products: ProductRepository, private readonly datasets: DatasetRepository, private readonly audit: Audit,
    private readonly outbox: Outbox, private readonly clock: Clock,
  ) {}

  async execute(actor: Actor, input: FinaliseRevisionInput): Promise<Result<Revision>> {
    const refusal = authorise(actor, 'catalog:manage');
    if (refusal) return refusal;
    return this.commands.run<Result<Revision>>(actor, 'catalog.finalise-revision', input, async (tx) => {
      const found = await this.datasets.revision(tx, input.revisionId);
      const dataset = found && (await this.datasets.dataset(tx, found.datasetId));
      if (!found || !dataset) return notFound('revision');
      const product = await ownGrowing(tx, this.products, actor, dataset.productId);
      if ('refused' in product) return product.kind === 'NotFound' ? notFound('revision') : product;
      const revision = (await this.datasets.revision(tx, input.revisionId))!;
      if (revision.state !== 'DRAFT') return stateConflict(CATALOG_ERRORS.REVISION_FINALISED, 'the revision is finalised', revision.state);
      const assets = await this.datasets.assetsOfRevision(tx, revision.id);
      if (assets.length === 0) return stateConflict(CATALOG_ERRORS.REVISION_EMPTY, 'the revision has no asset', revision.state);
      const waiting = assets.filter((a) => a.state !== 'STORED').map((a) => a.fileName);
      if (waiting.length) return stateConflict(CATALOG_ERRORS.ASSET_MISSING, `not uploaded yet: ${waiting.slice(0, 5).join(', ')}`, revision.state);
      const dictionary = input.dictionary ?? null;
      if (dictionary) {
        const problems = product.state === 'DRAFT' ? [{ path: 'dictionary', message: 'of a draft `updateDataset` says it' }] : checkNextDictionary(dataset.dictionary, dictionary);
        if (problems.length) return refused(problems);
      }
      const digest = canonicalHash(assets.map(({ fileName, mediaType, byteLength, sha256 }) => ({ fileName, mediaType, byteLength, sha256 })));
      const finalisedAt = this.clock.now();
      await this.datasets.finalise(tx, revision.id, { digest, finalisedAt, dictionary });
      const state = accepted(await this.audit.transition(tx, actor, { table: revisionStates, state: revision.state, event: 'finalise', objectType: 'revision', objectId: revision.id, details: { digest, assets: assets.length, ...(dictionary ? { dictionary } : {}) } }));
      await this.outbox.publish(tx, actor, RevisionFinalised, product.id, { revisionId: revision.id, datasetId: dataset.id, productId: product.id, vendorId: product.vendorId, later: product.state !== 'DRAFT' });
      return { ...revision, state, digest, finalisedAt, dictionary };
    });
  }
}
