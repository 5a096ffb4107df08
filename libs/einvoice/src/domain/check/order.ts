import { type XmlElement } from '../xml/element.js';
import type { Finding } from './rule.js';

const PARTY = 'cbc:EndpointID cac:PartyIdentification cac:PartyName cac:PostalAddress cac:PartyTaxScheme* cac:PartyLegalEntity cac:Contact';
const REFERENCES = 'cac:InvoicePeriod cac:OrderReference cac:BillingReference*';
const ITEM = 'cbc:Description cbc:Name cac:SellersItemIdentification cac:StandardItemIdentification cac:CommodityClassification* cac:ClassifiedTaxCategory cac:AdditionalItemProperty*';

/** Children of each aggregate that is written, in the order of the UBL 2.1 schema; `*`: more than once. What is not here is not written. */
const CHILDREN: Readonly<Record<string, string>> = {
  'inv:Invoice': `cbc:CustomizationID cbc:ProfileID cbc:ID cbc:UUID cbc:IssueDate cbc:DueDate cbc:InvoiceTypeCode cbc:Note cbc:DocumentCurrencyCode cbc:TaxCurrencyCode cbc:BuyerReference ${REFERENCES} cac:ContractDocumentReference
    cac:AdditionalDocumentReference* cac:ProjectReference cac:AccountingSupplierParty cac:AccountingCustomerParty cac:PaymentMeans cac:PaymentTerms cac:AllowanceCharge* cac:TaxTotal* cac:LegalMonetaryTotal cac:InvoiceLine*`,
  'cn:CreditNote': `cbc:CustomizationID cbc:ProfileID cbc:ID cbc:UUID cbc:IssueDate cbc:CreditNoteTypeCode cbc:Note cbc:DocumentCurrencyCode cbc:TaxCurrencyCode cbc:BuyerReference ${REFERENCES} cac:ContractDocumentReference
    cac:AdditionalDocumentReference* cac:AccountingSupplierParty cac:AccountingCustomerParty cac:PaymentMeans cac:PaymentTerms cac:AllowanceCharge* cac:TaxTotal* cac:LegalMonetaryTotal cac:CreditNoteLine*`,
  'cac:InvoicePeriod': 'cbc:StartDate cbc:EndDate', 'cac:OrderReference': 'cbc:ID', 'cac:BillingReference': 'cac:InvoiceDocumentReference', 'cac:InvoiceDocumentReference': 'cbc:ID cbc:IssueDate', 'cac:ContractDocumentReference': 'cbc:ID',
  'cac:AdditionalDocumentReference': 'cbc:ID cbc:DocumentTypeCode cbc:DocumentDescription', 'cac:ProjectReference': 'cbc:ID', 'cac:AccountingSupplierParty': 'cac:Party', 'cac:AccountingCustomerParty': 'cac:Party', 'cac:Party': PARTY,
  'cac:PartyIdentification': 'cbc:ID', 'cac:PartyName': 'cbc:Name', 'cac:PostalAddress': 'cbc:StreetName cbc:AdditionalStreetName cbc:CityName cbc:PostalZone cbc:CountrySubentity cac:Country', 'cac:Country': 'cbc:IdentificationCode',
  'cac:PartyTaxScheme': 'cbc:CompanyID cac:TaxScheme', 'cac:TaxScheme': 'cbc:ID', 'cac:PartyLegalEntity': 'cbc:RegistrationName cbc:CompanyID', 'cac:Contact': 'cbc:Name cbc:Telephone cbc:ElectronicMail',
  'cac:PaymentMeans': 'cbc:PaymentMeansCode cbc:PaymentDueDate cbc:PaymentID cac:PayeeFinancialAccount', 'cac:PayeeFinancialAccount': 'cbc:ID cbc:Name cac:FinancialInstitutionBranch', 'cac:FinancialInstitutionBranch': 'cbc:ID',
  'cac:PaymentTerms': 'cbc:Note', 'cac:AllowanceCharge': 'cbc:ChargeIndicator cbc:AllowanceChargeReasonCode cbc:AllowanceChargeReason cbc:MultiplierFactorNumeric cbc:Amount cbc:BaseAmount cac:TaxCategory',
  'cac:TaxCategory': 'cbc:ID cbc:Percent cbc:TaxExemptionReasonCode cbc:TaxExemptionReason cac:TaxScheme', 'cac:ClassifiedTaxCategory': 'cbc:ID cbc:Percent cac:TaxScheme', 'cac:TaxTotal': 'cbc:TaxAmount cac:TaxSubtotal*',
  'cac:TaxSubtotal': 'cbc:TaxableAmount cbc:TaxAmount cac:TaxCategory',
  'cac:LegalMonetaryTotal': 'cbc:LineExtensionAmount cbc:TaxExclusiveAmount cbc:TaxInclusiveAmount cbc:AllowanceTotalAmount cbc:ChargeTotalAmount cbc:PrepaidAmount cbc:PayableAmount',
  'cac:InvoiceLine': 'cbc:ID cbc:Note cbc:InvoicedQuantity cbc:LineExtensionAmount cac:InvoicePeriod cac:AllowanceCharge* cac:Item cac:Price',
  'cac:CreditNoteLine': 'cbc:ID cbc:Note cbc:CreditedQuantity cbc:LineExtensionAmount cac:InvoicePeriod cac:AllowanceCharge* cac:Item cac:Price',
  'cac:Item': ITEM, 'cac:SellersItemIdentification': 'cbc:ID', 'cac:StandardItemIdentification': 'cbc:ID', 'cac:CommodityClassification': 'cbc:ItemClassificationCode', 'cac:AdditionalItemProperty': 'cbc:Name cbc:Value', 'cac:Price': 'cbc:PriceAmount cbc:BaseQuantity',
};
interface Place {
  readonly index: number;
  readonly many: boolean;
}
const ORDERS = new Map(Object.entries(CHILDREN).map(([name, list]) => [name, new Map(list.split(/\s+/).map((child, index): [string, Place] => [child.replace('*', ''), { index, many: child.endsWith('*') }]))]));
/** Attributes that leaves may carry. */
const ATTRIBUTES: ReadonlySet<string> = new Set(['currencyID', 'unitCode', 'schemeID', 'listID']);

/** UBL-ELEMENT: an element or attribute that is not written; UBL-ORDER: one out of place; UBL-CARDINALITY (UBL-SR rules): twice what may stand once. */
export function orderFindings(element: XmlElement, path = element.name): Finding[] {
  const found: Finding[] = Object.keys(element.attributes).filter((a) => !ATTRIBUTES.has(a)).map((a) => ({ rule: 'UBL-ELEMENT', at: `${path}/@${a}`, message: 'an attribute that is not written' }));
  const order = ORDERS.get(element.name);
  if (!order) return element.children.length ? [...found, { rule: 'UBL-ELEMENT', at: path, message: 'an element that has no children here' }] : found;
  let [last, previous] = [-1, ''];
  for (const child of element.children) {
    const [place, at] = [order.get(child.name), `${path}/${child.name}`];
    if (!place) {
      found.push({ rule: 'UBL-ELEMENT', at, message: 'an element that is not written' });
      continue;
    }
    if (place.index < last) found.push({ rule: 'UBL-ORDER', at, message: `stands behind ${previous}` });
    if (place.index === last && !place.many) found.push({ rule: 'UBL-CARDINALITY', at, message: 'stands twice' });
    if (place.index >= last) [last, previous] = [place.index, child.name];
    found.push(...orderFindings(child, at));
  }
  return found;
}
