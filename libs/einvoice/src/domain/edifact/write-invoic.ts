import { minorPlaces, renderMinor } from '../model/amount.js';
import type { Adjustment, InvoiceDocument, Line, Party, TaxCategory } from '../model/document.js';
import { totalsOf } from '../model/totals.js';
import { categoryIn } from '../ubl/flavour.js';
import { endpointOf, identifierOf, taxNumbersOf } from '../ubl/parties.js';
import { percentText, priceOf, quantityOf } from '../ubl/parts.js';
import { chunks, type Segment, seg, writeSegment } from './segments.js';

/**
 * UN/EDIFACT INVOIC, directory D.96A, one message in an interchange of syntax 4 in UTF-8 (UNOW). Amounts are exact in every currency. `reference` names the interchange (at most 14 characters), `prepared` is when it was made, YYYYMMDD and HHMM.
 */
export function writeInvoic(document: InvoiceDocument, reference: string, prepared: { readonly day: string; readonly time: string }): string {
  const message = [...head(document), ...parties(document), ...terms(document), ...document.lines.flatMap((l) => line(document, l)), ...summary(document)];
  const [seller, buyer] = [endpointOf(document.seller), endpointOf(document.buyer)];
  const from = document.issuedBy === 'SELLER' ? seller : buyer;
  const to = document.issuedBy === 'SELLER' ? buyer : seller;
  return [
    seg('UNB', ['UNOW', '4'], [from?.value ?? 'UNKNOWN', from?.scheme ?? ''], [to?.value ?? 'UNKNOWN', to?.scheme ?? ''], [prepared.day, prepared.time], reference),
    seg('UNH', '1', ['INVOIC', 'D', '96A', 'UN']), ...message, seg('UNT', String(message.length + 2), '1'), seg('UNZ', '1', reference),
  ].map((s) => `${writeSegment(s)}\n`).join('');
}

const compact = (day: string): string => day.replaceAll('-', '');
const date = (qualifier: string, day: string): Segment => seg('DTM', [qualifier, compact(day), '102']);
const UUID = /^(?:urn:uuid:)?([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{12})$/i;
/** A reference has 35 characters: a UUID is written without its hyphens, which makes 32. */
const ref = (qualifier: string, value: string | null): Segment[] => (value ? [seg('RFF', [qualifier, Array.from(value.replace(UUID, '$1$2$3$4$5')).slice(0, 35).join('')])] : []);
const amount = (document: InvoiceDocument, qualifier: string, minor: bigint): Segment => seg('MOA', [qualifier, renderMinor(minor, minorPlaces(document.currency)), document.currency, '4']);

function head(document: InvoiceDocument): Segment[] {
  // 261 came into UNCL 1001 after D.96A: a credit note by the buyer is a credit note there.
  const code = document.type === 'CREDIT_NOTE' ? '381' : document.issuedBy === 'BUYER' ? '389' : '380';
  return [
    seg('BGM', code, document.number, '9'), date('137', document.issuedOn), ...(document.period ? [date('167', document.period.from), date('168', document.period.to)] : []), ...(document.note ? [seg('FTX', 'AAI', '', '', chunks(document.note, 70, 5))] : []),
    ...ref('CT', document.contract), ...ref('ON', document.purchaseOrder), ...ref('CR', document.buyerReference), ...ref('AEP', document.project), ...document.preceding.flatMap((p) => ref('IV', p.number)),
  ];
}

function parties(document: InvoiceDocument): Segment[] {
  const outside = document.taxes.some((t) => categoryIn('BIS3', t.tax) === 'O');
  return [...party('SE', document.seller, taxNumbersOf(document.seller, 'SELLER', 'VAT', outside).map((n) => n.value)), ...party('BY', document.buyer, taxNumbersOf(document.buyer, 'BUYER', 'VAT', outside).map((n) => n.value))];
}
function party(qualifier: string, p: Party, taxNumbers: readonly string[]): Segment[] {
  const home = identifierOf(p, 'USCC') ?? identifierOf(p, 'UEN') ?? identifierOf(p, 'HK_BRN') ?? identifierOf(p, 'LEI');
  const { address } = p;
  return [
    seg('NAD', qualifier, [endpointOf(p)?.value.slice(0, 35) ?? '', '', ''], '', chunks(p.name, 35, 5), chunks([address.street, address.additional].filter(Boolean).join(', '), 35, 3), chunks(address.city ?? '', 35, 1), (address.subdivision ?? '').slice(0, 9), (address.postcode ?? '').slice(0, 9), address.country),
    ...taxNumbers.flatMap((n) => ref('VA', n)), ...ref('XA', home ?? null),
  ];
}

function terms(document: InvoiceDocument): Segment[] {
  return [
    seg('CUX', ['2', document.currency, '4']), ...(document.accounting ? [seg('CUX', ['2', document.currency, '4'], ['3', document.accounting.currency, '4'], document.accounting.rate)] : []),
    ...(document.dueOn ? [seg('PAT', '3'), date('13', document.dueOn)] : []), ...document.adjustments.flatMap((a) => adjustment(document, a, a.tax)),
  ];
}

function taxSegment(tax: TaxCategory): Segment {
  const category = categoryIn('BIS3', tax)!;
  return seg('TAX', '7', 'VAT', '', '', ['', '', '', percentText(tax.basisPoints)], category);
}
function adjustment(document: InvoiceDocument, a: Adjustment, tax: TaxCategory | null): Segment[] {
  return [
    seg('ALC', a.kind === 'CHARGE' ? 'C' : 'A', '', '', '', [a.reasonCode ?? '', '', '', ...chunks(a.reason, 35, 2)]), ...(a.share ? [seg('PCD', [a.kind === 'CHARGE' ? '2' : '1', a.share.percent])] : []),
    amount(document, a.kind === 'CHARGE' ? '23' : '204', a.amountMinor), ...(tax ? [taxSegment(tax)] : []),
  ];
}

function line(document: InvoiceDocument, l: Line): Segment[] {
  const { price, base } = priceOf(l, minorPlaces(document.currency));
  return [
    seg('LIN', l.id, '', l.sellersItem ? [l.sellersItem.slice(0, 35), 'SA'] : ''), ...chunkedText('IMD', l.name), ...(l.description ? [seg('FTX', 'AAA', '', '', chunks(l.description, 70, 5))] : []), seg('QTY', ['47', quantityOf(l), l.unit]),
    ...(l.period ? [date('167', l.period.from), date('168', l.period.to)] : []), amount(document, '203', l.netMinor), seg('PRI', ['AAA', price, '', '', base, l.unit]), taxSegment(l.tax), ...l.adjustments.flatMap((a) => adjustment(document, a, null)),
  ];
}
const chunkedText = (tag: string, text: string): Segment[] => [seg(tag, 'F', '', ['', '', '', ...chunks(text, 35, 2)])];

function summary(document: InvoiceDocument): Segment[] {
  const totals = totalsOf(document);
  return [
    seg('UNS', 'S'), seg('CNT', ['2', String(document.lines.length)]), amount(document, '79', totals.lines), ...(totals.allowances ? [amount(document, '260', totals.allowances)] : []), ...(totals.charges ? [amount(document, '259', totals.charges)] : []),
    amount(document, '125', totals.net), amount(document, '124', totals.tax), amount(document, '77', totals.gross), ...(totals.prepaid ? [amount(document, '113', totals.prepaid)] : []), amount(document, '9', totals.payable),
    ...document.taxes.flatMap((t) => [taxSegment(t.tax), amount(document, '124', t.taxMinor), amount(document, '125', t.taxableMinor)]),
  ];
}
