import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type Actor, authorise } from '#identity';
import { Clock, Commands, isRefused, notFound, type Result, stateConflict } from '#shared';
import { CATALOG_ERRORS } from '../../catalog.errors.js';
import { RevisionRevoked } from '../../catalog.events.js';
import { revisionStates } from '../../domain/revision.js';
import { DatasetRepository, type Revision } from '../../storage/dataset.repository.js';
import { ProductRepository } from '../../storage/product.repository.js';
import { grows, ownProduct } from '../own-draft.js';

export interface RevokeRevisionInput {
  readonly revisionId: string;
  /** Reaches everybody who holds a licence on the product. */
  readonly reason: string;
}

/** Calls a finalised revision back: no byte of it leaves any more, and whoever may have it is told why. */
@Injectable()
export class RevokeRevision {
  constructor(private readonly commands: Commands, private readonly products: ProductRepository, private readonly datasets: DatasetRepository, private readonly audit: Audit, private readonly clock: Clock) {}

  async execute(actor: Actor, input: RevokeRevisionInput): Promise<Result<Revision>> {
    const refusal = authorise(actor, 'catalog:manage');
    if (refusal) return refusal;
    return this.commands.run<Result<Revision>>(actor, 'catalog.revoke-revision', input, async (tx) => {
      const dataset = await this.datasets.datasetOfRevision(tx, input.revisionId);
      const product = dataset && (await ownProduct(tx, this.products, actor, dataset.productId));
      const revision = await this.datasets.revision(tx, input.revisionId);
      if (!dataset || !product || 'refused' in product || !revision) return notFound('revision');
      if (!grows(product) && product.state !== 'WITHDRAWN') return stateConflict(CATALOG_ERRORS.NOT_DRAFT, 'what was handed in stays as it is until the gate has decided', product.state);
      const state = await this.audit.transition(tx, actor, {
        table: revisionStates, state: revision.state, event: 'revoke', objectType: 'revision', objectId: revision.id, reason: input.reason, details: { productId: product.id, datasetId: dataset.id, number: revision.number },
        announce: { type: RevisionRevoked, payload: { revisionId: revision.id, datasetId: dataset.id, productId: product.id, vendorId: product.vendorId, number: revision.number, released: revision.releasedAt !== null, reason: input.reason } },
      });
      if (isRefused(state)) return state;
      const revoked = { ...revision, state, revokedAt: this.clock.now(), revocationReason: input.reason };
      await this.datasets.revoke(tx, revoked);
      return revoked;
    });
  }
}
