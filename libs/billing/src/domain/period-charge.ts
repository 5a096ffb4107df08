import { commitmentLines, type DayShare, type Meter, NO_DAYS, type PricePlan, type QuoteLine, sumLines, usageLines } from '#contracts';

/** Stands for the minimum commitment where a component of the plan is named. */
export const COMMITMENT = -1;

/** What was charged so far for one component of a period. */
export interface Charged {
  readonly quantity: bigint;
  readonly netMinor: bigint;
}
const NOTHING: Charged = { quantity: 0n, netMinor: 0n };

/** What is charged now. */
export interface PeriodCharge {
  readonly period: number;
  readonly component: number;
  readonly meter: Meter | null;
  /** Units that were not charged before. */
  readonly quantity: bigint;
  readonly netMinor: bigint;
  /** The whole period's line; null where nothing of it is charged. */
  readonly line: QuoteLine | null;
  readonly before: Charged;
}

/**
 * What the whole period comes to by its plan, less what was charged of it: however often it is closed, it costs what it costs at once.
 * `isOver`: its minimum is due, less for days on which it `rested` and not by its buyer's doing. What is used late, after the minimum was charged, counts against it.
 */
export function chargePeriod(plan: PricePlan, period: number, before: ReadonlyMap<number, Charged>, fresh: ReadonlyMap<Meter, bigint>, isOver: boolean, rested: DayShare = NO_DAYS): PeriodCharge[] {
  const priced = plan.components.flatMap((c, component) => (c.kind === 'USAGE' ? [{ component, meter: c.meter, before: before.get(component) ?? NOTHING, quantity: fresh.get(c.meter) ?? 0n }] : []));
  const lines = usageLines(plan, new Map(priced.map((p) => [p.meter, p.before.quantity + p.quantity])));
  const charges = priced.map((p): PeriodCharge => {
    const line = lines.find((l) => l.component === p.component) ?? null;
    return { ...p, period, line, netMinor: (line?.minor ?? 0n) - p.before.netMinor };
  });
  const committed = before.get(COMMITMENT) ?? NOTHING;
  const missing = isOver || committed.netMinor > 0n ? commitmentLines(plan, lines, rested) : [];
  const rest = sumLines(missing) - committed.netMinor;
  const [line = null] = missing;
  const all: PeriodCharge[] = rest > 0n ? [...charges, { period, component: COMMITMENT, meter: null, quantity: 0n, netMinor: rest, line, before: committed }] : credited(charges, -rest);
  return all.filter((c) => c.quantity !== 0n || c.netMinor !== 0n);
}

/** Less what was charged as minimum for the same units before. Where a correction left less to be charged than that, the rest is given back with the first. */
function credited(charges: readonly PeriodCharge[], credit: bigint): PeriodCharge[] {
  let left = credit;
  const less = charges.map((c) => {
    // What is given back stays whole.
    const taken = c.netMinor <= 0n ? 0n : c.netMinor < left ? c.netMinor : left;
    left -= taken;
    return { ...c, netMinor: c.netMinor - taken };
  });
  return left > 0n ? less.map((c, i) => (i === 0 ? { ...c, netMinor: c.netMinor - left } : c)) : less;
}
