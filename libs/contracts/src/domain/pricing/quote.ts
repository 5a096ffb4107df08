import { type Currency, roundScaled, scaledDecimal, scaledMinor } from '#shared';
import { timesIn } from './duration.js';
import type { Meter } from './meters.js';
import type { OneOffComponent, PlanTerms, RecurringComponent, UsageComponent } from './price-plan.js';
import { type QuotePart, rateUsage, sumParts } from './rate-usage.js';
import { type DayShare, NO_DAYS, shareOf } from './rests.js';

export const QUOTE_LINE_KINDS = ['ONE_OFF', 'RECURRING', 'USAGE', 'COMMITMENT'] as const;

/** One line of what a plan comes to. Its parts add up exactly; the line is rounded once, half up. */
export interface QuoteLine {
  readonly kind: (typeof QUOTE_LINE_KINDS)[number];
  /** Place of the component in the plan; null: the commitment. */
  readonly component: number | null;
  readonly label: string;
  readonly meter: Meter | null;
  /** Units of one period, of USAGE; 1 elsewhere. */
  readonly quantity: bigint;
  readonly parts: readonly QuotePart[];
  /** Minor units of one time. */
  readonly minor: bigint;
  /** In how many periods it comes. */
  readonly times: bigint;
  /** Of a COMMITMENT: the days of the period by which it is less, as the licence rested on them. */
  readonly rested?: DayShare;
}

export interface Quote {
  readonly currency: Currency;
  readonly lines: readonly QuoteLine[];
  /** Minor units, net of tax: each line as often as it comes. */
  readonly totalMinor: bigint;
  /** Minor units, net of tax: what is paid before the licence begins; nothing in a trial. */
  readonly dueAtStartMinor: bigint;
}

/** Units of one period by meter; a meter that is missing was not used. */
export type Usage = ReadonlyMap<string, bigint>;
export const NO_USAGE: Usage = new Map();

/** The periods of a plan: 1 where it has none of its own. */
export const periodsOf = (plan: PlanTerms): number => (plan.period === null ? 1 : timesIn(plan.duration, plan.period)!);

/** What is charged when a period begins: what recurs, and before the first what is paid once. */
export function startLines(plan: PlanTerms, period: number): QuoteLine[] {
  return plan.components.flatMap((c, i) => (c.kind === 'RECURRING' || (c.kind === 'ONE_OFF' && period === 0) ? [amountLine(plan, c, i)] : []));
}

/** What was used in one period, rated as a whole: charged again for more, it is this less what was charged. */
export function usageLines(plan: PlanTerms, usage: Usage): QuoteLine[] {
  return plan.components.flatMap((c, i) => (c.kind === 'USAGE' && usage.get(c.meter) ? [usageLine(plan, c, i, usage.get(c.meter)!)] : []));
}

/** What is missing to the minimum of a period, where recurring and used together come to less. For days on which the licence rested and not by its buyer's doing neither is due. */
export function commitmentLines(plan: PlanTerms, used: readonly QuoteLine[], rested: DayShare = NO_DAYS): QuoteLine[] {
  if (plan.minimumCommitmentMinor === null) return [];
  const due = (minor: bigint): bigint => minor - shareOf(minor, rested);
  const counted = plan.components.reduce((sum, c) => (c.kind === 'RECURRING' ? sum + due(BigInt(c.minor)) : sum), 0n) + sumLines(used);
  const minor = due(BigInt(plan.minimumCommitmentMinor)) - counted;
  if (minor <= 0n) return [];
  return [{ kind: 'COMMITMENT', component: null, label: 'Minimum commitment', meter: null, quantity: 1n, parts: [flat(minor, currencyOf(plan))], minor, times: 1n, ...(rested.days > 0 ? { rested } : {}) }];
}

/**
 * What a plan comes to over so many periods with so much use in each. Everything that shows or charges a price asks this, or the
 * lines that it is made of.
 */
export function quote(plan: PlanTerms, usage: Usage = NO_USAGE, periods = 1): Quote {
  const times = BigInt(periods);
  const start = startLines(plan, 0);
  const used = usageLines(plan, usage);
  const repeated = (l: QuoteLine): QuoteLine => ({ ...l, times });
  const lines = [...start.map((l) => (l.kind === 'RECURRING' ? repeated(l) : l)), ...[...used, ...commitmentLines(plan, used)].map(repeated)];
  return { currency: currencyOf(plan), lines, totalMinor: sumLines(lines), dueAtStartMinor: plan.trial ? 0n : sumLines(start) };
}

/** What whoever takes a plan is bound to, used or not, in minor units: paid once, and the first period's recurring amount or its commitment, whichever is more. A trial converts into it. */
export const boundMinor = (plan: PlanTerms): bigint => sumLines([...startLines(plan, 0), ...commitmentLines(plan, [])]);

/** Minor units. */
export const sumLines = (lines: readonly QuoteLine[]): bigint => lines.reduce((sum, l) => sum + l.minor * l.times, 0n);

const currencyOf = (plan: PlanTerms): Currency => plan.currency as Currency;

function flat(minor: bigint, currency: Currency): QuotePart {
  const scaled = scaledMinor(minor, currency);
  return { kind: 'FLAT_FEE', from: 1n, to: 1n, quantity: 1n, unitPrice: scaledDecimal(scaled), scaled };
}

function amountLine(plan: PlanTerms, { kind, label, minor }: OneOffComponent | RecurringComponent, component: number): QuoteLine {
  return { kind, component, label, meter: null, quantity: 1n, parts: [flat(BigInt(minor), currencyOf(plan))], minor: BigInt(minor), times: 1n };
}

function usageLine(plan: PlanTerms, c: UsageComponent, component: number, quantity: bigint): QuoteLine {
  const parts = rateUsage(c, quantity, currencyOf(plan));
  return { kind: 'USAGE', component, label: c.label, meter: c.meter, quantity, parts, minor: roundScaled(sumParts(parts), currencyOf(plan)), times: 1n };
}
