import { isDay } from '#shared';
import { divideHalfUp, readMinor, renderMinor } from '../model/amount.js';
import type { InvoiceDocument, Line, Party, TaxCategory } from '../model/document.js';
import { taxesOf, totalsOf } from '../model/totals.js';
import { identifierOf } from '../ubl/parties.js';
import { DEFAULT_CLASS, type Fapiao, type FapiaoClass, type FapiaoLine, type FapiaoParty, isFapiaoNumber } from './fapiao.js';

/** Zero rates by category, and back. */
const ZERO_MARKS: Readonly<Record<string, '0' | '1' | '2'>> = { Z: '0', E: '1', O: '2' };
const CODES = { '0': 'Z', '1': 'E', '2': 'O' } as const;
const yuan = (minor: bigint): string => renderMinor(minor, 2);

/** Why no fully digital e-invoice can say a document; undefined where one can. */
export function notForFapiao(document: InvoiceDocument): string | undefined {
  if (document.seller.address.country !== 'CN') return 'the seller is not in mainland China';
  if (!identifierOf(document.seller, 'USCC')) return 'the seller has no unified social credit code';
  if (document.currency !== 'CNY') return 'it is issued in yuan';
  if (document.taxes.some((t) => t.tax.code !== 'S' && ZERO_MARKS[t.tax.code] === undefined)) return 'a tax category that it has no word for';
  return document.type === 'CREDIT_NOTE' && document.preceding.length !== 1 ? 'a red one takes back one blue one' : undefined;
}

/**
 * What is handed to the issuing platform. A special invoice goes to a buyer with a code of the mainland that is charged tax, an ordinary one to everybody else. Lines carry their tax: the tax on the running total less that on the one
 * before, so that they add up to the tax of the whole. A discount is a line of its own behind the line that it comes off.
 */
export function toFapiao(document: InvoiceDocument, issued: { readonly number: string | null; readonly blueNumber?: string; readonly reason?: NonNullable<Fapiao['chyydm']> }, kind: FapiaoClass = DEFAULT_CLASS): Fapiao {
  const red = document.type === 'CREDIT_NOTE';
  const sign = red ? -1n : 1n;
  const totals = totalsOf(document);
  const running = new Map<number, bigint>();
  const taxed = (tax: TaxCategory, minor: bigint): bigint => {
    const before = running.get(tax.basisPoints) ?? 0n;
    running.set(tax.basisPoints, before + minor);
    const on = (base: bigint): bigint => divideHalfUp(base * BigInt(tax.basisPoints), 10_000n);
    return on(before + minor) - on(before);
  };
  const rows: Omit<FapiaoLine, 'xh'>[] = [];
  const row = (fphxz: FapiaoLine['fphxz'], name: string, minor: bigint, tax: TaxCategory, line: Line | null): void => {
    rows.push({
      fphxz, xmmc: `*${kind.shortName}*${name}`, ggxh: null, dw: line && line.unit, sl: line && (red ? `-${line.quantity}`.replace('--', '') : line.quantity), dj: line && line.unitPrice, je: yuan(sign * minor), slv: renderMinor(BigInt(tax.basisPoints), 4).replace(/0+$/, '').replace(/\.$/, ''),
      se: yuan(sign * taxed(tax, minor)), spbm: kind.code, lslbs: tax.code === 'S' ? null : ZERO_MARKS[tax.code]!,
    });
  };
  for (const line of document.lines) {
    const off = line.adjustments.reduce((sum, a) => sum + (a.kind === 'ALLOWANCE' ? a.amountMinor : -a.amountMinor), 0n);
    row(off > 0n ? '02' : '00', line.name, line.netMinor + (off > 0n ? off : 0n), line.tax, line);
    if (off > 0n) row('01', line.name, -off, line.tax, null);
  }
  for (const a of document.adjustments) row(a.kind === 'ALLOWANCE' ? '01' : '00', a.reason, a.kind === 'ALLOWANCE' ? -a.amountMinor : a.amountMinor, a.tax, null);
  const special = identifierOf(document.buyer, 'USCC') !== undefined && document.taxes.some((t) => t.tax.basisPoints > 0);
  return {
    fphm: issued.number, kprq: document.issuedOn, fppz: special ? '01' : '02', lzhzbz: red ? '1' : '0', lzfphm: red ? (issued.blueNumber ?? null) : null, chyydm: red ? (issued.reason ?? '01') : null,
    xsf: side(document.seller), gmf: side(document.buyer), mxlist: rows.map((r, i) => ({ xh: i + 1, ...r })), hjje: yuan(sign * totals.net), hjse: yuan(sign * totals.tax), jshj: yuan(sign * totals.gross),
    bz: [document.number, document.contract, document.purchaseOrder].filter(Boolean).join('; ') || null,
  };
}
const side = (p: Party): FapiaoParty => ({ mc: p.name, nsrsbh: identifierOf(p, 'USCC') ?? null, dz: [p.address.city, p.address.street].filter(Boolean).join('') || null });

export interface FapiaoProblem {
  readonly problem: string;
}
/** What the platform answered, as a document; its number is the platform's. Refused where numbers, codes or sums are not right. */
export function fromFapiao(fapiao: Fapiao, { uuid, buyerCountry }: { readonly uuid: string; readonly buyerCountry: string }): InvoiceDocument | FapiaoProblem {
  const problem = problemOf(fapiao);
  if (problem) return { problem };
  const red = fapiao.lzhzbz === '1';
  const minor = (text: string): bigint => readMinor(text, 2)! * (red ? -1n : 1n);
  const lines = fapiao.mxlist.map((l): Line => {
    const net = minor(l.je);
    return {
      id: String(l.xh), name: l.xmmc.replace(/^\*[^*]*\*/, ''), description: null, note: null, quantity: l.sl === null ? (net < 0n ? '-1' : '1') : red ? (l.sl.startsWith('-') ? l.sl.slice(1) : `-${l.sl}`) : l.sl, unit: l.dw ?? 'C62', unitPrice: l.dj ?? yuan(net < 0n ? -net : net), netMinor: net, adjustments: [],
      tax: taxOf(l), period: null, sellersItem: null, standardItem: null, classification: null, properties: [{ name: '税收分类编码', value: l.spbm }],
    };
  });
  return {
    type: red ? 'CREDIT_NOTE' : 'INVOICE', issuedBy: 'SELLER', number: fapiao.fphm!, uuid, issuedOn: fapiao.kprq, dueOn: null, currency: 'CNY', accounting: null, buyerReference: null, purchaseOrder: null, contract: null, project: null, note: fapiao.bz, period: null,
    preceding: fapiao.lzfphm ? [{ number: fapiao.lzfphm, issuedOn: null }] : [], seller: partyOf(fapiao.xsf, 'CN'), buyer: partyOf(fapiao.gmf, buyerCountry), payment: { means: '1', reference: null, account: null, terms: null }, lines, adjustments: [], taxes: taxesOf(lines, []), prepaidMinor: 0n,
  };
}
const taxOf = (l: FapiaoLine): TaxCategory => ({ code: l.lslbs === null ? 'S' : CODES[l.lslbs], basisPoints: Number(readMinor(l.slv, 4)!), reason: l.lslbs === '1' ? '免税' : l.lslbs === '2' ? '不征税' : null, reasonCode: null });
const partyOf = (p: FapiaoParty, country: string): Party => ({
  name: p.mc, identifiers: p.nsrsbh ? [{ kind: 'USCC', value: p.nsrsbh }] : [], endpoint: null, contact: null, address: { street: p.dz, additional: null, city: null, postcode: null, subdivision: null, country },
});

/** The rules of a fully digital e-invoice: numbers, codes, sums. */
export function problemOf(f: Fapiao): string | undefined {
  if (f.fphm === null || !isFapiaoNumber(f.fphm)) return 'fphm: 20 digits';
  if (!isDay(f.kprq) || f.kprq.slice(2, 4) !== f.fphm.slice(0, 2)) return 'kprq: a day of the year of the number';
  if ((f.lzhzbz === '1') !== (f.lzfphm !== null && isFapiaoNumber(f.lzfphm))) return 'lzfphm: the blue one of a red one';
  if (f.xsf.nsrsbh === null || !/^[0-9A-HJ-NPQRTUWXY]{18}$/.test(f.xsf.nsrsbh)) return 'xsf.nsrsbh: 18 characters';
  if (f.mxlist.length === 0 || f.mxlist.some((l, i) => l.xh !== i + 1)) return 'mxlist: counted from 1';
  if (f.mxlist.some((l) => !/^\d{19}$/.test(l.spbm))) return 'spbm: 19 digits';
  if (f.mxlist.some((l) => (readMinor(l.slv, 4) ?? -1n) < 0n || (l.lslbs !== null) !== (readMinor(l.slv, 4) === 0n))) return 'slv: a rate, and a mark where it is zero';
  const amounts = [f.hjje, f.hjse, f.jshj, ...f.mxlist.flatMap((l) => [l.je, l.se])].map((t) => readMinor(t, 2));
  if (amounts.some((a) => a === undefined)) return 'amounts have two places';
  const [net, tax, gross] = amounts as [bigint, bigint, bigint];
  const sum = (of: 'je' | 'se'): bigint => f.mxlist.reduce((s, l) => s + readMinor(l[of], 2)!, 0n);
  return sum('je') === net && sum('se') === tax && net + tax === gross ? undefined : 'hjje, hjse, jshj: the lines add up';
}
