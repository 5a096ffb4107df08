import { minorPlaces, readMinor } from '../model/amount.js';
import type { Adjustment, IdentifierKind, InvoiceDocument, Line, Party, TaxCategory, TaxSubtotal } from '../model/document.js';
import { all, first, textAt, type XmlElement } from '../xml/element.js';
import { isXmlProblem, readXml } from '../xml/read-xml.js';

export interface UnreadableDocument {
  readonly problem: string;
}
class Unreadable extends Error {}

/** Reads a Peppol invoice or credit note of whomever: what is needed to say what is owed, to whom and for what. Rules that are broken beside that are not looked for. */
export function readUbl(xml: string): InvoiceDocument | UnreadableDocument {
  const root = readXml(xml);
  if (isXmlProblem(root)) return root;
  if (root.name !== 'inv:Invoice' && root.name !== 'cn:CreditNote') return { problem: `${root.name} is no invoice` };
  try {
    return documentOf(root);
  } catch (error) {
    if (error instanceof Unreadable) return { problem: error.message };
    throw error;
  }
}
export const isUnreadable = (read: InvoiceDocument | UnreadableDocument): read is UnreadableDocument => 'problem' in read;

function needed(e: XmlElement, path: string): string {
  const text = textAt(e, path);
  if (!text) throw new Unreadable(`${path} is missing`);
  return text;
}
/** Minor units of a currency; an amount that is finer than its currency is not read. */
function minorAt(e: XmlElement, path: string, currency: string): bigint | undefined {
  const found = first(e, path);
  if (!found) return undefined;
  const minor = readMinor(found.text, minorPlaces(currency));
  if (minor === undefined || (found.attributes['currencyID'] !== undefined && found.attributes['currencyID'] !== currency)) throw new Unreadable(`${path} is no amount in ${currency}`);
  return minor;
}
const neededMinor = (e: XmlElement, path: string, currency: string): bigint => {
  const minor = minorAt(e, path, currency);
  if (minor === undefined) throw new Unreadable(`${path} is missing`);
  return minor;
};
const basisPoints = (text: string | undefined): number => Number(readMinor(text ?? '0', 2) ?? 0n);

function documentOf(root: XmlElement): InvoiceDocument {
  const currency = needed(root, 'cbc:DocumentCurrencyCode');
  const code = needed(root, root.name === 'inv:Invoice' ? 'cbc:InvoiceTypeCode' : 'cbc:CreditNoteTypeCode');
  const lines = [...all(root, 'cac:InvoiceLine'), ...all(root, 'cac:CreditNoteLine')].map((l) => line(l, currency));
  const totals = first(root, 'cac:LegalMonetaryTotal');
  if (lines.length === 0 || !totals) throw new Unreadable('no line or no total');
  const period = first(root, 'cac:InvoicePeriod');
  const [from, to] = [period && textAt(period, 'cbc:StartDate'), period && textAt(period, 'cbc:EndDate')];
  return {
    type: root.name === 'inv:Invoice' ? 'INVOICE' : 'CREDIT_NOTE', issuedBy: ['389', '261', '527'].includes(code) ? 'BUYER' : 'SELLER', number: needed(root, 'cbc:ID'), uuid: textAt(root, 'cbc:UUID') ?? '', issuedOn: needed(root, 'cbc:IssueDate'),
    dueOn: textAt(root, 'cbc:DueDate') ?? textAt(root, 'cac:PaymentMeans/cbc:PaymentDueDate') ?? null, currency, accounting: null, buyerReference: textAt(root, 'cbc:BuyerReference') ?? null, purchaseOrder: textAt(root, 'cac:OrderReference/cbc:ID') ?? null,
    contract: textAt(root, 'cac:ContractDocumentReference/cbc:ID') ?? null, project: textAt(root, 'cac:ProjectReference/cbc:ID') ?? all(root, 'cac:AdditionalDocumentReference').filter((d) => textAt(d, 'cbc:DocumentTypeCode') === '50').map((d) => textAt(d, 'cbc:ID') ?? null)[0] ?? null,
    note: textAt(root, 'cbc:Note') ?? null, period: from && to ? { from, to } : null,
    preceding: all(root, 'cac:BillingReference/cac:InvoiceDocumentReference').map((p) => ({ number: needed(p, 'cbc:ID'), issuedOn: textAt(p, 'cbc:IssueDate') ?? null })), seller: party(root, 'cac:AccountingSupplierParty/cac:Party'), buyer: party(root, 'cac:AccountingCustomerParty/cac:Party'),
    payment: payment(root), lines, adjustments: all(root, 'cac:AllowanceCharge').map((a) => ({ ...adjustment(a, currency), tax: tax(first(a, 'cac:TaxCategory')) })),
    taxes: all(root, 'cac:TaxTotal/cac:TaxSubtotal').map((s): TaxSubtotal => ({ tax: tax(first(s, 'cac:TaxCategory')), taxableMinor: neededMinor(s, 'cbc:TaxableAmount', currency), taxMinor: neededMinor(s, 'cbc:TaxAmount', currency) })),
    prepaidMinor: minorAt(totals, 'cbc:PrepaidAmount', currency) ?? 0n,
  };
}

function tax(category: XmlElement | undefined): TaxCategory {
  if (!category) throw new Unreadable('a tax category is missing');
  return { code: needed(category, 'cbc:ID'), basisPoints: basisPoints(textAt(category, 'cbc:Percent')), reason: textAt(category, 'cbc:TaxExemptionReason') ?? null, reasonCode: textAt(category, 'cbc:TaxExemptionReasonCode') ?? null };
}
function adjustment(a: XmlElement, currency: string): Adjustment {
  const [percent, baseMinor] = [textAt(a, 'cbc:MultiplierFactorNumeric'), minorAt(a, 'cbc:BaseAmount', currency)];
  return {
    kind: textAt(a, 'cbc:ChargeIndicator') === 'true' ? 'CHARGE' : 'ALLOWANCE', reason: textAt(a, 'cbc:AllowanceChargeReason') ?? '', reasonCode: textAt(a, 'cbc:AllowanceChargeReasonCode') ?? null, amountMinor: neededMinor(a, 'cbc:Amount', currency),
    share: percent !== undefined && baseMinor !== undefined ? { percent, baseMinor } : null,
  };
}
function line(l: XmlElement, currency: string): Line {
  const quantity = first(l, 'cbc:InvoicedQuantity') ?? first(l, 'cbc:CreditedQuantity');
  const item = first(l, 'cac:Item');
  if (!quantity || !item) throw new Unreadable('a line has no quantity or no item');
  const standard = first(item, 'cac:StandardItemIdentification/cbc:ID');
  const classification = first(item, 'cac:CommodityClassification/cbc:ItemClassificationCode');
  return {
    id: needed(l, 'cbc:ID'), name: needed(item, 'cbc:Name'), description: textAt(item, 'cbc:Description') ?? null, note: textAt(l, 'cbc:Note') ?? null, quantity: quantity.text.trim(), unit: quantity.attributes['unitCode'] ?? '', unitPrice: textAt(l, 'cac:Price/cbc:PriceAmount') ?? '0',
    netMinor: neededMinor(l, 'cbc:LineExtensionAmount', currency), adjustments: all(l, 'cac:AllowanceCharge').map((a) => adjustment(a, currency)), tax: tax(first(item, 'cac:ClassifiedTaxCategory')), period: null, sellersItem: textAt(item, 'cac:SellersItemIdentification/cbc:ID') ?? null,
    standardItem: standard ? { scheme: standard.attributes['schemeID'] ?? '', value: standard.text.trim() } : null, classification: classification ? { list: classification.attributes['listID'] ?? '', code: classification.text.trim() } : null,
    properties: all(item, 'cac:AdditionalItemProperty').map((p) => ({ name: textAt(p, 'cbc:Name') ?? '', value: textAt(p, 'cbc:Value') ?? '' })),
  };
}
function payment(root: XmlElement): InvoiceDocument['payment'] {
  const id = textAt(root, 'cac:PaymentMeans/cac:PayeeFinancialAccount/cbc:ID');
  return {
    means: textAt(root, 'cac:PaymentMeans/cbc:PaymentMeansCode') ?? '1', reference: textAt(root, 'cac:PaymentMeans/cbc:PaymentID') ?? null, terms: textAt(root, 'cac:PaymentTerms/cbc:Note') ?? null,
    account: id ? { id, name: textAt(root, 'cac:PaymentMeans/cac:PayeeFinancialAccount/cbc:Name') ?? null, institution: textAt(root, 'cac:PaymentMeans/cac:PayeeFinancialAccount/cac:FinancialInstitutionBranch/cbc:ID') ?? null } : null,
  };
}

const HOME: Readonly<Record<string, IdentifierKind>> = { CN: 'USCC', SG: 'UEN', HK: 'HK_BRN' };
function party(root: XmlElement, path: string): Party {
  const p = first(root, path);
  if (!p) throw new Unreadable(`${path} is missing`);
  const country = needed(p, 'cac:PostalAddress/cac:Country/cbc:IdentificationCode');
  const found = new Map<IdentifierKind, string>();
  const endpoint = first(p, 'cbc:EndpointID');
  const scheme = endpoint?.attributes['schemeID'];
  if (endpoint && scheme === '0195') found.set('UEN', endpoint.text.trim().replace(/^SGUEN/, ''));
  for (const id of [endpoint, ...all(p, 'cac:PartyIdentification/cbc:ID'), ...all(p, 'cac:PartyLegalEntity/cbc:CompanyID')]) if (id?.attributes['schemeID'] === '0199') found.set('LEI', id.text.trim());
  const legal = first(p, 'cac:PartyLegalEntity/cbc:CompanyID');
  if (legal && legal.attributes['schemeID'] === undefined && HOME[country]) found.set(HOME[country], legal.text.trim());
  for (const t of all(p, 'cac:PartyTaxScheme')) found.set(textAt(t, 'cac:TaxScheme/cbc:ID') === 'VAT' ? 'EU_VAT' : 'SG_GST', needed(t, 'cbc:CompanyID'));
  if (country !== 'SG') found.delete('SG_GST');
  const at = (name: string): string | null => textAt(p, `cac:PostalAddress/cbc:${name}`) ?? null;
  return {
    name: needed(p, 'cac:PartyLegalEntity/cbc:RegistrationName'), identifiers: [...found].map(([kind, value]) => ({ kind, value })), endpoint: endpoint && scheme ? { scheme, value: endpoint.text.trim() } : null, contact: null,
    address: { street: at('StreetName'), additional: at('AdditionalStreetName'), city: at('CityName'), postcode: at('PostalZone'), subdivision: at('CountrySubentity'), country },
  };
}
