import { minorPlaces, renderMinor } from '../model/amount.js';
import type { InvoiceDocument, Party } from '../model/document.js';
import { totalsOf } from '../model/totals.js';
import { identifierOf } from '../ubl/parties.js';
import { percentText } from '../ubl/parts.js';
import { escapeXml } from '../xml/write-xml.js';
import { LABELS, type Labels } from './labels.js';

export type Language = keyof typeof LABELS;
export const isLanguage = (text: string): text is Language => Object.hasOwn(LABELS, text);

const row = (cells: readonly string[], tag = 'td'): string => `<tr>${cells.map((c, i) => `<${tag}${i > 0 ? ' class="n"' : ''}>${escapeXml(c)}</${tag}>`).join('')}</tr>`;
const STYLE = 'body{font:14px/1.5 system-ui,"Noto Sans SC","PingFang SC","Microsoft YaHei",sans-serif;max-width:50rem;margin:2rem auto;color:#111}table{width:100%;border-collapse:collapse;margin:1rem 0}th,td{text-align:left;padding:.3rem .5rem;border-bottom:1px solid #ccc;vertical-align:top}.n{text-align:right;white-space:nowrap}.p{display:grid;grid-template-columns:1fr 1fr;gap:2rem}@media print{body{margin:0}}';

/** Of a party: its name, numbers and address, line by line. */
export function partyLines(party: Party): string[] {
  const { address } = party;
  const numbers = (['USCC', 'UEN', 'HK_BRN', 'EU_VAT', 'SG_GST', 'LEI'] as const).flatMap((kind) => (identifierOf(party, kind) ? [`${kind.replace('_', ' ')} ${identifierOf(party, kind)!}`] : []));
  return [party.name, ...numbers, address.street, address.additional, [address.postcode, address.city].filter(Boolean).join(' '), address.country].filter((l): l is string => Boolean(l));
}
export function headLines(document: InvoiceDocument, labels: Labels): [string, string][] {
  return ([[labels.number, document.number], [labels.issued, document.issuedOn], [labels.due, document.dueOn], [labels.reference, document.buyerReference], [labels.order, document.purchaseOrder], [labels.contract, document.contract], [labels.trade, document.project], [labels.preceding, document.preceding.map((p) => p.number).join(', ')]] as const)
    .flatMap(([label, value]): [string, string][] => (value ? [[label, value]] : []));
}
export function totalLines(document: InvoiceDocument, labels: Labels): [string, string][] {
  const totals = totalsOf(document);
  const amount = (minor: bigint): string => `${document.currency} ${renderMinor(minor, minorPlaces(document.currency))}`;
  return [
    ...document.adjustments.map((a): [string, string] => [a.reason, amount(a.kind === 'CHARGE' ? a.amountMinor : -a.amountMinor)]), [labels.net, amount(totals.net)],
    ...document.taxes.map((t): [string, string] => [`${labels.tax} ${t.tax.code} ${percentText(t.tax.basisPoints)} %`, amount(t.taxMinor)]), [labels.gross, amount(totals.gross)],
    ...(totals.prepaid ? [[labels.prepaid, amount(-totals.prepaid)] as [string, string]] : []), [labels.payable, amount(totals.payable)],
  ];
}

/** What a line is for: its name, and what is said beside that. */
export const lineText = ({ name, description }: InvoiceDocument['lines'][number]): string => (description === null ? name : description.startsWith(name) ? description : `${name}, ${description}`);

/** A document for people. Everything from outside is escaped; there is no script and nothing is fetched. */
export function renderHtml(document: InvoiceDocument, language: Language): string {
  const labels = LABELS[language];
  const title = `${document.type === 'INVOICE' ? labels.invoice : labels.creditNote} ${document.number}`;
  const amount = (minor: bigint): string => renderMinor(minor, minorPlaces(document.currency));
  const party = (label: string, p: Party): string => `<div><strong>${label}</strong><br>${partyLines(p).map(escapeXml).join('<br>')}</div>`;
  const reasons = document.taxes.flatMap((t) => (t.tax.reason ? [`<p>${escapeXml(t.tax.reason)}</p>`] : []));
  const lines = document.lines.flatMap((l) => [row([lineText(l), l.quantity, l.unitPrice, amount(l.netMinor)]), ...l.adjustments.map((a) => row([`${a.reason}`, '', '', amount(a.kind === 'CHARGE' ? a.amountMinor : -a.amountMinor)]))]);
  return `<!doctype html>
<html lang="${labels.lang}"><head><meta charset="utf-8"><title>${escapeXml(title)}</title><style>${STYLE}</style></head><body>
<h1>${escapeXml(title)}</h1>
<table>${headLines(document, labels).map(([l, v]) => row([l, v])).join('')}</table>
<div class="p">${party(labels.seller, document.seller)}${party(labels.buyer, document.buyer)}</div>
<table><thead>${row([labels.item, labels.quantity, labels.price, `${labels.amount} ${document.currency}`], 'th')}</thead><tbody>${lines.join('')}</tbody></table>
<table>${totalLines(document, labels).map(([l, v]) => row([l, v])).join('')}</table>
${reasons.join('')}${[document.note, document.payment.terms].flatMap((t) => (t ? [`<p>${escapeXml(t)}</p>`] : [])).join('')}
</body></html>
`;
}
