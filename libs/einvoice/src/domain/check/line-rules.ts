import { magnitude, ONE, times } from '../model/decimal.js';
import { all, textAt, type XmlElement } from '../xml/element.js';
import { SLACK } from './document-rules.js';
import { amountAt, type Checked, decimalAt, has, inLines, isCharge, lines, type Rule, rule, sumAt, under } from './rule.js';

const quantityName = (e: XmlElement): string => (e.name === 'cac:InvoiceLine' ? 'cbc:InvoicedQuantity' : 'cbc:CreditedQuantity');
const unitOf = (e: XmlElement, path: string): string | undefined => all(e, path)[0]?.attributes['unitCode'];
const charges = (charge: boolean, where: 'LINE' | 'DOCUMENT') => (c: Checked): XmlElement[] => (where === 'LINE' ? c.lines.flatMap((l) => all(l, 'cac:AllowanceCharge')) : all(c.root, 'cac:AllowanceCharge')).filter((a) => isCharge(a) === charge);
const everyCharge = (c: Checked): XmlElement[] => [...all(c.root, 'cac:AllowanceCharge'), ...c.lines.flatMap((l) => all(l, 'cac:AllowanceCharge'))];
const reasoned = (e: XmlElement): boolean => has(e, 'cbc:AllowanceChargeReason') || has(e, 'cbc:AllowanceChargeReasonCode');
const hasAmount = (e: XmlElement): boolean => has(e, 'cbc:Amount');

/** Lines: EN 16931-1 BG-25 to BG-32, and what Peppol computes of them. */
export const LINE_RULES: readonly Rule[] = [
  rule('BR-21', 'ibr-021', 'a line has an identifier', lines, (e) => has(e, 'cbc:ID')), rule('BR-22', 'ibr-022', 'a line has a quantity', lines, (e) => has(e, quantityName(e))),
  rule('BR-23', 'ibr-023', 'a quantity has a unit', lines, (e) => (unitOf(e, quantityName(e)) ?? '') !== ''), rule('BR-24', 'ibr-024', 'a line has an amount', lines, (e) => has(e, 'cbc:LineExtensionAmount')),
  rule('BR-25', 'ibr-025', 'a line names what was supplied', lines, (e) => has(e, 'cac:Item/cbc:Name')), rule('BR-26', 'ibr-026', 'a line has a price', lines, (e) => has(e, 'cac:Price/cbc:PriceAmount')),
  rule('BR-27', 'ibr-027', 'a price is not below zero', lines, (e) => amountAt(e, 'cac:Price/cbc:PriceAmount') >= 0n),
  rule('BR-CO-04', 'BR-CO-04-GST-SG', 'a line has a tax category', lines, (e, c) => all(e, 'cac:Item/cac:ClassifiedTaxCategory').some((t) => has(t, 'cbc:ID') && textAt(t, 'cac:TaxScheme/cbc:ID') === (c.book === 'EN' ? 'VAT' : 'GST'))),
  rule('BR-54', 'ibr-054', 'a property has a name and a value', inLines('cac:Item/cac:AdditionalItemProperty'), (e) => has(e, 'cbc:Name') && has(e, 'cbc:Value')),
  rule('BR-64', 'ibr-064', 'a standard identifier has a scheme', inLines('cac:Item/cac:StandardItemIdentification/cbc:ID'), (e) => (e.attributes['schemeID'] ?? '') !== ''),
  rule('BR-65', 'ibr-065', 'a class has a list', inLines('cac:Item/cac:CommodityClassification/cbc:ItemClassificationCode'), (e) => (e.attributes['listID'] ?? '') !== ''),
  rule('PEPPOL-EN16931-R120', null, 'quantity, price, charges and allowances make the amount', lines, (e) => {
    const base = decimalAt(e, 'cac:Price/cbc:BaseQuantity') ?? ONE;
    if (base <= 0n) return true;
    const own = all(e, 'cac:AllowanceCharge');
    const expected = (times(amountAt(e, quantityName(e)), amountAt(e, 'cac:Price/cbc:PriceAmount')) * ONE) / base + sumAt(own.filter(isCharge), 'cbc:Amount') - sumAt(own.filter((a) => !isCharge(a)), 'cbc:Amount');
    return magnitude(expected - amountAt(e, 'cbc:LineExtensionAmount')) <= SLACK;
  }),
  rule('PEPPOL-EN16931-R121', 'ibr-087', 'the base of a price is above zero', lines, (e) => !has(e, 'cac:Price/cbc:BaseQuantity') || amountAt(e, 'cac:Price/cbc:BaseQuantity') > 0n),
  rule('PEPPOL-EN16931-R130', 'ibr-088', 'the base of a price has the unit of the quantity', lines, (e) => [undefined, unitOf(e, quantityName(e))].includes(unitOf(e, 'cac:Price/cbc:BaseQuantity'))),
  rule('PEPPOL-EN16931-R110', 'ibr-085', 'the period of a line begins within that of the document', lines, (e, c) => withinPeriod(e, c, 'cbc:StartDate', (line, whole) => line >= whole)),
  rule('PEPPOL-EN16931-R111', 'ibr-086', 'the period of a line ends within that of the document', lines, (e, c) => withinPeriod(e, c, 'cbc:EndDate', (line, whole) => line <= whole)),
];
function withinPeriod(line: XmlElement, c: Checked, name: string, fits: (line: string, whole: string) => boolean): boolean {
  const [own, whole] = [textAt(line, `cac:InvoicePeriod/${name}`), textAt(c.root, `cac:InvoicePeriod/${name}`)];
  return own === undefined || whole === undefined || fits(own, whole);
}

/** Allowances and charges, of the document and of lines. */
export const CHARGE_RULES: readonly Rule[] = [
  rule('BR-31', 'ibr-031', 'an allowance has an amount', charges(false, 'DOCUMENT'), hasAmount), rule('BR-36', 'ibr-036', 'a charge has an amount', charges(true, 'DOCUMENT'), hasAmount),
  rule('BR-32', null, 'an allowance has a tax category', charges(false, 'DOCUMENT'), (e) => has(e, 'cac:TaxCategory/cbc:ID')), rule('BR-37', null, 'a charge has a tax category', charges(true, 'DOCUMENT'), (e) => has(e, 'cac:TaxCategory/cbc:ID')),
  rule('BR-33', 'ibr-033', 'an allowance has a reason', charges(false, 'DOCUMENT'), reasoned), rule('BR-38', 'ibr-038', 'a charge has a reason', charges(true, 'DOCUMENT'), reasoned),
  rule('BR-41', 'ibr-041', 'an allowance of a line has an amount', charges(false, 'LINE'), hasAmount), rule('BR-43', 'ibr-043', 'a charge of a line has an amount', charges(true, 'LINE'), hasAmount),
  rule('BR-42', 'ibr-042', 'an allowance of a line has a reason', charges(false, 'LINE'), reasoned), rule('BR-44', 'ibr-044', 'a charge of a line has a reason', charges(true, 'LINE'), reasoned),
  rule('PEPPOL-EN16931-R040', null, 'base and percentage make the amount', everyCharge, (e) => !has(e, 'cbc:MultiplierFactorNumeric') || !has(e, 'cbc:BaseAmount') || magnitude(times(amountAt(e, 'cbc:BaseAmount'), amountAt(e, 'cbc:MultiplierFactorNumeric')) / 100n - amountAt(e, 'cbc:Amount')) <= SLACK),
  rule('PEPPOL-EN16931-R041', null, 'a percentage has a base', everyCharge, (e) => !has(e, 'cbc:MultiplierFactorNumeric') || has(e, 'cbc:BaseAmount')),
  rule('PEPPOL-EN16931-R042', null, 'a base has a percentage', everyCharge, (e) => !has(e, 'cbc:BaseAmount') || has(e, 'cbc:MultiplierFactorNumeric')),
  rule('PEPPOL-EN16931-R043', 'ibr-082', 'the indicator is true or false', (c) => [...under('cac:AllowanceCharge')(c), ...inLines('cac:AllowanceCharge')(c)], (e) => ['true', 'false'].includes(textAt(e, 'cbc:ChargeIndicator') ?? '')),
];
