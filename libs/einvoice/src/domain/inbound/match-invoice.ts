import { minorPlaces, renderMinor } from '../model/amount.js';
import type { InvoiceDocument, Party } from '../model/document.js';
import { fitTwoPlaces, totalsOf } from '../model/totals.js';

/** What the exchange itself says is owed, as the document that it would write. */
export type Expected = InvoiceDocument;
export interface Difference {
  readonly field: 'type' | 'currency' | 'net' | 'tax' | 'total' | 'seller' | 'buyer' | 'order' | 'contract';
  readonly expected: string;
  readonly stated: string;
}
export type Match = { readonly outcome: 'MATCHED' | 'DIFFERING'; readonly uuid: string; readonly number: string; readonly differences: readonly Difference[] } | { readonly outcome: 'UNKNOWN'; readonly differences: readonly [] };

const same = (a: string, b: string): boolean => a.normalize('NFKC').replace(/\s+/g, ' ').trim().toLowerCase() === b.normalize('NFKC').replace(/\s+/g, ' ').trim().toLowerCase();
/** One number that both know decides; two different ones of a kind are two parties. Names decide where no number is shared. */
function isParty(a: Party, b: Party): boolean {
  const shared = a.identifiers.flatMap((i) => b.identifiers.filter((j) => j.kind === i.kind).map((j) => i.value === j.value));
  return shared.length ? shared.every(Boolean) : same(a.name, b.name);
}
const label = (p: Party): string => [p.name, ...p.identifiers.map((i) => `${i.kind} ${i.value}`)].join(', ');

/**
 * Holds an invoice that came in against what is owed under the agreement, order or trade that it names. Only what it names itself is looked at: an invoice without such a reference is unknown, however well its amount fits. The nearest
 * is the one with the fewest differences.
 */
export function matchInvoice(stated: InvoiceDocument, expected: readonly Expected[]): Match {
  const named = expected.filter((e) => [stated.contract, stated.project, stated.purchaseOrder].some((r) => r !== null && [e.contract, e.project, e.purchaseOrder].includes(r)) || (e.number === stated.number && isParty(e.seller, stated.seller)));
  const compared = named.map((e) => ({ e, differences: differencesOf(stated, e) })).sort((a, b) => a.differences.length - b.differences.length);
  const nearest = compared[0];
  if (!nearest) return { outcome: 'UNKNOWN', differences: [] };
  return { outcome: nearest.differences.length ? 'DIFFERING' : 'MATCHED', uuid: nearest.e.uuid, number: nearest.e.number, differences: nearest.differences };
}

function differencesOf(stated: InvoiceDocument, expected: Expected): Difference[] {
  const found: Difference[] = [];
  const compare = (field: Difference['field'], wanted: string, given: string, holds = wanted === given): void => void (holds || found.push({ field, expected: wanted, stated: given }));
  compare('type', expected.type, stated.type);
  compare('currency', expected.currency, stated.currency);
  // A document has two places at the most: what is owed is compared as it would be written.
  const [ours, theirs] = [fitTwoPlaces(expected), fitTwoPlaces(stated)];
  const text = (fitted: typeof ours, minor: bigint): string => `${fitted.document.currency} ${renderMinor(minor, Math.min(2, minorPlaces(fitted.document.currency)))}`;
  const [a, b] = [totalsOf(ours.document), totalsOf(theirs.document)];
  for (const [field, of] of [['net', 'net'], ['tax', 'tax'], ['total', 'gross']] as const) compare(field, text(ours, a[of]), text(theirs, b[of]));
  compare('seller', label(expected.seller), label(stated.seller), isParty(expected.seller, stated.seller));
  compare('buyer', label(expected.buyer), label(stated.buyer), isParty(expected.buyer, stated.buyer));
  if (stated.purchaseOrder !== null && expected.purchaseOrder !== null) compare('order', expected.purchaseOrder, stated.purchaseOrder);
  if (stated.contract !== null && expected.contract !== null) compare('contract', expected.contract, stated.contract);
  return found;
}
