import { all, everyNamed, textAt, type XmlElement } from '../xml/element.js';
import { FLAVOURS } from '../ubl/flavour.js';
import { EAS } from './code-lists.js';
import { amountAt, type Checked, has, root, type Rule, rule, under } from './rule.js';
import { isLuhn, SCHEME_VALUES } from './scheme-values.js';

const identified = (scheme: string) => (c: Checked): XmlElement[] => everyNamed(c.root, 'cbc:EndpointID', 'cbc:CompanyID', 'cbc:ID').filter((e) => e.attributes['schemeID'] === scheme);
const bis = (c: Checked) => (c.selfBilling ? FLAVOURS.BIS3_SELF_BILLING : FLAVOURS.BIS3);
const exemption = (reason: string, category: string) => rule(`PEPPOL-EN16931-${{ 'VATEX-EU-G': 'P0104', 'VATEX-EU-O': 'P0105', 'VATEX-EU-IC': 'P0106', 'VATEX-EU-AE': 'P0107' }[reason]!}`, null, `${reason} goes with ${category}`, (c) => everyNamed(c.root, 'cac:TaxCategory').filter((t) => textAt(t, 'cbc:TaxExemptionReasonCode')?.toUpperCase() === reason), (e) => textAt(e, 'cbc:ID') === category);

/** Peppol BIS Billing 3.0, rules of 2026.5, beside those of the core. */
export const PEPPOL_RULES: readonly Rule[] = [
  rule('PEPPOL-EN16931-R001', 'ibr-076', 'the process shall be stated', root, (e) => has(e, 'cbc:ProfileID')), rule('PEPPOL-EN16931-R007', null, 'the process is that of the specification', root, (e, c) => textAt(e, 'cbc:ProfileID') === bis(c).profile),
  rule('PEPPOL-EN16931-R003', null, 'a buyer reference or an order', root, (e) => has(e, 'cbc:BuyerReference') || has(e, 'cac:OrderReference/cbc:ID')), rule('PEPPOL-EN16931-R004', null, 'the specification is that of Peppol', root, (e, c) => textAt(e, 'cbc:CustomizationID') === bis(c).customization),
  rule('PEPPOL-EN16931-CL008', null, 'a scheme of participants', (c) => everyNamed(c.root, 'cbc:EndpointID'), (e) => EAS.has(e.attributes['schemeID'] ?? '')),
  rule('UBL-SR-43', null, 'a document of type 50 stands on credit notes alone', under('cac:AdditionalDocumentReference'), (e, c) => c.root.name === 'cn:CreditNote' && textAt(e, 'cbc:DocumentTypeCode') === '50'),
  exemption('VATEX-EU-G', 'G'), exemption('VATEX-EU-O', 'O'), exemption('VATEX-EU-IC', 'K'), exemption('VATEX-EU-AE', 'AE'),
  ...Object.entries(SCHEME_VALUES).map(([scheme, [en, pint, sound]]) => rule(en, pint, `an identifier of scheme ${scheme}`, identified(scheme), (e) => sound(e.text.trim()))),
];

const place = (c: Checked, party: string): string => {
  const vat = all(c.root, `${party}/cac:Party/cac:PartyTaxScheme`).find((t) => textAt(t, 'cac:TaxScheme/cbc:ID') === 'VAT');
  const prefix = (vat && textAt(vat, 'cbc:CompanyID')?.slice(0, 2).toUpperCase()) ?? textAt(c.root, `${party}/cac:Party/cac:PostalAddress/cac:Country/cbc:IdentificationCode`) ?? 'XX';
  return prefix === 'EL' ? 'GR' : prefix;
};
const sellerIn = (country: string) => (c: Checked): readonly XmlElement[] => (place(c, 'cac:AccountingSupplierParty') === country ? all(c.root, 'cac:AccountingSupplierParty/cac:Party') : []);
const within = (country: string) => (c: Checked): readonly XmlElement[] => (place(c, 'cac:AccountingSupplierParty') === country && place(c, 'cac:AccountingCustomerParty') === country ? [c.root] : []);
const addressed = (e: XmlElement): boolean => ['cbc:StreetName', 'cbc:CityName', 'cbc:PostalZone'].every((n) => has(e, `cac:PostalAddress/${n}`));
const legal = (e: XmlElement): XmlElement | undefined => all(e, 'cac:PartyLegalEntity/cbc:CompanyID')[0];
const SUPPLIER = 'cac:AccountingSupplierParty/cac:Party';
const CUSTOMER = 'cac:AccountingCustomerParty/cac:Party';

/** National rules of BIS Billing 3.0 for sellers there, as far as documents of the exchange meet them. What a seller's document cannot meet is found, and does not leave: Greek numbers need a mark of the tax authority. */
export const NATIONAL_RULES: readonly Rule[] = [
  rule('DK-R-002', null, 'a Danish seller states its CVR', sellerIn('DK'), (e) => legal(e) !== undefined), rule('DK-R-014', null, 'a Danish number has scheme 0184', sellerIn('DK'), (e) => legal(e) === undefined || legal(e)!.attributes['schemeID'] === '0184'),
  rule('IT-R-002', null, 'an Italian seller states its address', sellerIn('IT'), addressed), rule('NL-R-002', null, 'a Dutch seller states its address', sellerIn('NL'), addressed),
  rule('NL-R-003', null, 'a Dutch number has scheme 0106 or 0190', sellerIn('NL'), (e) => legal(e) === undefined || ['0106', '0190'].includes(legal(e)!.attributes['schemeID'] ?? '')),
  rule('NL-R-001', null, 'a Dutch credit note names its invoice', (c) => (sellerIn('NL')(c).length && c.root.name === 'cn:CreditNote' ? [c.root] : []), (e) => has(e, 'cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID')),
  rule('NL-R-007', null, 'a Dutch invoice states the means of payment', (c) => (sellerIn('NL')(c).length && c.root.name === 'inv:Invoice' && amountAt(c.root, 'cac:LegalMonetaryTotal/cbc:PayableAmount') > 0n ? [c.root] : []), (e) => has(e, 'cac:PaymentMeans')),
  rule('SE-R-013', null, 'a Swedish number is one', sellerIn('SE'), (e) => legal(e) === undefined || isLuhn(legal(e)!.text.trim())),
  rule('SE-R-006', null, 'Swedish rates are 25, 12 and 6 %', sellerIn('SE'), (_, c) => everyNamed(c.root, 'cac:TaxCategory', 'cac:ClassifiedTaxCategory').every((t) => textAt(t, 'cbc:ID') !== 'S' || ['25', '12', '6'].includes(textAt(t, 'cbc:Percent') ?? ''))),
  rule('GR-R-001', null, 'a Greek number carries the mark of the authority', sellerIn('GR'), () => false), rule('IS-R-002', null, 'an Icelandic seller has a kennitala', sellerIn('IS'), (e) => legal(e)?.attributes['schemeID'] === '0196'),
  rule('DE-R-001', null, 'within Germany the means of payment are stated', within('DE'), (e) => has(e, 'cac:PaymentMeans')), rule('DE-R-002', null, 'within Germany the seller has a contact', within('DE'), (e) => ['cbc:Name', 'cbc:Telephone', 'cbc:ElectronicMail'].every((n) => has(e, `${SUPPLIER}/cac:Contact/${n}`))),
  rule('DE-R-003', null, 'within Germany both sides have city and post code', within('DE'), (e) => [SUPPLIER, CUSTOMER].every((p) => has(e, `${p}/cac:PostalAddress/cbc:CityName`) && has(e, `${p}/cac:PostalAddress/cbc:PostalZone`))), rule('DE-R-015', null, 'within Germany there is a buyer reference', within('DE'), (e) => has(e, 'cbc:BuyerReference')),
];
