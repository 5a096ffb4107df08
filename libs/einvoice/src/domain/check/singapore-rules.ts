import { all, everyNamed, textAt, type XmlElement } from '../xml/element.js';
import { FLAVOURS } from '../ubl/flavour.js';
import { type Checked, has, root, type Rule, rule, under } from './rule.js';

const only = (id: string, says: string, at: Rule['at'], holds: Rule['holds']): Rule => rule(null, id, says, at, holds);
/** Categories that only a registered seller uses. */
const REGISTERED: ReadonlySet<string> = new Set(['SR', 'SRCA-S', 'SRCA-C', 'ZR', 'SRRC', 'SROVR-RS', 'SROVR-LVG', 'SRLVG', 'NA']);
const whenRegistered = (c: Checked): readonly XmlElement[] => (all(c.root, 'cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory').some((t) => REGISTERED.has(textAt(t, 'cbc:ID') ?? '')) ? [c.root] : []);
const [SELLER, BUYER] = ['cac:AccountingSupplierParty/cac:Party', 'cac:AccountingCustomerParty/cac:Party'];
const stated = (type: string) => (c: Checked): readonly XmlElement[] => all(c.root, 'cac:AdditionalDocumentReference').filter((d) => textAt(d, 'cbc:DocumentTypeCode') === type);
const [INCLUDED, EXCLUDED] = [stated('sgdtotal-incl-gst'), stated('sgdtotal-excl-gst')];
const addressed = (path: string) => (e: XmlElement): boolean => has(e, `${path}/cac:PostalAddress/cbc:StreetName`) && has(e, `${path}/cac:PostalAddress/cbc:PostalZone`);
const inDollars = (e: XmlElement): boolean => /^-?\d+(\.\d{1,2})?$/.test(textAt(e, 'cbc:DocumentDescription') ?? '');

/** PINT-SG 1.4.1 (valid from 2026-05-25) beside the rules of PINT. */
export const SINGAPORE_RULES: readonly Rule[] = [
  only('PEPPOL-EN16931-R004-SG', 'the specification is that of Singapore', root, (e) => textAt(e, 'cbc:CustomizationID') === FLAVOURS.PINT_SG.customization),
  only('BR-108-GST-SG', 'a UUID shall be stated', whenRegistered, (e) => has(e, 'cbc:UUID')), only('BR-109-GST-SG', 'a UUID has its form', under('cbc:UUID'), (e) => /^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/.test(e.text.trim())),
  only('BR-105-GST-SG', 'a registered seller states its GST number', whenRegistered, (e) => all(e, `${SELLER}/cac:PartyTaxScheme`).some((t) => textAt(t, 'cac:TaxScheme/cbc:ID') === 'GST' && has(t, 'cbc:CompanyID'))),
  only('BR-106-GST-SG', 'a registered seller states street and post code', whenRegistered, addressed(SELLER)), only('BR-107-GST-SG', 'the buyer of a registered seller has street and post code', whenRegistered, addressed(BUYER)),
  only('BR-111-GST-SG', 'a credit note says why', whenRegistered, (e) => e.name !== 'cn:CreditNote' || has(e, 'cbc:Note')), only('BR-112-GST-SG', 'a registered seller states its number in the register', whenRegistered, (e) => has(e, `${SELLER}/cac:PartyLegalEntity/cbc:CompanyID`)),
  only('BR-113-GST-SG', 'GST is accounted for in dollars of Singapore', whenRegistered, (e, c) => (c.currency === 'SGD' ? !has(e, 'cbc:TaxCurrencyCode') : textAt(e, 'cbc:TaxCurrencyCode') === 'SGD')),
  only('BR-53-GST-SG', 'a tax currency has both totals in it', root, (e, c) => !has(e, 'cbc:TaxCurrencyCode') || (INCLUDED(c).length > 0 && EXCLUDED(c).length > 0)), only('BR-110-GST-SG', 'totals in dollars need the tax currency', root, (e, c) => has(e, 'cbc:TaxCurrencyCode') || INCLUDED(c).length + EXCLUDED(c).length === 0),
  only('BR-100-GST-SG', 'the total with tax is an amount', INCLUDED, inDollars), only('BR-101-GST-SG', 'the total without tax is an amount', EXCLUDED, inDollars), only('BR-103-GST-SG', 'the total with tax is in dollars', INCLUDED, (e) => textAt(e, 'cbc:ID') === 'SGD'), only('BR-104-GST-SG', 'the total without tax is in dollars', EXCLUDED, (e) => textAt(e, 'cbc:ID') === 'SGD'),
  only('UBL-SR-43-GST-SG', 'a supporting document is of a known type', under('cac:AdditionalDocumentReference'), (e, c) => ['sgdtotal-incl-gst', 'sgdtotal-excl-gst'].includes(textAt(e, 'cbc:DocumentTypeCode') ?? '') || (c.root.name === 'cn:CreditNote' && textAt(e, 'cbc:DocumentTypeCode') === '50')),
  only('BR-CL-08-SG', 'a note states no subject code', (c) => everyNamed(c.root, 'cbc:Note'), (e) => !/#[^#]{3}#/.test(e.text)),
];
