import { isDay } from '#shared';
import { ONE, parseDecimal, roundTwo } from '../model/decimal.js';
import { all, everyNamed, textAt } from '../xml/element.js';
import { amountAt, decimalAt, has, isCharge, lines, root, type Rule, rule, sumAt, under } from './rule.js';

const TOTAL = under('cac:LegalMonetaryTotal');
const [SELLER, BUYER] = [under('cac:AccountingSupplierParty/cac:Party'), under('cac:AccountingCustomerParty/cac:Party')];
const ofDocument = (c: Parameters<Rule['at']>[0], charge: boolean) => all(c.root, 'cac:AllowanceCharge').filter((a) => isCharge(a) === charge);
const needs = (EN: string, PINT: string, path: string, says: string): Rule => rule(EN, PINT, `${says} shall be stated`, root, (e) => has(e, path));

/** What a document states (EN 16931-1, 6.4.1 and 6.4.2). */
export const DOCUMENT_RULES: readonly Rule[] = [
  needs('BR-01', 'ibr-001', 'cbc:CustomizationID', 'the specification'), needs('BR-02', 'ibr-002', 'cbc:ID', 'the number'), needs('BR-03', 'ibr-003', 'cbc:IssueDate', 'the day of issue'),
  rule('BR-04', 'ibr-004', 'the type shall be stated', root, (e) => has(e, 'cbc:InvoiceTypeCode') || has(e, 'cbc:CreditNoteTypeCode')),
  needs('BR-05', 'ibr-005', 'cbc:DocumentCurrencyCode', 'the currency'),
  needs('BR-06', 'ibr-006', 'cac:AccountingSupplierParty/cac:Party/cac:PartyLegalEntity/cbc:RegistrationName', 'the name of the seller'), needs('BR-07', 'ibr-007', 'cac:AccountingCustomerParty/cac:Party/cac:PartyLegalEntity/cbc:RegistrationName', 'the name of the buyer'),
  needs('BR-08', 'ibr-008', 'cac:AccountingSupplierParty/cac:Party/cac:PostalAddress', 'the address of the seller'), needs('BR-10', 'ibr-010', 'cac:AccountingCustomerParty/cac:Party/cac:PostalAddress', 'the address of the buyer'),
  needs('BR-09', 'ibr-009', 'cac:AccountingSupplierParty/cac:Party/cac:PostalAddress/cac:Country/cbc:IdentificationCode', 'the country of the seller'),
  needs('BR-11', 'ibr-011', 'cac:AccountingCustomerParty/cac:Party/cac:PostalAddress/cac:Country/cbc:IdentificationCode', 'the country of the buyer'),
  rule('BR-16', 'ibr-016', 'there shall be a line', root, (_, c) => c.lines.length > 0),
  rule('BR-CO-26', 'ibr-co-26', 'the seller shall be identified', SELLER, (e, c) => has(e, 'cac:PartyIdentification/cbc:ID') || has(e, 'cac:PartyLegalEntity/cbc:CompanyID') || all(e, 'cac:PartyTaxScheme').some((t) => c.book === 'PINT' || textAt(t, 'cac:TaxScheme/cbc:ID') === 'VAT')),
  rule('BR-CO-18', 'BR-CO-18-GST-SG', 'there shall be a breakdown of tax', root, (e) => has(e, 'cac:TaxTotal/cac:TaxSubtotal')),
  rule('BR-CO-25', null, 'what is to be paid has a due day or terms', TOTAL, (e, c) => amountAt(e, 'cbc:PayableAmount') <= 0n || has(c.root, 'cbc:DueDate') || has(c.root, 'cac:PaymentMeans/cbc:PaymentDueDate') || has(c.root, 'cac:PaymentTerms/cbc:Note')),
  rule('BR-49', 'ibr-049', 'the means of payment shall be stated', under('cac:PaymentMeans'), (e) => has(e, 'cbc:PaymentMeansCode')),
  rule('BR-50', 'BR-50-SG', 'an account shall have its number', under('cac:PaymentMeans/cac:PayeeFinancialAccount'), (e) => has(e, 'cbc:ID')),
  rule('BR-61', null, 'a credit transfer names the account', under('cac:PaymentMeans'), (e) => !['30', '58'].includes(textAt(e, 'cbc:PaymentMeansCode') ?? '') || has(e, 'cac:PayeeFinancialAccount/cbc:ID')),
  rule('BR-52', 'ibr-052', 'a supporting document shall have a reference', under('cac:AdditionalDocumentReference'), (e) => has(e, 'cbc:ID')),
  rule('BR-55', 'ibr-055', 'a preceding invoice shall have its number', under('cac:BillingReference'), (e) => has(e, 'cac:InvoiceDocumentReference/cbc:ID')),
  rule('BR-62', 'ibr-062', 'the endpoint of the seller shall have a scheme', under('cac:AccountingSupplierParty/cac:Party/cbc:EndpointID'), (e) => (e.attributes['schemeID'] ?? '') !== ''),
  rule('BR-63', 'ibr-063', 'the endpoint of the buyer shall have a scheme', under('cac:AccountingCustomerParty/cac:Party/cbc:EndpointID'), (e) => (e.attributes['schemeID'] ?? '') !== ''),
  rule('PEPPOL-EN16931-R010', 'ibr-080', 'the buyer shall have an endpoint', BUYER, (e) => has(e, 'cbc:EndpointID')), rule('PEPPOL-EN16931-R020', 'ibr-081', 'the seller shall have an endpoint', SELLER, (e) => has(e, 'cbc:EndpointID')),
];

/** Sums (EN 16931-1, 6.4.3): exact in two places. */
export const SUM_RULES: readonly Rule[] = [
  rule('BR-12', 'ibr-012', 'the sum of the lines shall be stated', TOTAL, (e) => has(e, 'cbc:LineExtensionAmount')), rule('BR-13', 'ibr-013', 'the total without tax shall be stated', TOTAL, (e) => has(e, 'cbc:TaxExclusiveAmount')),
  rule('BR-14', 'ibr-014', 'the total with tax shall be stated', TOTAL, (e) => has(e, 'cbc:TaxInclusiveAmount')), rule('BR-15', 'ibr-015', 'what is to be paid shall be stated', TOTAL, (e) => has(e, 'cbc:PayableAmount')),
  rule('BR-CO-10', 'ibr-co-10', 'the lines add up', TOTAL, (e, c) => decimalAt(e, 'cbc:LineExtensionAmount') === roundTwo(sumAt(lines(c), 'cbc:LineExtensionAmount'))),
  rule('BR-CO-11', 'ibr-co-11', 'the allowances add up', TOTAL, (e, c) => (has(e, 'cbc:AllowanceTotalAmount') || ofDocument(c, false).length === 0) && amountAt(e, 'cbc:AllowanceTotalAmount') === roundTwo(sumAt(ofDocument(c, false), 'cbc:Amount'))),
  rule('BR-CO-12', 'ibr-co-12', 'the charges add up', TOTAL, (e, c) => (has(e, 'cbc:ChargeTotalAmount') || ofDocument(c, true).length === 0) && amountAt(e, 'cbc:ChargeTotalAmount') === roundTwo(sumAt(ofDocument(c, true), 'cbc:Amount'))),
  rule('BR-CO-13', 'ibr-co-13', 'lines, charges and allowances make the total without tax', TOTAL, (e) => decimalAt(e, 'cbc:TaxExclusiveAmount') === amountAt(e, 'cbc:LineExtensionAmount') + amountAt(e, 'cbc:ChargeTotalAmount') - amountAt(e, 'cbc:AllowanceTotalAmount')),
  rule('BR-CO-14', 'ibr-co-14', 'the taxes add up', under('cac:TaxTotal'), (e) => !has(e, 'cac:TaxSubtotal') || decimalAt(e, 'cbc:TaxAmount') === roundTwo(sumAt(all(e, 'cac:TaxSubtotal'), 'cbc:TaxAmount'))),
  rule('BR-CO-15', 'ibr-co-15', 'the total without tax and the tax make the total with tax', TOTAL, (e, c) => {
    const own = all(c.root, 'cac:TaxTotal/cbc:TaxAmount').filter((t) => t.attributes['currencyID'] === c.currency);
    return own.length === 1 && decimalAt(e, 'cbc:TaxInclusiveAmount') === roundTwo(amountAt(e, 'cbc:TaxExclusiveAmount') + sumAt(all(c.root, 'cac:TaxTotal').filter((t) => t.children.includes(own[0]!)), 'cbc:TaxAmount'));
  }),
  rule('BR-CO-16', 'ibr-co-16', 'what was paid before comes off', TOTAL, (e) => decimalAt(e, 'cbc:PayableAmount') === amountAt(e, 'cbc:TaxInclusiveAmount') - amountAt(e, 'cbc:PrepaidAmount')),
];

const TWO_PLACES: Readonly<Record<string, readonly [string | null, string | null]>> = {
  'cac:LegalMonetaryTotal/cbc:LineExtensionAmount': ['BR-DEC-09', 'BR-DEC-09-SG'], 'cac:LegalMonetaryTotal/cbc:AllowanceTotalAmount': ['BR-DEC-10', 'BR-DEC-10-SG'], 'cac:LegalMonetaryTotal/cbc:ChargeTotalAmount': ['BR-DEC-11', 'BR-DEC-11-SG'],
  'cac:LegalMonetaryTotal/cbc:TaxExclusiveAmount': ['BR-DEC-12', 'BR-DEC-12-SG'], 'cac:LegalMonetaryTotal/cbc:TaxInclusiveAmount': ['BR-DEC-14', 'BR-DEC-14-SG'], 'cac:LegalMonetaryTotal/cbc:PrepaidAmount': ['BR-DEC-16', 'BR-DEC-16-SG'],
  'cac:LegalMonetaryTotal/cbc:PayableAmount': ['BR-DEC-18', 'ibr-091'], 'cac:TaxTotal/cbc:TaxAmount': ['BR-DEC-13', 'ibr-124'], 'cac:TaxTotal/cac:TaxSubtotal/cbc:TaxableAmount': ['BR-DEC-19', 'BR-DEC-19-SG'],
  'cac:TaxTotal/cac:TaxSubtotal/cbc:TaxAmount': ['BR-DEC-20', 'BR-DEC-20-SG'], 'cac:AllowanceCharge/cbc:Amount': ['BR-DEC-01', 'BR-DEC-01-SG'], 'cac:AllowanceCharge/cbc:BaseAmount': ['BR-DEC-02', 'BR-DEC-02-SG'],
};
const LINE_PLACES: Readonly<Record<string, string>> = { 'cbc:LineExtensionAmount': 'BR-DEC-23', 'cac:AllowanceCharge/cbc:Amount': 'BR-DEC-24', 'cac:AllowanceCharge/cbc:BaseAmount': 'BR-DEC-25' };
const inTwo = (text: string): boolean => /^-?\d+(\.\d{1,2})?$/.test(text.trim());
/** Amounts have two places at the most, in every currency. */
export const PLACES_RULES: readonly Rule[] = [
  ...Object.entries(TWO_PLACES).map(([path, [en, pint]]) => rule(en, pint, 'two places at the most', under(path), (e) => inTwo(e.text))),
  ...Object.entries(LINE_PLACES).map(([path, id]) => rule(id, null, 'two places at the most', (c) => c.lines.flatMap((l) => all(l, path)), (e) => inTwo(e.text))),
];

const DATES = ['cbc:IssueDate', 'cbc:DueDate', 'cbc:PaymentDueDate', 'cbc:StartDate', 'cbc:EndDate'];
const AMOUNTS = ['cbc:Amount', 'cbc:BaseAmount', 'cbc:PriceAmount', 'cbc:TaxableAmount', 'cbc:LineExtensionAmount', 'cbc:TaxExclusiveAmount', 'cbc:TaxInclusiveAmount', 'cbc:AllowanceTotalAmount', 'cbc:ChargeTotalAmount', 'cbc:PrepaidAmount', 'cbc:PayableAmount'];
/** Form of what is written, wherever it stands. */
export const FORM_RULES: readonly Rule[] = [
  rule('PEPPOL-EN16931-R008', 'ibr-079', 'no element is empty', (c) => everyNamedIn(c.root), (e) => e.children.length > 0 || e.text.trim() !== ''),
  rule('PEPPOL-EN16931-F001', 'ibr-073', 'a day is YYYY-MM-DD', (c) => everyNamed(c.root, ...DATES), (e) => isDay(e.text)),
  rule('PEPPOL-EN16931-R051', 'ibr-126', 'amounts are in the currency of the document', (c) => [...everyNamed(c.root, ...AMOUNTS), ...all(c.root, 'cac:TaxTotal').filter((t) => has(t, 'cac:TaxSubtotal')).flatMap((t) => everyNamed(t, 'cbc:TaxAmount'))], (e, c) => e.attributes['currencyID'] === c.currency),
  rule('BR-29', 'ibr-029', 'a period ends after it begins', (c) => everyNamed(c.root, 'cac:InvoicePeriod'), (e) => !has(e, 'cbc:StartDate') || !has(e, 'cbc:EndDate') || textAt(e, 'cbc:StartDate')! <= textAt(e, 'cbc:EndDate')!),
  rule('BR-CO-19', 'ibr-co-19', 'a period has a day', (c) => everyNamed(c.root, 'cac:InvoicePeriod'), (e) => has(e, 'cbc:StartDate') || has(e, 'cbc:EndDate')),
  rule('UBL-AMOUNT', 'UBL-AMOUNT', 'an amount is a decimal', (c) => everyNamed(c.root, ...AMOUNTS, 'cbc:TaxAmount', 'cbc:Percent', 'cbc:InvoicedQuantity', 'cbc:CreditedQuantity', 'cbc:BaseQuantity', 'cbc:MultiplierFactorNumeric'), (e) => parseDecimal(e.text) !== undefined),
];
const everyNamedIn = (element: Parameters<typeof everyNamed>[0]) => [element, ...element.children.flatMap((child): typeof element.children => everyNamedIn(child))];
/** 0.02 of the currency, the slack of Peppol. */
export const SLACK = ONE / 50n;
