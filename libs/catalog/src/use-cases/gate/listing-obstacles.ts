import { Injectable } from '@nestjs/common';
import { Compliance } from '#compliance';
import { Clock, type StateConflict, stateConflict, type Tx } from '#shared';
import { CATALOG_ERRORS } from '../../catalog.errors.js';
import type { Product } from '../../storage/product.repository.js';
import { ClassificationGate } from '../classification-gate.js';

/** What stands in the way of a certificate at this moment. */
@Injectable()
export class ListingObstacles {
  constructor(private readonly compliance: Compliance, private readonly classifications: ClassificationGate, private readonly clock: Clock) {}

  async first(tx: Tx, product: Product): Promise<StateConflict | undefined> {
    const now = this.clock.now();
    if (product.state === 'ON_NOTICE' && product.noticeEndsAt && product.noticeEndsAt > now) return stateConflict(CATALOG_ERRORS.NOTICE_RUNNING, `the public notice runs until ${product.noticeEndsAt.toISOString()}`, product.state);
    if (product.opinionValidUntil && product.opinionValidUntil <= now) return stateConflict(CATALOG_ERRORS.GATE, 'the opinion is not in force any more', product.state);
    const objections = (await this.compliance.counter.openFor(tx, 'product', product.id)).filter((c) => c.kind === 'OBJECTION').length;
    if (objections) return stateConflict(CATALOG_ERRORS.OBJECTED, `${objections} objections to the product are not decided on`, product.state);
    const unsettled = await this.classifications.unsettled(tx, product.id);
    return unsettled ? stateConflict(CATALOG_ERRORS.CLASSIFICATION_OPEN, unsettled, product.state) : undefined;
  }
}
