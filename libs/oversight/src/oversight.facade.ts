import { Injectable } from '@nestjs/common';
import { Audit, type AuditEntry, type AuditVerification, type LogFilter } from '#audit';
import { Billing } from '#billing';
import { Catalog } from '#catalog';
import { type Agreement, Contracts, type Licence } from '#contracts';
import { Delivery, type Receipt } from '#delivery';
import { type Actor, permits } from '#identity';
import { type Page, type PageRequest } from '#shared';
import { Settlement, type Trade } from '#settlement';

/** The stem that every part of a trade's lineage hangs on. */
export interface TradeStem {
  readonly trade: Trade;
  readonly agreement: Agreement;
  readonly licence: Licence;
  readonly receipts: readonly Receipt[];
}

/** Receipts that one view shows; the rest is paged in `receipts(licenceId)`. */
const RECEIPTS_SHOWN = 200;

/** The overseer's view: reads everything, changes nothing. */
@Injectable()
export class Oversight {
  constructor(
    private readonly settlement: Settlement, private readonly contracts: Contracts, private readonly delivery: Delivery,
    private readonly billing: Billing, private readonly catalog: Catalog, private readonly audit: Audit,
  ) {}

  /** The stem of a trade for staff that oversees; null for everybody else. */
  async stem(actor: Actor, tradeId: string): Promise<TradeStem | null> {
    if (!permits(actor, 'oversight:read')) return null;
    const trade = await this.settlement.tradeById(tradeId);
    if (!trade) return null;
    const [agreement, licence, receipts] = await Promise.all([
      this.contracts.agreementById(trade.agreementId), this.contracts.licenceById(trade.licenceId), this.delivery.receiptsOfLicence(trade.licenceId, RECEIPTS_SHOWN),
    ]);
    return agreement && licence && { trade, agreement, licence, receipts };
  }

  /** The log of a trade and of everything it stands on: product, datasets, assets, agreement, licence, deliveries, invoices, payments. */
  async auditTrail({ trade, agreement, licence, receipts }: TradeStem): Promise<AuditEntry[]> {
    const [assets, datasets, invoices, payments] = await Promise.all([
      this.catalog.assetsOfProduct(agreement.productId), this.catalog.datasetsOfProducts([agreement.productId]),
      this.billing.invoicesOfTrade(trade.id), this.billing.paymentsOfTrade(trade.id),
    ]);
    const ids = [
      trade.vendorId, trade.buyerId, agreement.productId, agreement.offerId, agreement.id, agreement.decisionId, licence.id, trade.payoutId,
      ...datasets.map((d) => d.id), ...assets.flatMap((a) => [a.id, a.revisionId]), ...receipts.flatMap((r) => [r.id, r.deliveryId, r.decisionId]), ...invoices.map((i) => i.id), ...payments.map((p) => p.id),
    ];
    return this.audit.ofTrade(trade.id, [...new Set(ids.filter((id): id is string => id !== null))]);
  }

  auditLog(actor: Actor, filter: LogFilter, page: PageRequest): Promise<Page<AuditEntry> | null> {
    return permits(actor, 'oversight:read') ? this.audit.latest(filter, page) : Promise.resolve(null);
  }
  /** Recomputes the whole sealed log; null for whoever does not oversee. */
  verifyAuditLog(actor: Actor): Promise<AuditVerification | null> {
    return permits(actor, 'oversight:read') ? this.audit.verify() : Promise.resolve(null);
  }
}
