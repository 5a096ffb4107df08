import { magnitude, ONE, roundTwo, times } from '../model/decimal.js';
import { all, everyNamed, textAt, type XmlElement } from '../xml/element.js';
import { COUNTRIES } from './code-lists.js';
import { amountAt, type Checked, decimalAt, has, isCharge, root, type Rule, rule, sumAt, under } from './rule.js';

const SUBTOTALS = under('cac:TaxTotal/cac:TaxSubtotal');
const scheme = (c: Checked): string => (c.book === 'EN' ? 'VAT' : 'GST');
const numbers = (c: Checked, party: string, id: string | null): XmlElement[] => all(c.root, `${party}/cac:Party/cac:PartyTaxScheme`).filter((t) => has(t, 'cbc:CompanyID') && (id === null || textAt(t, 'cac:TaxScheme/cbc:ID') === id));
const SELLER = 'cac:AccountingSupplierParty';
const BUYER = 'cac:AccountingCustomerParty';
const code = (e: XmlElement): string => textAt(e, 'cbc:ID') ?? '';

const general: readonly Rule[] = [
  rule('BR-45', 'BR-45-GST-SG', 'a breakdown has what is taxed', SUBTOTALS, (e) => has(e, 'cbc:TaxableAmount')), rule('BR-46', 'BR-46-GST-SG', 'a breakdown has the tax', SUBTOTALS, (e) => has(e, 'cbc:TaxAmount')),
  rule('BR-47', 'BR-47-GST-SG', 'a breakdown has a category', SUBTOTALS, (e, c) => has(e, 'cac:TaxCategory/cbc:ID') && textAt(e, 'cac:TaxCategory/cac:TaxScheme/cbc:ID') === scheme(c)),
  rule('BR-48', 'BR-48-GST-SG', 'a breakdown has a rate', SUBTOTALS, (e) => has(e, 'cac:TaxCategory/cbc:Percent') || ['O', 'NG'].includes(textAt(e, 'cac:TaxCategory/cbc:ID') ?? '')),
  rule('BR-CO-17', 'BR-CO-17-GST-SG', 'rate and base make the tax', SUBTOTALS, (e, c) => {
    const [percent, tax] = [amountAt(e, 'cac:TaxCategory/cbc:Percent'), magnitude(amountAt(e, 'cbc:TaxAmount'))];
    return magnitude(tax - roundTwo(times(magnitude(amountAt(e, 'cbc:TaxableAmount')), percent) / 100n)) < (c.book === 'EN' ? ONE : 2n * ONE) && (percent !== 0n || tax < ONE / 2n);
  }),
  rule('BR-53', 'ibr-053', 'a tax currency has its total', root, (e) => !has(e, 'cbc:TaxCurrencyCode') || all(e, 'cac:TaxTotal/cbc:TaxAmount').some((t) => t.attributes['currencyID'] === textAt(e, 'cbc:TaxCurrencyCode'))),
  rule('PEPPOL-EN16931-R005', 'ibr-077', 'the tax currency is another one', root, (e, c) => textAt(e, 'cbc:TaxCurrencyCode') !== c.currency),
  rule('PEPPOL-EN16931-R053', null, 'one total has the breakdown', root, (e) => all(e, 'cac:TaxTotal').filter((t) => has(t, 'cac:TaxSubtotal')).length === 1),
  rule('PEPPOL-EN16931-R054', null, 'one total without breakdown for a tax currency', root, (e) => all(e, 'cac:TaxTotal').filter((t) => !has(t, 'cac:TaxSubtotal')).length === (has(e, 'cbc:TaxCurrencyCode') ? 1 : 0)),
  rule('PEPPOL-EN16931-R055', 'ibr-084', 'the tax has one sign in both currencies', root, (e) => !has(e, 'cbc:TaxCurrencyCode') || !(all(e, 'cac:TaxTotal').some((t) => amountAt(t, 'cbc:TaxAmount') < 0n) && all(e, 'cac:TaxTotal').some((t) => amountAt(t, 'cbc:TaxAmount') > 0n))),
  rule('BR-CO-09', null, 'a VAT number begins with its country', (c) => [...numbers(c, SELLER, 'VAT'), ...numbers(c, BUYER, 'VAT')], (e) => ((prefix) => COUNTRIES.has(prefix) || prefix === 'EL')(textAt(e, 'cbc:CompanyID')!.slice(0, 2))),
];

/** What a category demands. The families BR-S, BR-Z, BR-E, BR-AE, BR-K (written BR-IC), BR-G, BR-O and BR-NG number their rules alike. */
interface Category {
  readonly family: string;
  readonly code: string;
  readonly book: 'EN' | 'PINT';
  /** Which number the seller states; NONE: neither side states one. */
  readonly seller: 'ANY' | 'VAT' | 'NONE';
  readonly buyer: 'VAT' | 'VAT_OR_LEGAL' | null;
  readonly rate: 'POSITIVE' | 'ZERO' | 'NONE';
  readonly reason: 'NEEDED' | 'NOT_ALLOWED' | null;
}
export const CATEGORIES: readonly Category[] = [
  { family: 'BR-S', code: 'S', book: 'EN', seller: 'ANY', buyer: null, rate: 'POSITIVE', reason: 'NOT_ALLOWED' }, { family: 'BR-Z', code: 'Z', book: 'EN', seller: 'ANY', buyer: null, rate: 'ZERO', reason: 'NOT_ALLOWED' },
  { family: 'BR-E', code: 'E', book: 'EN', seller: 'ANY', buyer: null, rate: 'ZERO', reason: 'NEEDED' }, { family: 'BR-AE', code: 'AE', book: 'EN', seller: 'ANY', buyer: 'VAT_OR_LEGAL', rate: 'ZERO', reason: 'NEEDED' },
  { family: 'BR-IC', code: 'K', book: 'EN', seller: 'VAT', buyer: 'VAT', rate: 'ZERO', reason: 'NEEDED' }, { family: 'BR-G', code: 'G', book: 'EN', seller: 'VAT', buyer: null, rate: 'ZERO', reason: 'NEEDED' },
  { family: 'BR-O', code: 'O', book: 'EN', seller: 'NONE', buyer: null, rate: 'NONE', reason: 'NEEDED' }, { family: 'BR-NG', code: 'NG', book: 'PINT', seller: 'NONE', buyer: null, rate: 'NONE', reason: null },
];

const uses = (c: Checked, k: Category): XmlElement[] => everyNamed(c.root, 'cac:TaxCategory', 'cac:ClassifiedTaxCategory').filter((t) => code(t) === k.code);
const breakdowns = (c: Checked, k: Category): XmlElement[] => SUBTOTALS(c).filter((s) => textAt(s, 'cac:TaxCategory/cbc:ID') === k.code);
const ofLines = (c: Checked, k: Category): XmlElement[] => c.lines.flatMap((l) => all(l, 'cac:Item/cac:ClassifiedTaxCategory')).filter((t) => code(t) === k.code);
const ofCharges = (c: Checked, k: Category, charge: boolean): XmlElement[] => all(c.root, 'cac:AllowanceCharge').filter((a) => isCharge(a) === charge).flatMap((a) => all(a, 'cac:TaxCategory')).filter((t) => code(t) === k.code);

function partiesFit(k: Category, c: Checked): boolean {
  const seller = k.seller === 'NONE' ? numbers(c, SELLER, scheme(c)).length + numbers(c, BUYER, scheme(c)).length === 0 : numbers(c, SELLER, k.seller === 'VAT' ? 'VAT' : null).length > 0;
  const legal = has(c.root, `${BUYER}/cac:Party/cac:PartyLegalEntity/cbc:CompanyID`);
  return seller && (k.buyer === null || numbers(c, BUYER, 'VAT').length > 0 || (k.buyer === 'VAT_OR_LEGAL' && legal));
}
function rateFits(k: Category, t: XmlElement): boolean {
  const percent = decimalAt(t, 'cbc:Percent');
  return k.rate === 'NONE' ? percent === undefined : k.rate === 'ZERO' ? percent === 0n : percent !== undefined && percent > 0n;
}
function baseFits(k: Category, subtotal: XmlElement, c: Checked): boolean {
  const percent = k.rate === 'POSITIVE' ? amountAt(subtotal, 'cac:TaxCategory/cbc:Percent') : null;
  const same = (t: XmlElement | undefined): boolean => t !== undefined && code(t) === k.code && (percent === null || amountAt(t, 'cbc:Percent') === percent);
  const own = all(c.root, 'cac:AllowanceCharge').filter((a) => same(all(a, 'cac:TaxCategory')[0]));
  const expected = sumAt(c.lines.filter((l) => same(all(l, 'cac:Item/cac:ClassifiedTaxCategory')[0])), 'cbc:LineExtensionAmount') + sumAt(own.filter(isCharge), 'cbc:Amount') - sumAt(own.filter((a) => !isCharge(a)), 'cbc:Amount');
  const difference = magnitude(expected - amountAt(subtotal, 'cbc:TaxableAmount'));
  return k.rate === 'POSITIVE' ? difference < ONE : difference === 0n;
}

function family(k: Category): Rule[] {
  const id = (n: string): string => `${k.family}-${n}${k.book === 'PINT' ? '-GST-SG' : ''}`;
  const own = (n: string, says: string, at: Rule['at'], holds: Rule['holds']): Rule => (k.book === 'EN' ? rule(id(n), null, says, at, holds) : rule(null, id(n), says, at, holds));
  const whenIn = (at: (c: Checked) => readonly XmlElement[]): Rule['at'] => (c) => (at(c).length ? [c.root] : []);
  const rules = [
    own('01', `${k.code} has its breakdown`, root, (_, c) => (uses(c, k).length > 0) === (breakdowns(c, k).length > 0) && (k.rate === 'POSITIVE' || breakdowns(c, k).length <= 1)),
    own('02', `parties of a line with ${k.code}`, whenIn((c) => ofLines(c, k)), (_, c) => partiesFit(k, c)), own('03', `parties of an allowance with ${k.code}`, whenIn((c) => ofCharges(c, k, false)), (_, c) => partiesFit(k, c)),
    own('04', `parties of a charge with ${k.code}`, whenIn((c) => ofCharges(c, k, true)), (_, c) => partiesFit(k, c)), own('08', `the base of ${k.code}`, (c) => breakdowns(c, k), (e, c) => baseFits(k, e, c)),
    own('09', `the tax of ${k.code}`, (c) => breakdowns(c, k), (e) => k.rate === 'POSITIVE' ? magnitude(magnitude(amountAt(e, 'cbc:TaxAmount')) - roundTwo(times(magnitude(amountAt(e, 'cbc:TaxableAmount')), amountAt(e, 'cac:TaxCategory/cbc:Percent')) / 100n)) < ONE : amountAt(e, 'cbc:TaxAmount') === 0n),
  ];
  if (k.book === 'EN') {
    rules.push(own('05', `the rate of a line with ${k.code}`, (c) => ofLines(c, k), (e) => rateFits(k, e)), own('06', `the rate of an allowance with ${k.code}`, (c) => ofCharges(c, k, false), (e) => rateFits(k, e)), own('07', `the rate of a charge with ${k.code}`, (c) => ofCharges(c, k, true), (e) => rateFits(k, e)));
  }
  if (k.reason) rules.push(own('10', `the reason of ${k.code}`, (c) => breakdowns(c, k).flatMap((b) => all(b, 'cac:TaxCategory')), (e) => (has(e, 'cbc:TaxExemptionReason') || has(e, 'cbc:TaxExemptionReasonCode')) === (k.reason === 'NEEDED')));
  if (k.rate === 'NONE') rules.push(...alone(k, own));
  return rules;
}
/** What is outside of tax stands with nothing that is within. */
function alone(k: Category, own: (n: string, says: string, at: Rule['at'], holds: Rule['holds']) => Rule): Rule[] {
  const only = (elements: readonly XmlElement[]): boolean => elements.every((t) => code(t) === k.code);
  const where: Rule['at'] = (c) => (breakdowns(c, k).length ? [c.root] : []);
  const charged = (c: Checked, charge: boolean): XmlElement[] => all(c.root, 'cac:AllowanceCharge').filter((a) => isCharge(a) === charge).flatMap((a) => all(a, 'cac:TaxCategory'));
  return [
    own('11', `${k.code} is the only breakdown`, where, (_, c) => only(SUBTOTALS(c).flatMap((s) => all(s, 'cac:TaxCategory')))), own('12', `every line has ${k.code}`, where, (_, c) => only(c.lines.flatMap((l) => all(l, 'cac:Item/cac:ClassifiedTaxCategory')))),
    own('13', `every allowance has ${k.code}`, where, (_, c) => only(charged(c, false))), own('14', `every charge has ${k.code}`, where, (_, c) => only(charged(c, true))),
  ];
}

export const TAX_RULES: readonly Rule[] = [...general, ...CATEGORIES.flatMap(family)];
