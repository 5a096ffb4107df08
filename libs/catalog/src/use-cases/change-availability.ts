import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type Act, type Actor, authorise } from '#identity';
import { Clock, Commands, isRefused, notFound, type Result, stateConflict } from '#shared';
import { CATALOG_ERRORS } from '../catalog.errors.js';
import { ProductAvailabilityChanged } from '../catalog.events.js';
import { listingGate, missingForListing } from '../domain/listing-gate.js';
import { type Product, ProductRepository } from '../storage/product.repository.js';
import { CertificateBook } from './gate/certificate-book.js';
import { ProductStanding } from './product-standing.js';

export interface ChangeAvailabilityInput {
  readonly productId: string;
  readonly reason: string;
}
type AvailabilityEvent = 'list' | 'suspend' | 'reinstate' | 'withdraw';

/** Listing and withdrawing are the vendor's, suspending and reinstating the staff's. */
const RULES: Record<AvailabilityEvent, { readonly act: Act; readonly byVendor: boolean; readonly needsGate: boolean }> = {
  list: { act: 'catalog:manage', byVendor: true, needsGate: true },
  withdraw: { act: 'catalog:manage', byVendor: true, needsGate: false },
  suspend: { act: 'catalog:suspend', byVendor: false, needsGate: false },
  reinstate: { act: 'catalog:suspend', byVendor: false, needsGate: true },
};

/** Puts a product before buyers or takes it away; the next delivery already sees it. */
@Injectable()
export class ChangeAvailability {
  constructor(private readonly commands: Commands, private readonly products: ProductRepository, private readonly standing: ProductStanding, private readonly book: CertificateBook, private readonly audit: Audit, private readonly clock: Clock) {}

  async execute(actor: Actor, event: AvailabilityEvent, input: ChangeAvailabilityInput): Promise<Result<Product>> {
    const { act, byVendor, needsGate } = RULES[event];
    const refusal = authorise(actor, act);
    if (refusal) return refusal;
    return this.commands.run<Result<Product>>(actor, `catalog.${event}-product`, input, async (tx) => {
      const product = await this.products.lock(tx, input.productId);
      if (!product || (byVendor && product.vendorId !== actor.tenantId)) return notFound('product');
      // What the law forbids no member of staff puts back: it is resumed once the law permits it.
      if (event === 'reinstate' && product.suspendedBy === 'COMPLIANCE') return stateConflict(CATALOG_ERRORS.SUSPENDED_BY_LAW, `suspended by law: ${product.suspensionReason}`, product.state);
      const state = await this.audit.transition(tx, actor, {
        table: listingGate, state: product.state, event, objectType: 'product', objectId: product.id, tenantId: product.vendorId, reason: input.reason,
        announce: { type: ProductAvailabilityChanged, payload: { productId: product.id, vendorId: product.vendorId, listed: event === 'list' || event === 'reinstate', cause: byVendor ? 'VENDOR' : 'STAFF', reason: input.reason } },
      });
      if (isRefused(state)) return state;
      const missing = needsGate ? missingForListing(product, this.clock.now()) : [];
      if (missing.length) return stateConflict(CATALOG_ERRORS.GATE, missing.join('; '), product.state);
      const prohibited = needsGate ? await this.standing.prohibition(product) : null;
      if (prohibited) return stateConflict(CATALOG_ERRORS.PROHIBITED, `nobody may buy it: ${prohibited}`, product.state);
      if (event === 'withdraw') await this.book.end(tx, actor, product, 'cancel', input.reason);
      const suspension = event === 'suspend' ? { suspendedBy: 'STAFF' as const, suspensionReason: input.reason } : { suspendedBy: null, suspensionReason: null };
      const change = { state, ...suspension, ...(event === 'list' ? { listedAt: this.clock.now() } : {}) };
      await this.products.update(tx, product.id, change);
      return { ...product, ...change };
    });
  }
}
