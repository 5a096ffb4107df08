import { type DayShare, type PeriodSpan, type PricePlan, type QuoteLine, shareOf, startLines } from '#contracts';
import { formatMoney, majorUnits, money } from '#shared';
import type { InvoiceLine } from './invoice.js';

/** REST: the licence rested and not by its buyer's doing. UNUSED: days that were left when another agreement took its place. CORRECTION: use that was charged had been counted too high. */
export const CREDIT_CAUSES = ['REST', 'UNUSED', 'CORRECTION'] as const;
export type CreditCause = (typeof CREDIT_CAUSES)[number];

/** What a buyer has paid for and could not use: net of tax, set off against what he is charged later, oldest first. */
export interface Credit {
  readonly id: string;
  /** Whose charges it comes off. */
  readonly licenceId: string;
  readonly agreementId: string;
  readonly vendorId: string;
  readonly buyerId: string;
  readonly cause: CreditCause;
  /** Which licence it is about, and which of its periods. */
  readonly ofLicenceId: string;
  readonly period: number;
  readonly days: number;
  readonly ofDays: number;
  readonly spanFrom: Date;
  readonly spanUntil: Date;
  readonly currency: string;
  readonly netMinor: bigint;
  readonly givenAt: Date;
}
export interface OpenCredit extends Credit {
  /** What is left of it. */
  readonly openMinor: bigint;
}
/** What of a credit is set off. */
export interface Drawn {
  readonly credit: Credit;
  readonly netMinor: bigint;
}

/** What of a plan is paid for the days of a period: what recurs, and of one fixed term everything. What is paid once to set up a licence that renews is not. */
export const paidForDays = (plan: PricePlan, period: number): QuoteLine[] => startLines(plan, period).filter((l) => l.kind === 'RECURRING' || plan.period === null);

/** What these days of a period were paid with: each line's share, rounded once in the buyer's favour. */
export const creditFor = (plan: PricePlan, period: number, share: DayShare): bigint => paidForDays(plan, period).reduce((sum, l) => sum + shareOf(l.minor, share), 0n);

/** Oldest first, as far as there is something to be paid. */
export function draw(open: readonly OpenCredit[], dueMinor: bigint): Drawn[] {
  let left = dueMinor;
  return open.flatMap((credit): Drawn[] => {
    const netMinor = credit.openMinor < left ? credit.openMinor : left;
    left -= netMinor;
    return netMinor > 0n ? [{ credit, netMinor }] : [];
  });
}
export const drawnMinor = (drawn: readonly Drawn[]): bigint => drawn.reduce((sum, d) => sum + d.netMinor, 0n);

const day = (at: Date): string => at.toISOString().slice(0, 10);
const span = ({ spanFrom, spanUntil }: Pick<Credit, 'spanFrom' | 'spanUntil'>): PeriodSpan => ({ from: spanFrom, until: spanUntil });

/** Why, in words: English, then Chinese. */
export function creditTexts(credit: Credit): readonly [string, string] {
  const { from, until } = span(credit);
  if (credit.cause === 'CORRECTION') {
    const given = formatMoney(money(credit.netMinor, credit.currency));
    return [`Credit: use of licence ${credit.ofLicenceId} from ${day(from)} to ${day(until)} had been counted too high and was corrected: ${given}`, `抵扣：许可 ${credit.ofLicenceId} 在 ${day(from)} 至 ${day(until)} 的用量多计，已更正：${given}`];
  }
  const [days, of, amount] = [credit.days, credit.ofDays, formatMoney(money(credit.netMinor, credit.currency))];
  return credit.cause === 'REST'
    ? [`Credit: licence ${credit.ofLicenceId} rested on ${days} of the ${of} days from ${day(from)} to ${day(until)}, not by its buyer's doing: ${amount}`, `抵扣：许可 ${credit.ofLicenceId} 在 ${day(from)} 至 ${day(until)} 的 ${of} 天中因非买方原因停用 ${days} 天：${amount}`]
    : [`Credit: ${days} of the ${of} days from ${day(from)} to ${day(until)} were left of licence ${credit.ofLicenceId}, which was replaced: ${amount}`, `抵扣：被替换的许可 ${credit.ofLicenceId} 在 ${day(from)} 至 ${day(until)} 的 ${of} 天中剩余 ${days} 天：${amount}`];
}

/** The line of an invoice for what is set off: below zero. */
export function creditLine({ credit, netMinor }: Drawn): InvoiceLine {
  const net = money(-netMinor, credit.currency);
  const part = netMinor < credit.netMinor ? `, of it ${formatMoney(money(netMinor, credit.currency))} here` : '';
  return { description: `${creditTexts(credit)[0]}${part}`, quantity: 1n, unitPrice: majorUnits(net), net };
}
