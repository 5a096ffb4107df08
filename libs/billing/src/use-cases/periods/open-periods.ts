import { Injectable, Logger } from '@nestjs/common';
import { LicenceBilling, type LicenceTerms, type QuoteLine, startLines, sumLines } from '#contracts';
import { type Caller, Clock, eachSafely, isRefused, LIMITS, majorUnits, money, systemCaller, type Tx, UnitOfWork } from '#shared';
import { BILLING_ERRORS } from '../../billing.errors.js';
import { creditLine, drawnMinor } from '../../domain/credit.js';
import type { InvoiceLine } from '../../domain/invoice.js';
import { type Schedule, ScheduleRepository } from '../../storage/schedule.repository.js';
import { CloseUsage } from '../close-usage.js';
import { GiveCredits } from '../credits/give-credits.js';
import { SetOff } from '../credits/set-off.js';
import { IssueInvoice } from '../issue-invoice.js';
import { OpenBilledTrade } from '../open-billed-trade.js';

const BATCH = 100;
const DAY_MS = 86_400_000;
/** A licence that rests is looked at again so often. */
const REST_MS = 3_600_000;

/** What is paid in advance for a period, less what is set off against it, with a trade and an invoice. */
@Injectable()
export class PeriodTrades {
  constructor(private readonly trades: OpenBilledTrade, private readonly issue: IssueInvoice, private readonly setOff: SetOff, private readonly giving: GiveCredits) {}

  /** `tradeId` null where nothing is left to pay; null where no rule decides the tax. */
  async open(tx: Tx, caller: Caller, terms: LicenceTerms, period: number, lines: readonly QuoteLine[]): Promise<{ readonly tradeId: string | null } | null> {
    const { licence, agreement, spans } = terms;
    const { vendorId, buyerId, id: agreementId, plan } = agreement;
    const reference = `subscription:${licence.id}:${period}`;
    const drawn = lines.length ? await this.setOff.draw(tx, caller, terms, period, sumLines(lines)) : [];
    const net = money(sumLines(lines) - drawnMinor(drawn), plan.currency);
    if (net.minor === 0n) {
      await this.setOff.use(tx, drawn, reference, null);
      return { tradeId: null };
    }
    const opened = await this.trades.execute(tx, caller, { kind: 'SUBSCRIPTION', reference, agreementId, licenceId: licence.id, vendorId, buyerId, net });
    if ('undetermined' in opened) return null;
    const { trade, sides, treatment } = opened;
    const { from, until } = spans[period]!;
    await this.issue.execute(tx, caller, {
      kind: 'SUBSCRIPTION', tradeId: trade.id, agreementId, issuer: sides.seller, customer: sides.buyer, net, tax: trade.tax, total: trade.gross, taxTreatment: treatment,
      lines: [...lines.map((l) => ({ ...lineOf(l, plan.currency), description: `${l.label}, ${from.toISOString().slice(0, 10)} to ${until.toISOString().slice(0, 10)}` })), ...drawn.map(creditLine)],
    });
    await this.setOff.use(tx, drawn, reference, trade.id);
    return { tradeId: trade.id };
  }

  /** Nothing more is charged: what is due for days of rest stays open for an agreement that follows. */
  ended(tx: Tx, caller: Caller, terms: LicenceTerms): Promise<void> {
    return this.giving.forRests(tx, caller, terms, null);
  }
}

/** A line of what is paid at the start of a period. */
export function lineOf({ label, minor }: QuoteLine, currency: string): InvoiceLine {
  const net = money(minor, currency);
  return { description: label, quantity: 1n, unitPrice: majorUnits(net), net };
}

/**
 * At the turn of each period: what was used in the one that ends is billed, with its minimum, then the next one is opened and asked for. Two
 * transactions, each of which can be repeated: use is billed once by its ids, a period is opened once by its key.
 */
@Injectable()
export class OpenPeriods {
  private readonly caller: Caller = systemCaller('billing-periods');

  constructor(
    private readonly uow: UnitOfWork, private readonly schedule: ScheduleRepository, private readonly licences: LicenceBilling, private readonly closing: CloseUsage,
    private readonly trades: PeriodTrades, private readonly clock: Clock,
  ) {}

  async execute(): Promise<void> {
    await eachSafely('billing-periods', await this.schedule.due(this.clock.now(), BATCH), (id) => this.turn(id));
  }

  private async turn(licenceId: string): Promise<void> {
    const closed = await this.uow.run(async (tx) => this.closing.close(tx, this.caller, (await this.licences.termsOf(licenceId))!));
    if (isRefused(closed) && closed.code !== BILLING_ERRORS.NOTHING_TO_BILL) return this.later(licenceId, closed.message);
    const undetermined = await this.uow.run(async (tx) => {
      const due = await this.schedule.take(tx, licenceId, this.clock.now());
      // Held before it is read: nobody cancels it in between.
      const held = due && (await this.licences.lock(tx, licenceId));
      const terms = held && (await this.licences.termsOf(licenceId));
      return due && terms ? this.open(tx, due, { ...terms, licence: held }) : false;
    });
    if (undetermined) await this.later(licenceId, 'no rule decides the tax');
  }

  /** True where no rule decides the tax: it is tried again. */
  private async open(tx: Tx, { licenceId, nextPeriod: n, dueAt }: Schedule, terms: LicenceTerms): Promise<boolean> {
    const { licence, spans } = terms;
    const now = this.clock.now();
    const next = spans[n + 1]?.from ?? spans[n]?.until ?? null;
    if (n >= spans.length || licence.state === 'EXPIRED' || licence.state === 'TERMINATED' || licence.validUntil! <= spans[n]!.from) {
      await this.trades.ended(tx, this.caller, terms);
      return this.moved(tx, licenceId, n, null);
    }
    if (licence.state !== 'ACTIVE') {
      // Nobody pays for a period in which nothing is delivered: one that passes while the licence rests is left out.
      if (next! <= now) return this.moved(tx, licenceId, n + 1, next);
      await this.schedule.move(tx, licenceId, n, dueAt, new Date(now.getTime() + REST_MS));
      return false;
    }
    const lines = startLines(terms.planOf(n), n);
    const opened = await this.trades.open(tx, this.caller, terms, n, lines);
    if (!opened) return true;
    const { tradeId } = opened;
    await this.schedule.open(tx, { licenceId, period: n, tradeId }, now, tradeId ? new Date(now.getTime() + LIMITS.subscriptionGraceDays * DAY_MS) : null);
    return this.moved(tx, licenceId, n + 1, next);
  }

  private async moved(tx: Tx, licenceId: string, period: number, dueAt: Date | null): Promise<false> {
    await this.schedule.move(tx, licenceId, period, dueAt);
    return false;
  }

  private async later(licenceId: string, why: string): Promise<void> {
    new Logger('billing-periods').error(`${licenceId}: ${why}`);
    const at = new Date(this.clock.now().getTime() + REST_MS);
    await this.uow.run(async (tx) => {
      const due = await this.schedule.take(tx, licenceId, this.clock.now());
      if (due) await this.schedule.move(tx, licenceId, due.nextPeriod, due.dueAt, at);
    });
  }
}
