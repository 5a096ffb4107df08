import { ROUNDING, divideHalfUp, minorPlaces, renderMinor } from './amount.js';
import type { Adjustment, InvoiceDocument, TaxCategory, TaxSubtotal } from './document.js';

export interface Totals {
  readonly lines: bigint;
  readonly allowances: bigint;
  readonly charges: bigint;
  readonly net: bigint;
  readonly tax: bigint;
  readonly gross: bigint;
  readonly prepaid: bigint;
  readonly payable: bigint;
}

const sumOf = (values: readonly bigint[]): bigint => values.reduce((a, b) => a + b, 0n);
const ofKind = (adjustments: readonly Adjustment[], kind: Adjustment['kind']): bigint => sumOf(adjustments.filter((a) => a.kind === kind).map((a) => a.amountMinor));
/** What adjustments add: charges less allowances. */
export const adjusted = (adjustments: readonly Adjustment[]): bigint => ofKind(adjustments, 'CHARGE') - ofKind(adjustments, 'ALLOWANCE');

export function totalsOf(document: InvoiceDocument): Totals {
  const lines = sumOf(document.lines.map((l) => l.netMinor));
  const [allowances, charges] = [ofKind(document.adjustments, 'ALLOWANCE'), ofKind(document.adjustments, 'CHARGE')];
  const net = lines + charges - allowances;
  const tax = sumOf(document.taxes.map((t) => t.taxMinor));
  return { lines, allowances, charges, net, tax, gross: net + tax, prepaid: document.prepaidMinor, payable: net + tax - document.prepaidMinor };
}

export const sameTax = (a: TaxCategory, b: TaxCategory): boolean => a.code === b.code && a.basisPoints === b.basisPoints;

/** The breakdown that lines and adjustments make: each tax rounded half up once over its whole base. */
export function taxesOf(lines: InvoiceDocument['lines'], adjustments: InvoiceDocument['adjustments']): TaxSubtotal[] {
  const found: { tax: TaxCategory; taxableMinor: bigint }[] = [];
  const put = (tax: TaxCategory, minor: bigint): void => {
    const there = found.find((f) => sameTax(f.tax, tax));
    if (there) there.taxableMinor += minor;
    else found.push({ tax, taxableMinor: minor });
  };
  for (const line of lines) put(line.tax, line.netMinor);
  for (const a of adjustments) put(a.tax, a.kind === 'CHARGE' ? a.amountMinor : -a.amountMinor);
  return found.map(({ tax, taxableMinor }) => ({ tax, taxableMinor, taxMinor: divideHalfUp(taxableMinor * BigInt(tax.basisPoints), 10_000n) }));
}

/** A document in two places at the most, and what was done to it. */
export interface Fitted {
  readonly document: InvoiceDocument;
  /** Of the amounts of `document`. */
  readonly places: number;
  readonly rule: keyof typeof ROUNDING | null;
}

/** EN 16931 and PINT write amounts with two places at the most. The exact total of a finer currency is put into words in the note (BT-22); prices stay exact. */
export function fitTwoPlaces(document: InvoiceDocument): Fitted {
  const places = minorPlaces(document.currency);
  if (places <= 2) return { document, places, rule: null };
  const step = 10n ** BigInt(places - 2);
  let [exact, written] = [0n, 0n];
  /** RUNNING_HALF_UP. */
  const next = (minor: bigint): bigint => {
    exact += minor;
    const before = written;
    written = divideHalfUp(exact, step);
    return written - before;
  };
  const plain = (minor: bigint): bigint => divideHalfUp(minor, step);
  const share = <T extends Adjustment>(a: T): T => ({ ...a, amountMinor: plain(a.amountMinor), share: a.share && { ...a.share, baseMinor: plain(a.share.baseMinor) } });
  const lines = document.lines.map((l) => ({ ...l, netMinor: next(l.netMinor), adjustments: l.adjustments.map(share) }));
  const adjustments = document.adjustments.map((a) => {
    const amount = next(a.kind === 'CHARGE' ? a.amountMinor : -a.amountMinor);
    return { ...share(a), amountMinor: a.kind === 'CHARGE' ? amount : -amount };
  });
  const taxable = taxesOf(lines, adjustments);
  const taxes = document.taxes.map((t) => ({ tax: t.tax, taxableMinor: taxable.find((f) => sameTax(f.tax, t.tax))?.taxableMinor ?? 0n, taxMinor: t.taxMinor === 0n ? 0n : next(t.taxMinor) }));
  const totals = totalsOf(document);
  const note = `${document.note ? document.note + ' ' : ''}Exact amounts: net ${document.currency} ${renderMinor(totals.net, places)}, tax ${renderMinor(totals.tax, places)}, total ${renderMinor(totals.gross, places)}.`;
  return { document: { ...document, lines, adjustments, taxes, note, prepaidMinor: plain(document.prepaidMinor) }, places: 2, rule: totals.gross % step === 0n ? null : 'RUNNING_HALF_UP' };
}
