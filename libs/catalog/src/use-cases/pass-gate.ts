import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { accepted, type Caller, Clock, isRefused, newId, type StateConflict, stateConflict, type Tx } from '#shared';
import { CATALOG_ERRORS } from '../catalog.errors.js';
import { type GateEvent, type GateStep, listingGate, movesByItself } from '../domain/listing-gate.js';
import type { ProductRow } from '../storage/catalog.entities.js';
import { type Product, ProductRepository } from '../storage/product.repository.js';
import { GateRulebooks } from './gate/gate-rulebooks.js';

export interface StepFinding {
  readonly step: GateStep;
  readonly event: GateEvent;
  readonly passed: boolean;
  readonly details: Record<string, unknown>;
  readonly reason?: string;
  readonly validUntil?: Date;
  readonly change?: Partial<ProductRow>;
}

/** Records what one step of the gate found and moves the product on: the one way for every step. Steps that its rulebook does not demand are passed by. */
@Injectable()
export class PassGate {
  constructor(private readonly products: ProductRepository, private readonly rulebooks: GateRulebooks, private readonly audit: Audit, private readonly clock: Clock) {}

  async record(tx: Tx, caller: Caller, product: Product, finding: StepFinding): Promise<Product | StateConflict> {
    const state = await this.audit.transition(tx, caller, {
      table: listingGate, state: product.state, event: finding.event, objectType: 'product', objectId: product.id, tenantId: product.vendorId,
      reason: finding.reason ?? null, details: { submission: product.submission, step: finding.step, ...finding.details },
    });
    if (isRefused(state)) return state;
    if (!(await this.keep(tx, caller, product, finding, 0))) return stateConflict(CATALOG_ERRORS.GATE, `${finding.step} of this submission is recorded already`, product.state);
    const change = { ...finding.change, state, completedSteps: finding.passed ? [...product.completedSteps, finding.step] : product.completedSteps };
    await this.products.update(tx, product.id, change);
    return this.moveOn(tx, caller, { ...product, ...change });
  }

  /** The same step again, of a product that came through the gate: its state stays. */
  async renew(tx: Tx, caller: Caller, product: Product, finding: Omit<StepFinding, 'event'>): Promise<Product> {
    const renewal = await this.products.renewals(tx, product.id, product.submission, finding.step);
    if (!(await this.keep(tx, caller, product, finding, renewal))) throw new Error(`renewal ${renewal} of ${finding.step} is on record`);
    await this.audit.append(tx, caller, {
      act: 'product.renew', objectType: 'product', objectId: product.id, tenantId: product.vendorId, reason: finding.reason ?? null, details: { submission: product.submission, step: finding.step, passed: finding.passed, ...finding.details },
    });
    const change = finding.change ?? {};
    if (Object.keys(change).length) await this.products.update(tx, product.id, change);
    return { ...product, ...change };
  }

  private keep(tx: Tx, caller: Caller, product: Product, finding: Omit<StepFinding, 'event'>, renewal: number): Promise<boolean> {
    return this.products.record(tx, {
      id: newId(), productId: product.id, submission: product.submission, step: finding.step, passed: finding.passed, recordedBy: caller.subject, renewal,
      details: { ...finding.details, ...(finding.reason ? { reason: finding.reason } : {}) }, validUntil: finding.validUntil ?? null, recordedAt: this.clock.now(),
    });
  }

  private async moveOn(tx: Tx, caller: Caller, product: Product): Promise<Product | StateConflict> {
    const event = movesByItself(product);
    if (!event) return product;
    const rulebook = await this.rulebooks.of(tx, product.gateVersion);
    if (event === 'open-notice') {
      const noticeEndsAt = new Date(this.clock.now().getTime() + this.rulebooks.noticeSeconds(rulebook) * 1_000);
      return this.record(tx, caller, product, { step: 'NOTICE', event, passed: true, details: { endsAt: noticeEndsAt }, validUntil: noticeEndsAt, change: { noticeEndsAt } });
    }
    const state = accepted(await this.audit.transition(tx, caller, {
      table: listingGate, state: product.state, event, objectType: 'product', objectId: product.id, tenantId: product.vendorId, details: { submission: product.submission, gate: rulebook.version },
    }));
    await this.products.update(tx, product.id, { state });
    return this.moveOn(tx, caller, { ...product, state });
  }
}
