import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { LicenceBilling, type LicenceTerms, type Meter, periodAt, restedDays, TRIAL } from '#contracts';
import { Metering } from '#metering';
import { type Caller, Clock, money, newId, type Result, stateConflict, type Tx } from '#shared';
import type { Trade } from '#settlement';
import { BILLING_ERRORS } from '../billing.errors.js';
import { creditLine, draw, drawnMinor } from '../domain/credit.js';
import type { Invoice } from '../domain/invoice.js';
import { chargePeriod, type PeriodCharge } from '../domain/period-charge.js';
import { usageLine } from '../domain/usage-line.js';
import { CreditRepository } from '../storage/credit.repository.js';
import { ScheduleRepository } from '../storage/schedule.repository.js';
import { type UsagePeriod, UsageBillingRepository } from '../storage/usage-billing.repository.js';
import { IssueInvoice } from './issue-invoice.js';
import { OpenBilledTrade } from './open-billed-trade.js';

export interface ClosedPeriod {
  readonly period: UsagePeriod;
  readonly charges: readonly PeriodCharge[];
  readonly trade: Trade;
  readonly invoice: Invoice;
}

/** What rating reads. */
@Injectable()
export class RatingSources {
  constructor(readonly licences: LicenceBilling, readonly metering: Metering, readonly billed: UsageBillingRepository, readonly schedule: ScheduleRepository) {}
}

type Fresh = Map<number, Map<Meter, bigint>>;

/**
 * Rates what was used under a licence and not billed yet, and the minimum of periods that are over; opens the trade and issues the invoice. Where
 * that comes to nothing, also by what comes off for corrections, nothing is billed and the use stays unbilled: it adds up.
 */
@Injectable()
export class CloseUsage {
  constructor(
    private readonly sources: RatingSources, private readonly trades: OpenBilledTrade, private readonly issue: IssueInvoice, private readonly credits: CreditRepository, private readonly audit: Audit, private readonly clock: Clock,
  ) {}

  /** A refusal rolls back what it claimed. */
  async close(tx: Tx, caller: Caller, terms: LicenceTerms): Promise<Result<ClosedPeriod>> {
    const { id: licenceId } = terms.licence;
    const id = newId();
    await this.sources.billed.lock(tx, licenceId);
    const { fresh, count } = await this.claim(tx, id, terms);
    const charges = await this.charge(tx, terms, fresh);
    // After a correction one component of a period may be owed back while another is charged: the sum counts.
    const billed = charges.filter((c) => c.netMinor !== 0n);
    const { vendorId, buyerId, id: agreementId, plan } = terms.agreement;
    const charged = billed.reduce((sum, c) => sum + c.netMinor, 0n);
    const drawn = draw((await this.credits.open(tx, licenceId)).filter((c) => c.cause === 'CORRECTION' && c.currency === plan.currency), charged);
    const net = money(charged - drawnMinor(drawn), plan.currency);
    if (net.minor <= 0n) return stateConflict(BILLING_ERRORS.NOTHING_TO_BILL, 'no use of this licence is to be billed', 'NOTHING_TO_BILL');
    const opened = await this.trades.execute(tx, caller, { kind: 'USAGE', reference: `usage:${id}`, agreementId, licenceId, vendorId, buyerId, net });
    if ('undetermined' in opened) return stateConflict(BILLING_ERRORS.TAX_UNDETERMINED, opened.undetermined, 'TAX_UNDETERMINED');
    const { trade, sides, treatment } = opened;
    const lines = [...billed.map((c) => usageLine(terms.planOf(c.period), c, terms.spans)), ...drawn.map(creditLine)];
    await this.credits.use(tx, drawn, `usage:${id}`, trade.id, this.clock.now(), null);
    const invoice = await this.issue.execute(tx, caller, {
      kind: 'USAGE', tradeId: trade.id, agreementId, issuer: sides.seller, customer: sides.buyer, lines, net: trade.net, tax: trade.tax, total: trade.gross, taxTreatment: treatment,
    });
    const period: UsagePeriod = { id, licenceId, agreementId, vendorId, buyerId, eventCount: count, tradeId: trade.id, invoiceId: invoice.id, closedAt: this.clock.now() };
    await this.sources.billed.insertPeriod(tx, period);
    await this.sources.billed.insertCharges(tx, id, licenceId, charges);
    await this.audit.append(tx, caller, { act: 'usage_period.close', objectType: 'usage_period', objectId: id, tradeId: trade.id, tenantId: buyerId, details: { licenceId, events: count, charges: charges.map(({ period: n, component, meter, quantity, netMinor }) => ({ period: n, component, meter, quantity, netMinor })) } });
    return { period, charges, trade, invoice };
  }

  /** What each period comes to now, less what was charged of it. What was used in a trial is free. */
  private async charge(tx: Tx, { licence, spans, planOf }: LicenceTerms, fresh: Fresh): Promise<PeriodCharge[]> {
    const now = this.clock.now();
    const [before, opened] = [await this.sources.billed.charged(tx, licence.id), await this.sources.schedule.opened(tx, licence.id)];
    // A period that was never begun, because the licence rested, owes no minimum; nor does one that was cut short.
    const isOver = (n: number): boolean => licence.state !== 'TERMINATED' && opened.has(n) && spans[n]!.until <= now && spans[n]!.from < licence.validUntil!;
    const rests = spans.length ? await this.sources.licences.restsOf(tx, licence.id) : [];
    const charges = spans.flatMap((span, n) => (fresh.has(n) || isOver(n) ? chargePeriod(planOf(n), n, before.get(n) ?? new Map(), fresh.get(n) ?? new Map(), isOver(n), restedDays(span, rests, now)) : []));
    const tried = [...(fresh.get(TRIAL) ?? [])].map(([meter, quantity], component): PeriodCharge => ({ period: TRIAL, component, meter, quantity, netMinor: 0n, line: null, before: { quantity: 0n, netMinor: 0n } }));
    return [...charges, ...tried];
  }

  /** Every event of what has a price up to this instant, page by page; those billed before fall out at the primary key. */
  private async claim(tx: Tx, closingId: string, { licence, agreement, spans }: LicenceTerms): Promise<{ fresh: Fresh; count: number }> {
    const { metering, billed } = this.sources;
    const before = new Date(this.clock.now().getTime() + 1);
    const fresh: Fresh = new Map();
    let count = 0;
    if (spans.length === 0) return { fresh, count };
    for (const meter of agreement.plan.components.flatMap((c) => (c.kind === 'USAGE' ? [c.meter] : []))) {
      for (let events = await metering.eventsOfLicence(tx, licence.id, meter, before); events.length; ) {
        for (const { occurredAt, quantity } of await billed.bill(tx, closingId, licence.id, events)) {
          const n = periodAt(spans, occurredAt);
          const of = fresh.get(n) ?? new Map<Meter, bigint>();
          fresh.set(n, of.set(meter, (of.get(meter) ?? 0n) + quantity));
          count += 1;
        }
        events = await metering.eventsOfLicence(tx, licence.id, meter, before, events.at(-1)!);
      }
    }
    return { fresh, count };
  }
}
