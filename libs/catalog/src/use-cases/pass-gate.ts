import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type Caller, Clock, isRefused, newId, type StateConflict, stateConflict, type Tx } from '#shared';
import { CATALOG_ERRORS } from '../catalog.errors.js';
import { type GateEvent, type GateStep, listingGate } from '../domain/listing-gate.js';
import type { ProductRow } from '../storage/catalog.entities.js';
import { type Product, ProductRepository } from '../storage/product.repository.js';

export interface StepFinding {
  readonly step: GateStep;
  readonly event: GateEvent;
  readonly passed: boolean;
  readonly details: Record<string, unknown>;
  readonly reason?: string;
  readonly validUntil?: Date;
  readonly change?: Partial<ProductRow>;
}

/** Records what one step of the gate found and moves the product on: the one way for every step. */
@Injectable()
export class PassGate {
  constructor(private readonly products: ProductRepository, private readonly audit: Audit, private readonly clock: Clock) {}

  async record(tx: Tx, caller: Caller, product: Product, finding: StepFinding): Promise<Product | StateConflict> {
    const state = await this.audit.transition(tx, caller, {
      table: listingGate, state: product.state, event: finding.event, objectType: 'product', objectId: product.id, tenantId: product.vendorId,
      reason: finding.reason ?? null, details: { submission: product.submission, step: finding.step, ...finding.details },
    });
    if (isRefused(state)) return state;
    const recorded = await this.products.record(tx, {
      id: newId(), productId: product.id, submission: product.submission, step: finding.step, passed: finding.passed, recordedBy: caller.subject,
      details: { ...finding.details, ...(finding.reason ? { reason: finding.reason } : {}) }, validUntil: finding.validUntil ?? null, recordedAt: this.clock.now(),
    });
    if (!recorded) return stateConflict(CATALOG_ERRORS.GATE, `${finding.step} of this submission is recorded already`, product.state);
    const change = { ...finding.change, state, completedSteps: finding.passed ? [...product.completedSteps, finding.step] : product.completedSteps };
    await this.products.update(tx, product.id, change);
    return { ...product, ...change };
  }
}
