import { isDeliveryMeter, type Meter, type PeriodSpan, periodAt, sumLines, TRIAL, usageLines } from '#contracts';
import { formatMoney, money } from '#shared';
import { type Charged, chargePeriod, COMMITMENT, type PeriodCharge } from '../period-charge.js';
import { usageLine } from '../usage-line.js';
import type { StatedCharge, UsageStatement } from './statement.js';

/** What a verified receipt says. */
export interface ReceiptFacts {
  readonly id: string;
  readonly licenceId: string;
  readonly vendorId: string;
  readonly buyerId: string;
  readonly bytes: bigint;
  /** Of a receipt over calls of an API; null: it is of a download. */
  readonly calls: bigint | null;
  readonly completedAt: Date;
}
export interface StatementCheck {
  /** Line by line, for people. */
  readonly lines: readonly string[];
  readonly differences: readonly string[];
}

/** What the exchange leaves receipts of. */
const isProven = (meter: Meter): boolean => isDeliveryMeter(meter) || meter === 'calls';

type Used = Map<number, Map<Meter, bigint>>;

const add = (used: Used, period: number, meter: Meter, quantity: bigint): void => {
  const of = used.get(period) ?? new Map<Meter, bigint>();
  used.set(period, of.set(meter, (of.get(meter) ?? 0n) + quantity));
};
const keyOf = (c: Pick<StatedCharge, 'period' | 'component'>): string => `${c.period}/${c.component}`;

/** Reckons an invoice over use anew from its receipts, by the prices of its plan: what it should say, and where it says something else. */
export function checkStatement(statement: UsageStatement, receipts: readonly ReceiptFacts[]): StatementCheck {
  const spans = statement.periods.map((p): PeriodSpan => ({ from: new Date(p.from), until: new Date(p.until) }));
  const differences: string[] = [];
  const found = takeReceipts(statement, receipts, differences);
  const [now, earlier] = [counted(statement, spans, found, statement.receipts, false), counted(statement, spans, found, statement.earlierReceipts, true)];
  compareQuantities(statement.charges, now, 'this invoice', differences);
  compareQuantities(statement.earlierCharges, earlier, 'invoices before', differences);
  const expected = statement.periods.flatMap((_, period) => reckon(statement, period, now.get(period) ?? new Map(), differences));
  compareCharges(statement, expected, differences);
  return { lines: compareLines(statement, expected, spans, differences), differences };
}

/** Each receipt once, of this licence, and all that are charged. */
function takeReceipts(statement: UsageStatement, receipts: readonly ReceiptFacts[], differences: string[]): Map<string, ReceiptFacts> {
  const found = new Map<string, ReceiptFacts>();
  for (const receipt of receipts) {
    if (found.has(receipt.id)) differences.push(`receipt ${receipt.id} is there twice`);
    else if (receipt.licenceId !== statement.licenceId || receipt.vendorId !== statement.vendorId || receipt.buyerId !== statement.buyerId) differences.push(`receipt ${receipt.id} is of another licence`);
    else found.set(receipt.id, receipt);
  }
  const named = [...statement.receipts, ...statement.earlierReceipts];
  for (const id of named) if (!found.has(id)) differences.push(`receipt ${id} is charged and is not there`);
  if (new Set(named).size !== named.length) differences.push('a receipt is charged twice');
  return found;
}

/** What was delivered by these receipts, with what both sides corrected of it, by period. */
function counted({ corrections }: UsageStatement, spans: readonly PeriodSpan[], found: ReadonlyMap<string, ReceiptFacts>, ids: readonly string[], earlier: boolean): Used {
  const used: Used = new Map();
  for (const id of ids) {
    const receipt = found.get(id);
    if (!receipt) continue;
    const period = periodAt(spans, receipt.completedAt);
    add(used, period, receipt.calls === null ? 'downloads' : 'calls', receipt.calls ?? 1n);
    add(used, period, 'bytes', receipt.bytes);
  }
  for (const c of corrections) if (c.earlier === earlier && isProven(c.meter)) add(used, periodAt(spans, new Date(c.occurredAt)), c.meter, BigInt(c.quantity));
  return used;
}

function compareQuantities(charges: readonly StatedCharge[], used: Used, what: string, differences: string[]): void {
  for (const { period, meter, quantity } of charges) {
    if (meter === null || !isProven(meter)) continue;
    const proven = used.get(period)?.get(meter) ?? 0n;
    // Calls are counted by the exchange where it passes them on, and may be reported where their vendor serves them himself: of receipts there are no more than are charged.
    if (meter === 'calls' ? proven > BigInt(quantity) : proven !== BigInt(quantity)) differences.push(`${what}: ${quantity} ${meter} of ${nameOf(period)} are charged, receipts prove ${proven}`);
  }
}

/** The charges of a period by the function that charged it. What vendors reported has no receipt: its quantity is taken as it stands. */
function reckon(statement: UsageStatement, period: number, proven: ReadonlyMap<Meter, bigint>, differences: string[]): PeriodCharge[] {
  const stated = statement.charges.filter((c) => c.period === period);
  const before = statement.earlierCharges.filter((c) => c.period === period);
  if (!stated.length && !proven.size) return [];
  const { plan, rested } = statement.periods[period]!;
  const fresh = new Map<Meter, bigint>(stated.flatMap((c) => (c.meter === null || isDeliveryMeter(c.meter) ? [] : [[c.meter, BigInt(c.quantity)]])));
  for (const [meter, quantity] of proven) if (isDeliveryMeter(meter) || !fresh.has(meter)) fresh.set(meter, quantity);
  const charged = new Map(before.map((c): [number, Charged] => [c.component, { quantity: BigInt(c.quantity), netMinor: BigInt(c.netMinor) }]));
  if (!charged.has(COMMITMENT)) {
    const [stood, is] = [before.reduce((sum, c) => sum + BigInt(c.netMinor), 0n), sumLines(usageLines(plan, new Map(before.flatMap((c) => (c.meter === null ? [] : [[c.meter, BigInt(c.quantity)]])))))];
    if (stood !== is) differences.push(`invoices before: ${stood} minor units are said to be charged for ${nameOf(period)}, by its plan it is ${is}`);
  }
  return chargePeriod(plan, period, charged, fresh, stated.some((c) => c.component === COMMITMENT), rested);
}

function compareCharges(statement: UsageStatement, expected: readonly PeriodCharge[], differences: string[]): void {
  const stated = new Map(statement.charges.filter((c) => c.period !== TRIAL).map((c) => [keyOf(c), c]));
  for (const charge of expected) {
    const said = stated.get(keyOf(charge));
    stated.delete(keyOf(charge));
    if (BigInt(said?.netMinor ?? 0) !== charge.netMinor) differences.push(`${nameOf(charge.period)}, ${charge.meter ?? 'minimum'}: ${said?.netMinor ?? 0} minor units are charged, it comes to ${charge.netMinor}`);
  }
  for (const said of stated.values()) if (said.netMinor !== '0' || said.quantity !== '0') differences.push(`${nameOf(said.period)}, ${said.meter ?? 'minimum'}: ${said.netMinor} minor units are charged, it comes to nothing`);
}

/** The lines as they should read, then what was set off, and the sum. */
function compareLines({ invoice, periods }: UsageStatement, expected: readonly PeriodCharge[], spans: readonly PeriodSpan[], differences: string[]): string[] {
  const shown = (minor: bigint): string => formatMoney(money(minor, invoice.currency));
  const lines: string[] = [];
  const charged = expected.filter((c) => c.netMinor !== 0n);
  for (const [i, charge] of charged.entries()) {
    const should = usageLine(periods[charge.period]!.plan, charge, spans);
    const said = invoice.lines[i];
    const same = said?.description === should.description && said.quantity === should.quantity.toString() && said.unitPrice === should.unitPrice && said.netMinor === should.net.minor.toString();
    const basis = charge.meter === null ? 'by the plan' : isDeliveryMeter(charge.meter) ? 'by receipts' : charge.meter === 'calls' ? 'by receipts, and what goes beyond them as reported' : 'as reported';
    lines.push(`${same ? 'same     ' : 'DIFFERENT'} ${basis}: ${should.description}: ${shown(should.net.minor)}`);
    if (!same) differences.push(`line ${i + 1} says ${said ? `${said.description}: ${shown(BigInt(said.netMinor))}` : 'nothing'}, it should say ${should.description}: ${shown(should.net.minor)}`);
  }
  for (const [i, said] of invoice.lines.slice(charged.length).entries()) {
    lines.push(`set off, not of receipts: ${said.description}: ${shown(BigInt(said.netMinor))}`);
    if (BigInt(said.netMinor) >= 0n) differences.push(`line ${charged.length + i + 1} charges what nothing stands behind: ${said.description}`);
  }
  const sum = invoice.lines.reduce((total, l) => total + BigInt(l.netMinor), 0n);
  if (sum !== BigInt(invoice.netMinor)) differences.push(`the lines come to ${shown(sum)}, the invoice says ${shown(BigInt(invoice.netMinor))}`);
  return lines;
}

const nameOf = (period: number): string => (period === TRIAL ? 'the trial' : `period ${period + 1}`);
