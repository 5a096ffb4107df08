import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { accepted, systemCaller, type Tx } from '#shared';
import { ProductAvailabilityChanged } from '../catalog.events.js';
import { listingGate } from '../domain/listing-gate.js';
import { ProductRepository } from '../storage/product.repository.js';
import { CertificateBook } from './gate/certificate-book.js';

export interface UpheldObjection {
  readonly caseId: string;
  readonly productId: string;
  readonly reason: string;
}

/** An objection that staff upheld sends a product back to its vendor; one that is listed by then is taken from buyers, until staff reinstates it. */
@Injectable()
export class TakeObjection {
  constructor(private readonly products: ProductRepository, private readonly book: CertificateBook, private readonly audit: Audit) {}

  async execute(tx: Tx, requestId: string, { caseId, productId, reason }: UpheldObjection): Promise<void> {
    const product = await this.products.lock(tx, productId);
    if (!product) return;
    const caller = systemCaller('service-counter', requestId);
    const { vendorId, state } = product;
    const event = state === 'LISTED' ? 'suspend' : 'object';
    if (listingGate.next(state, event) === undefined) {
      await this.audit.append(tx, caller, { act: 'product.objection-unused', objectType: 'product', objectId: productId, tenantId: vendorId, reason, details: { caseId, state } });
      return;
    }
    const to = accepted(await this.audit.transition(tx, caller, {
      table: listingGate, state, event, objectType: 'product', objectId: productId, tenantId: vendorId, reason, details: { caseId },
      ...(event === 'suspend' ? { announce: { type: ProductAvailabilityChanged, payload: { productId, vendorId, listed: false, cause: 'STAFF', reason } } } : {}),
    }));
    // Its certificate has not been used yet, and will not be.
    if (state === 'CERTIFIED') await this.book.end(tx, caller, product, 'revoke', reason);
    await this.products.update(tx, productId, { state: to, ...(event === 'suspend' ? { suspendedBy: 'STAFF' as const, suspensionReason: reason } : {}) });
  }
}
