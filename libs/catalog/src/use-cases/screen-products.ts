import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { effectOf, type JudgedProduct, type ScreenedRoom, type ScreeningChange, type ScreeningRun, Screenings, whySuspended, WHY_RESUMED } from '#compliance';
import { Identity } from '#identity';
import { accepted, systemCaller, type Tx } from '#shared';
import { ProductAvailabilityChanged } from '../catalog.events.js';
import { listingGate } from '../domain/listing-gate.js';
import { ProductRepository } from '../storage/product.repository.js';
import { type HeldProduct, type ScreenedProduct, ScreenedProductRepository } from '../storage/screened-product.repository.js';

interface Affected {
  readonly product: ScreenedProduct;
  readonly judged: JudgedProduct;
}

/** Takes from buyers what nobody may buy any more, and puts it back once somebody may. Products that stay as they are cost no write. */
@Injectable()
export class ScreenProducts implements ScreenedRoom {
  constructor(
    private readonly screenings: Screenings, private readonly identity: Identity, private readonly screened: ScreenedProductRepository, private readonly products: ProductRepository,
    private readonly audit: Audit,
  ) {}

  count(tx: Tx, run: ScreeningRun): Promise<number> {
    return this.screened.count(tx, run.organisationId);
  }

  async page(tx: Tx, run: ScreeningRun, after: string | null, limit: number): ReturnType<ScreenedRoom['page']> {
    const page = await this.screened.page(tx, run.organisationId, after, limit);
    const vendors = await this.identity.byIds([...new Set(page.map((p) => p.vendorId))]);
    const affected = page.flatMap((product): Affected[] => {
      const vendor = vendors.get(product.vendorId)!;
      const judged = this.screenings.judgeProduct(run, { ...product, origin: vendor.jurisdiction, originProvince: vendor.subdivision, registeredIn: vendor.subdivision });
      return effectOf(product.state === 'SUSPENDED', judged.prohibited === null) ? [{ product, judged }] : [];
    });
    const held = run.dryRun ? null : await this.screened.hold(tx, affected.map((a) => a.product.id));
    const changes: ScreeningChange[] = [];
    for (const one of affected) {
      // A product that was withdrawn, or suspended by staff, since the page was read.
      if (held && !stillSo(one.product, held.get(one.product.id))) continue;
      if (held) await this.change(tx, run, one);
      changes.push(changeOf(one));
    }
    return { seen: page.length, lastId: page.at(-1)?.id ?? null, changes };
  }

  private async change(tx: Tx, run: ScreeningRun, { product: { id, vendorId, state }, judged: { prohibited } }: Affected): Promise<void> {
    const reason = prohibited ? whySuspended(prohibited) : WHY_RESUMED;
    const caller = systemCaller('screening', `screening:${run.id}`);
    const to = accepted(await this.audit.transition(tx, caller, {
      table: listingGate, state, event: prohibited ? 'suspend' : 'reinstate', objectType: 'product', objectId: id, tenantId: vendorId, reason, details: { screeningId: run.id, law: run.law.hash },
      announce: { type: ProductAvailabilityChanged, payload: { productId: id, vendorId, listed: !prohibited, cause: 'LAW', reason } },
    }));
    await this.products.update(tx, id, { state: to, suspendedBy: prohibited ? 'COMPLIANCE' : null, suspensionReason: prohibited ? reason : null });
    await this.screenings.tell(tx, [vendorId], { objectType: 'PRODUCT', objectId: id, kind: prohibited ? 'SUSPENDED' : 'RESUMED', decisionId: null, verdict: prohibited });
  }
}

const stillSo = (seen: ScreenedProduct, now: HeldProduct | undefined): boolean => now?.state === seen.state && (seen.state === 'LISTED' || now.suspendedBy === 'COMPLIANCE');

const changeOf = ({ product, judged: { prohibited, outcomeBefore } }: Affected): ScreeningChange => ({
  objectType: 'PRODUCT', objectId: product.id, effect: prohibited ? 'SUSPEND' : 'RESUME', outcomeBefore: outcomeBefore(), outcomeAfter: prohibited?.outcome ?? null,
  reasons: prohibited?.reasons ?? [], missing: [],
});
