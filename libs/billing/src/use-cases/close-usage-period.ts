import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type Agreement, Contracts, type PricePlan, sumLines, usageLines } from '#contracts';
import { type Actor, authorise } from '#identity';
import { Metering } from '#metering';
import { Clock, Commands, majorUnits, money, newId, notFound, type Result, stateConflict, type Tx } from '#shared';
import type { Trade } from '#settlement';
import { BILLING_ERRORS } from '../billing.errors.js';
import { continuedLine, type Invoice, type InvoiceLine } from '../domain/invoice.js';
import { type UsagePeriod, UsageBillingRepository } from '../storage/usage-billing.repository.js';
import { IssueInvoice } from './issue-invoice.js';
import { OpenBilledTrade } from './open-billed-trade.js';

export interface ClosedPeriod {
  readonly period: UsagePeriod;
  readonly trade: Trade;
  readonly invoice: Invoice;
}

/** What rating reads. */
@Injectable()
export class RatingSources {
  constructor(readonly contracts: Contracts, readonly metering: Metering, readonly billed: UsageBillingRepository) {}
}

/**
 * Rates what was used and not billed yet, opens its trade and issues its invoice. Usage that is free, or that comes to less than
 * one minor unit, is not billed and stays unbilled: it adds up.
 */
@Injectable()
export class CloseUsagePeriod {
  constructor(
    private readonly commands: Commands, private readonly sources: RatingSources, private readonly trades: OpenBilledTrade,
    private readonly issue: IssueInvoice, private readonly audit: Audit, private readonly clock: Clock,
  ) {}

  async execute(actor: Actor, licenceId: string): Promise<Result<ClosedPeriod>> {
    const refusal = authorise(actor, 'billing:close');
    if (refusal) return refusal;
    return this.commands.runAcross<Result<ClosedPeriod>>(actor, 'billing.close-usage-period', { licenceId }, async (tx) => {
      const licence = await this.sources.contracts.licenceById(licenceId);
      if (!licence || (licence.vendorId !== actor.tenantId && licence.buyerId !== actor.tenantId)) return notFound('licence');
      const agreement = await this.sources.contracts.agreementById(licence.agreementId);
      if (!agreement) throw new Error(`licence ${licenceId} has no agreement`);
      return this.close(tx, actor, licenceId, agreement);
    });
  }

  private async close(tx: Tx, actor: Actor, licenceId: string, agreement: Agreement): Promise<Result<ClosedPeriod>> {
    const id = newId();
    const { quantity, count } = await this.claim(tx, id, licenceId);
    const before = await this.sources.billed.quantityBilled(tx, licenceId);
    const [first] = count ? [this.line(agreement.plan, before, quantity)] : [];
    if (!first || first.net.minor === 0n) return stateConflict(BILLING_ERRORS.NOTHING_TO_BILL, 'no use of this licence is to be billed', 'NOTHING_TO_BILL');
    const { vendorId, buyerId, id: agreementId } = agreement;
    const opened = await this.trades.execute(tx, actor, { kind: 'USAGE', reference: `usage:${id}`, agreementId, licenceId, vendorId, buyerId, net: first.net });
    if ('undetermined' in opened) return stateConflict(BILLING_ERRORS.TAX_UNDETERMINED, opened.undetermined, 'TAX_UNDETERMINED');
    const { trade, sides, treatment } = opened;
    const invoice = await this.issue.execute(tx, actor, {
      kind: 'USAGE', tradeId: trade.id, agreementId, issuer: sides.seller, customer: sides.buyer, lines: [first], net: trade.net, tax: trade.tax, total: trade.gross, taxTreatment: treatment,
    });
    const period: UsagePeriod = {
      id, licenceId, agreementId, vendorId, buyerId, meter: 'downloads', unitPrice: first.unitPrice, quantity, eventCount: count, tradeId: trade.id, invoiceId: invoice.id, closedAt: this.clock.now(),
    };
    await this.sources.billed.insertPeriod(tx, period);
    await this.audit.append(tx, actor, { act: 'usage_period.close', objectType: 'usage_period', objectId: id, tradeId: trade.id, tenantId: buyerId, details: { licenceId, quantity, events: count } });
    return { period, trade, invoice };
  }

  /** What the whole quantity comes to, less what was billed of it. */
  private line(plan: PricePlan, before: bigint, quantity: bigint): InvoiceLine {
    const priced = plan.components.find((c) => c.kind === 'USAGE' && c.meter === 'downloads');
    const isOnePrice = priced?.kind === 'USAGE' && priced.model === 'FLAT' && priced.freeQuota === '0' && priced.tiers[0]!.flatFeeMinor === '0';
    if (isOnePrice) return continuedLine(priced.label, before, quantity, priced.tiers[0]!.unitPrice, plan.currency);
    const rated = (n: bigint): bigint => sumLines(usageLines(plan, new Map([['downloads', n]])));
    const net = money(rated(before + quantity) - rated(before), plan.currency);
    return { description: `Downloads ${before + 1n} to ${before + quantity}`, quantity: 1n, unitPrice: majorUnits(net), net };
  }

  /** Every event up to this instant, page by page; those billed before fall out at the primary key. */
  private async claim(tx: Tx, periodId: string, licenceId: string): Promise<{ quantity: bigint; count: number }> {
    const { metering, billed } = this.sources;
    const before = new Date(this.clock.now().getTime() + 1);
    const claimed = { quantity: 0n, count: 0 };
    for (let events = await metering.eventsOfLicence(tx, licenceId, 'downloads', before); events.length; ) {
      const fresh = await billed.bill(tx, periodId, licenceId, events);
      claimed.quantity += fresh.quantity;
      claimed.count += fresh.count;
      events = await metering.eventsOfLicence(tx, licenceId, 'downloads', before, events.at(-1)!);
    }
    return claimed;
  }
}
