import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { Notices } from '#identity';
import { accepted, Clock, eachSafely, systemCaller, type Tx, UnitOfWork } from '#shared';
import { ProductAvailabilityChanged } from '../../catalog.events.js';
import { listingGate, missingForListing } from '../../domain/listing-gate.js';
import { type Product, ProductRepository } from '../../storage/product.repository.js';
import { ProductStanding } from '../product-standing.js';

const BATCH = 100;
const CALLER = systemCaller('papers');

/**
 * Takes a product from sale when its opinion or certificate lapses, and puts it back once both are in force again. Orders and deliveries ask
 * the papers themselves, so nothing is sold in between.
 */
@Injectable()
export class LapsePapers {
  constructor(
    private readonly products: ProductRepository, private readonly standing: ProductStanding, private readonly notices: Notices, private readonly audit: Audit,
    private readonly uow: UnitOfWork, private readonly clock: Clock,
  ) {}

  async execute(): Promise<void> {
    for (const kind of ['lapsed', 'renewed'] as const) {
      const ids = await this.products[kind](this.clock.now(), BATCH);
      await eachSafely('papers', ids, (id) => this.uow.run((tx) => this.settle(tx, id)));
    }
  }

  private async settle(tx: Tx, id: string): Promise<void> {
    const product = await this.products.lock(tx, id);
    if (!product) return;
    const missing = missingForListing(product, this.clock.now());
    if (product.state === 'LISTED' && missing.length) return this.move(tx, product, missing.join('; '));
    if (product.state === 'SUSPENDED' && product.suspendedBy === 'LAPSE' && missing.length === 0) {
      const prohibited = await this.standing.prohibition(product);
      // From here on it is the law's to let it go.
      if (prohibited) await this.products.update(tx, id, { suspendedBy: 'COMPLIANCE', suspensionReason: prohibited });
      else await this.move(tx, product, null);
    }
  }

  private async move(tx: Tx, { id, vendorId, title, state }: Product, lapsed: string | null): Promise<void> {
    const reason = lapsed ?? 'opinion and certificate are in force again';
    const to = accepted(await this.audit.transition(tx, CALLER, {
      table: listingGate, state, event: lapsed ? 'suspend' : 'reinstate', objectType: 'product', objectId: id, tenantId: vendorId, reason,
      announce: { type: ProductAvailabilityChanged, payload: { productId: id, vendorId, listed: !lapsed, cause: 'LAPSE', reason } },
    }));
    await this.products.update(tx, id, { state: to, suspendedBy: lapsed ? 'LAPSE' : null, suspensionReason: lapsed });
    await this.notices.tell(tx, [vendorId], { objectType: 'PRODUCT', objectId: id, kind: lapsed ? 'SUSPENDED' : 'RESUMED', text: `${title}: ${reason}`, details: { cause: 'LAPSE' } });
  }
}
