import fc from 'fast-check';
import { FLOWS } from '../../samples/flows.js';
import { makeDocument } from '../../samples/make-document.js';
import { Random } from '../../samples/random.js';
import type { Adjustment, InvoiceDocument, TaxCategory } from '../model/document.js';
import { taxesOf, totalsOf } from '../model/totals.js';
import type { Flavour } from '../ubl/flavour.js';
import { isUnsayable, ublTree, writeUbl } from '../ubl/write-ubl.js';
import type { XmlElement } from '../xml/element.js';
import { checkTree, checkUbl, RULES } from './check-ubl.js';
import { CATEGORIES } from './tax-rules.js';

const FLAVOURS: readonly Flavour[] = ['BIS3', 'BIS3_SELF_BILLING', 'PINT_SG'];
const CURRENCIES = ['CNY', 'SGD', 'HKD', 'USD', 'EUR', 'GBP', 'JPY', 'KRW', 'KWD'];

describe('what is written', () => {
  it('breaks no rule, whatever the flow, currency, kind and discounts', () => {
    fc.assert(fc.property(fc.nat(), fc.constantFrom(...FLOWS), fc.constantFrom(...CURRENCIES), fc.constantFrom('INVOICE', 'CREDIT_NOTE'), fc.constantFrom(...FLAVOURS), (seed, flow, currency, type, flavour) => {
      const document = makeDocument(new Random(seed), 1, flow, currency, { type: type as InvoiceDocument['type'], issuedBy: flavour === 'BIS3_SELF_BILLING' ? 'BUYER' : 'SELLER' });
      const xml = writeUbl(document, flavour);
      if (!isUnsayable(xml)) expect(checkUbl(xml, flavour)).toEqual([]);
    }), { numRuns: 300 });
  });
});

/** One change of a tree; the first element at the path. `//` reaches every depth. */
type Change = (root: XmlElement) => XmlElement;
const at = (path: string, change: (e: XmlElement) => readonly XmlElement[]): Change => {
  const names = path.split('/');
  const walk = (e: XmlElement, depth: number): readonly XmlElement[] => {
    if (depth === names.length) return change(e);
    let done = false;
    return [{ ...e, children: e.children.flatMap((c) => (!done && c.name === names[depth] ? ((done = true), walk(c, depth + 1)) : [c])) }];
  };
  return (root) => walk(root, 0)[0]!;
};
const drop = (path: string): Change => at(path, () => []);
const put = (path: string, text: string): Change => at(path, (e) => [{ ...e, text }]);
const mark = (path: string, name: string, value: string): Change => at(path, (e) => [{ ...e, attributes: { ...e.attributes, [name]: value } }]);
const twice = (path: string): Change => at(path, (e) => [e, e]);
const add = (path: string, ...children: XmlElement[]): Change => (root) => (path ? at(path, (e) => [{ ...e, children: [...children, ...e.children] }])(root) : { ...root, children: [...root.children, ...children] });
const leaf = (name: string, text: string, attributes: Record<string, string> = {}): XmlElement => ({ name, attributes, children: [], text });
const node = (name: string, ...children: XmlElement[]): XmlElement => ({ name, attributes: {}, children, text: '' });
const all = (...changes: Change[]): Change => (root) => changes.reduce((r, c) => c(r), root);

const [SUPPLIER, CUSTOMER, LINE, TOTAL, CATEGORY] = ['cac:AccountingSupplierParty/cac:Party', 'cac:AccountingCustomerParty/cac:Party', 'cac:InvoiceLine', 'cac:LegalMonetaryTotal', 'cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory'];
const ALLOWANCE = 'cac:AllowanceCharge';

/** Rich in everything that is written: discounts and charges on both levels, periods, references, identifiers. */
function rich(flavour: Flavour, tax: TaxCategory, { currency = 'SGD', type = 'INVOICE', flow = 'sg-domestic' }: { currency?: string; type?: InvoiceDocument['type']; flow?: string } = {}): InvoiceDocument {
  const { seller, buyer } = FLOWS.find((f) => f.name === flow)!;
  const random = new Random(7);
  const made = makeDocument(random, 1, { name: flow, seller, buyer, tax }, currency, { type, issuedBy: flavour === 'BIS3_SELF_BILLING' ? 'BUYER' : 'SELLER' });
  const part = (kind: 'ALLOWANCE' | 'CHARGE', amountMinor: bigint): Adjustment => ({ kind, reason: 'agreed', reasonCode: kind === 'ALLOWANCE' ? '95' : 'FC', amountMinor, share: { baseMinor: amountMinor * 10n, percent: '10' } });
  const line = { ...made.lines[0]!, name: 'Product', quantity: '10', unitPrice: '100', period: { from: '2026-10-01', to: '2026-10-31' }, tax, standardItem: { scheme: '0160', value: '1234567890121' }, classification: { list: 'TST', code: '81112000' }, properties: [{ name: 'Licence', value: 'x' }] };
  const lines = [{ ...line, id: '1', netMinor: 90_000n, adjustments: [part('ALLOWANCE', 10_000n)] }, { ...line, id: '2', netMinor: 110_000n, adjustments: [part('CHARGE', 10_000n)] }];
  const adjustments = [{ ...part('ALLOWANCE', 3_000n), tax }, { ...part('CHARGE', 2_000n), tax }];
  const document: InvoiceDocument = { ...made, note: 'why', dueOn: '2026-12-31', purchaseOrder: 'PO-1', buyerReference: null, project: 'p', period: line.period, lines, adjustments, taxes: taxesOf(lines, adjustments), prepaidMinor: 1_000n, payment: { ...made.payment, means: '30', account: { id: 'SG1', name: null, institution: null } }, preceding: [{ number: 'INV-1', issuedOn: null }] };
  const totals = totalsOf(document);
  return { ...document, accounting: flavour === 'PINT_SG' && currency !== 'SGD' ? { currency: 'SGD', rate: '1', netMinor: totals.net, taxMinor: totals.tax, grossMinor: totals.gross } : null };
}
const S: TaxCategory = { code: 'S', basisPoints: 600, reason: null, reasonCode: null };
const SR: TaxCategory = { code: 'SR', basisPoints: 900, reason: null, reasonCode: null };
const identify = (scheme: string, value: string): Change => at(`${CUSTOMER}/cbc:EndpointID`, (e) => [{ ...e, attributes: { schemeID: scheme }, text: value }]);
const country = (code: string, ...more: Change[]): Change => all(drop(`${SUPPLIER}/cac:PartyTaxScheme`), put(`${SUPPLIER}/cac:PostalAddress/cac:Country/cbc:IdentificationCode`, code), ...more);
const within = (code: string): Change => all(country(code), drop(`${CUSTOMER}/cac:PartyTaxScheme`), put(`${CUSTOMER}/cac:PostalAddress/cac:Country/cbc:IdentificationCode`, code));
const currencyTax = all(add('', leaf('cbc:TaxCurrencyCode', 'USD'), node('cac:TaxTotal', leaf('cbc:TaxAmount', '1.00', { currencyID: 'USD' }))));
const kind = (i: number, change: Change): Change => (root) => { // the i-th allowance or charge of the document
  let seen = -1;
  return { ...root, children: root.children.map((c) => (c.name === ALLOWANCE && (seen += 1) === i ? change(c) : c)) };
};
const secondLine = (change: Change): Change => (root) => { let seen = 0; return { ...root, children: root.children.map((c) => (c.name === LINE && (seen += 1) === 2 ? change(c) : c)) }; };
const reasonless = all(drop('cbc:AllowanceChargeReason'), drop('cbc:AllowanceChargeReasonCode'));

/** One planted breach a rule, by its name in the first book that has it. Families of categories follow below. */
const BREACHES: Readonly<Record<string, Change>> = {
  'BR-01': drop('cbc:CustomizationID'), 'BR-02': drop('cbc:ID'), 'BR-03': drop('cbc:IssueDate'), 'BR-04': drop('cbc:InvoiceTypeCode'), 'BR-05': drop('cbc:DocumentCurrencyCode'), 'BR-06': drop(`${SUPPLIER}/cac:PartyLegalEntity/cbc:RegistrationName`),
  'BR-07': drop(`${CUSTOMER}/cac:PartyLegalEntity/cbc:RegistrationName`), 'BR-08': drop(`${SUPPLIER}/cac:PostalAddress`), 'BR-09': drop(`${SUPPLIER}/cac:PostalAddress/cac:Country`), 'BR-10': drop(`${CUSTOMER}/cac:PostalAddress`), 'BR-11': drop(`${CUSTOMER}/cac:PostalAddress/cac:Country`),
  'BR-12': drop(`${TOTAL}/cbc:LineExtensionAmount`), 'BR-13': drop(`${TOTAL}/cbc:TaxExclusiveAmount`), 'BR-14': drop(`${TOTAL}/cbc:TaxInclusiveAmount`), 'BR-15': drop(`${TOTAL}/cbc:PayableAmount`), 'BR-16': all(drop(LINE), drop(LINE)),
  'BR-CO-26': all(drop(`${SUPPLIER}/cac:PartyTaxScheme`), drop(`${SUPPLIER}/cac:PartyIdentification`), drop(`${SUPPLIER}/cac:PartyLegalEntity/cbc:CompanyID`)), 'BR-CO-18': drop('cac:TaxTotal/cac:TaxSubtotal'), 'BR-CO-25': all(drop('cbc:DueDate'), drop('cac:PaymentTerms')),
  'BR-49': drop('cac:PaymentMeans/cbc:PaymentMeansCode'), 'BR-50': drop('cac:PaymentMeans/cac:PayeeFinancialAccount/cbc:ID'), 'BR-61': drop('cac:PaymentMeans/cac:PayeeFinancialAccount'), 'BR-52': add('', node('cac:AdditionalDocumentReference', leaf('cbc:DocumentTypeCode', '50'))),
  'BR-55': drop('cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID'), 'BR-62': mark(`${SUPPLIER}/cbc:EndpointID`, 'schemeID', ''), 'BR-63': mark(`${CUSTOMER}/cbc:EndpointID`, 'schemeID', ''), 'PEPPOL-EN16931-R010': drop(`${CUSTOMER}/cbc:EndpointID`), 'PEPPOL-EN16931-R020': drop(`${SUPPLIER}/cbc:EndpointID`),
  'BR-CO-10': put(`${TOTAL}/cbc:LineExtensionAmount`, '1.00'), 'BR-CO-11': put(`${TOTAL}/cbc:AllowanceTotalAmount`, '1.00'), 'BR-CO-12': put(`${TOTAL}/cbc:ChargeTotalAmount`, '1.00'), 'BR-CO-13': put(`${TOTAL}/cbc:TaxExclusiveAmount`, '1.00'), 'BR-CO-14': put('cac:TaxTotal/cbc:TaxAmount', '1.00'),
  'BR-CO-15': put(`${TOTAL}/cbc:TaxInclusiveAmount`, '1.00'), 'BR-CO-16': put(`${TOTAL}/cbc:PayableAmount`, '1.00'), 'BR-DEC-09': put(`${TOTAL}/cbc:LineExtensionAmount`, '1.001'), 'BR-DEC-10': put(`${TOTAL}/cbc:AllowanceTotalAmount`, '1.001'), 'BR-DEC-11': put(`${TOTAL}/cbc:ChargeTotalAmount`, '1.001'),
  'BR-DEC-12': put(`${TOTAL}/cbc:TaxExclusiveAmount`, '1.001'), 'BR-DEC-14': put(`${TOTAL}/cbc:TaxInclusiveAmount`, '1.001'), 'BR-DEC-16': put(`${TOTAL}/cbc:PrepaidAmount`, '1.001'), 'BR-DEC-18': put(`${TOTAL}/cbc:PayableAmount`, '1.001'), 'BR-DEC-13': put('cac:TaxTotal/cbc:TaxAmount', '1.001'),
  'BR-DEC-19': put('cac:TaxTotal/cac:TaxSubtotal/cbc:TaxableAmount', '1.001'), 'BR-DEC-20': put('cac:TaxTotal/cac:TaxSubtotal/cbc:TaxAmount', '1.001'), 'BR-DEC-01': put(`${ALLOWANCE}/cbc:Amount`, '1.001'), 'BR-DEC-02': put(`${ALLOWANCE}/cbc:BaseAmount`, '1.001'), 'BR-DEC-23': put(`${LINE}/cbc:LineExtensionAmount`, '1.001'),
  'BR-DEC-24': put(`${LINE}/${ALLOWANCE}/cbc:Amount`, '1.001'), 'BR-DEC-25': put(`${LINE}/${ALLOWANCE}/cbc:BaseAmount`, '1.001'), 'PEPPOL-EN16931-R008': put('cbc:BuyerReference', ''), 'PEPPOL-EN16931-F001': put('cbc:IssueDate', '13/11/2026'), 'PEPPOL-EN16931-R051': mark(`${TOTAL}/cbc:PayableAmount`, 'currencyID', 'USD'),
  'BR-29': put('cac:InvoicePeriod/cbc:StartDate', '2027-01-01'), 'BR-CO-19': at('cac:InvoicePeriod', (e) => [{ ...e, children: [], text: 'x' }]), 'UBL-AMOUNT': put(`${LINE}/cac:Price/cbc:PriceAmount`, '1e3'),
  'BR-21': drop(`${LINE}/cbc:ID`), 'BR-22': drop(`${LINE}/cbc:InvoicedQuantity`), 'BR-23': mark(`${LINE}/cbc:InvoicedQuantity`, 'unitCode', ''), 'BR-24': drop(`${LINE}/cbc:LineExtensionAmount`), 'BR-25': drop(`${LINE}/cac:Item/cbc:Name`), 'BR-26': drop(`${LINE}/cac:Price/cbc:PriceAmount`), 'BR-27': put(`${LINE}/cac:Price/cbc:PriceAmount`, '-1'),
  'BR-CO-04': drop(`${LINE}/cac:Item/cac:ClassifiedTaxCategory`), 'BR-54': drop(`${LINE}/cac:Item/cac:AdditionalItemProperty/cbc:Value`), 'BR-64': mark(`${LINE}/cac:Item/cac:StandardItemIdentification/cbc:ID`, 'schemeID', ''), 'BR-65': mark(`${LINE}/cac:Item/cac:CommodityClassification/cbc:ItemClassificationCode`, 'listID', ''),
  'PEPPOL-EN16931-R120': put(`${LINE}/cac:Price/cbc:PriceAmount`, '99'), 'PEPPOL-EN16931-R121': put(`${LINE}/cac:Price/cbc:BaseQuantity`, '0'), 'PEPPOL-EN16931-R130': mark(`${LINE}/cac:Price/cbc:BaseQuantity`, 'unitCode', 'KGM'), 'PEPPOL-EN16931-R110': put(`${LINE}/cac:InvoicePeriod/cbc:StartDate`, '2026-09-30'), 'PEPPOL-EN16931-R111': put(`${LINE}/cac:InvoicePeriod/cbc:EndDate`, '2026-11-01'),
  'BR-31': drop(`${ALLOWANCE}/cbc:Amount`), 'BR-36': kind(1, drop('cbc:Amount')), 'BR-32': drop(`${ALLOWANCE}/cac:TaxCategory`), 'BR-37': kind(1, drop('cac:TaxCategory')), 'BR-33': kind(0, reasonless), 'BR-38': kind(1, reasonless), 'BR-41': drop(`${LINE}/${ALLOWANCE}/cbc:Amount`), 'BR-43': secondLine(drop(`${ALLOWANCE}/cbc:Amount`)),
  'BR-42': at(`${LINE}/${ALLOWANCE}`, (e) => [reasonless(e)]), 'BR-44': secondLine(at(ALLOWANCE, (e) => [reasonless(e)])), 'PEPPOL-EN16931-R040': put(`${ALLOWANCE}/cbc:MultiplierFactorNumeric`, '11'), 'PEPPOL-EN16931-R041': drop(`${ALLOWANCE}/cbc:BaseAmount`), 'PEPPOL-EN16931-R042': drop(`${ALLOWANCE}/cbc:MultiplierFactorNumeric`), 'PEPPOL-EN16931-R043': put(`${ALLOWANCE}/cbc:ChargeIndicator`, 'yes'),
  'BR-45': drop('cac:TaxTotal/cac:TaxSubtotal/cbc:TaxableAmount'), 'BR-46': drop('cac:TaxTotal/cac:TaxSubtotal/cbc:TaxAmount'), 'BR-47': drop(`${CATEGORY}/cbc:ID`), 'BR-48': drop(`${CATEGORY}/cbc:Percent`), 'BR-CO-17': put(`${CATEGORY}/cbc:Percent`, '20'), 'BR-53': all(add('', leaf('cbc:TaxCurrencyCode', 'USD'))),
  'PEPPOL-EN16931-R005': add('', leaf('cbc:TaxCurrencyCode', 'SGD')), 'PEPPOL-EN16931-R053': twice('cac:TaxTotal'), 'PEPPOL-EN16931-R054': add('', node('cac:TaxTotal', leaf('cbc:TaxAmount', '1.00', { currencyID: 'USD' }))), 'PEPPOL-EN16931-R055': all(currencyTax, put('cac:TaxTotal/cbc:TaxAmount', '-1.00')), 'BR-CO-09': add(CUSTOMER, node('cac:PartyTaxScheme', leaf('cbc:CompanyID', 'QQ1'), node('cac:TaxScheme', leaf('cbc:ID', 'VAT')))),
  'BR-CL-01': put('cbc:InvoiceTypeCode', '325'), 'BR-CL-03': mark(`${TOTAL}/cbc:PayableAmount`, 'currencyID', 'RMB'), 'BR-CL-04': put('cbc:DocumentCurrencyCode', 'RMB'), 'BR-CL-05': add('', leaf('cbc:TaxCurrencyCode', 'RMB')), 'BR-CL-10': add(CUSTOMER, node('cac:PartyIdentification', leaf('cbc:ID', 'x', { schemeID: '9999' }))), 'BR-CL-11': mark(`${SUPPLIER}/cac:PartyLegalEntity/cbc:CompanyID`, 'schemeID', '9999'),
  'BR-CL-21': mark(`${LINE}/cac:Item/cac:StandardItemIdentification/cbc:ID`, 'schemeID', '9999'), 'BR-CL-13': mark(`${LINE}/cac:Item/cac:CommodityClassification/cbc:ItemClassificationCode`, 'listID', 'QQQ'), 'BR-CL-14': put(`${SUPPLIER}/cac:PostalAddress/cac:Country/cbc:IdentificationCode`, 'QQ'), 'BR-CL-16': put('cac:PaymentMeans/cbc:PaymentMeansCode', '500'),
  'BR-CL-17': put(`${CATEGORY}/cbc:ID`, 'Q'), 'BR-CL-18': put(`${LINE}/cac:Item/cac:ClassifiedTaxCategory/cbc:ID`, 'Q'), 'BR-CL-19': put(`${ALLOWANCE}/cbc:AllowanceChargeReasonCode`, '1'), 'BR-CL-20': kind(1, put('cbc:AllowanceChargeReasonCode', '95')), 'BR-CL-22': add(CATEGORY, leaf('cbc:TaxExemptionReasonCode', 'VATEX-QQ')), 'BR-CL-23': mark(`${LINE}/cbc:InvoicedQuantity`, 'unitCode', 'PIECE'), 'BR-CL-25': identify('0131', 'x'),
  'PEPPOL-EN16931-R001': drop('cbc:ProfileID'), 'PEPPOL-EN16931-R007': put('cbc:ProfileID', 'urn:other'), 'PEPPOL-EN16931-R003': drop('cac:OrderReference'), 'PEPPOL-EN16931-R004': put('cbc:CustomizationID', 'urn:other'), 'PEPPOL-EN16931-CL008': identify('0131', 'x'), 'UBL-SR-43': add('', node('cac:AdditionalDocumentReference', leaf('cbc:ID', 'x'), leaf('cbc:DocumentTypeCode', '50'))),
  'PEPPOL-EN16931-P0104': add(CATEGORY, leaf('cbc:TaxExemptionReasonCode', 'VATEX-EU-G')), 'PEPPOL-EN16931-P0105': add(CATEGORY, leaf('cbc:TaxExemptionReasonCode', 'VATEX-EU-O')), 'PEPPOL-EN16931-P0106': add(CATEGORY, leaf('cbc:TaxExemptionReasonCode', 'VATEX-EU-IC')), 'PEPPOL-EN16931-P0107': add(CATEGORY, leaf('cbc:TaxExemptionReasonCode', 'VATEX-EU-AE')),
  'PEPPOL-COMMON-R040': identify('0088', '7300010000002'), 'PEPPOL-COMMON-R041': identify('0192', '974760674'), 'PEPPOL-COMMON-R042': identify('0184', 'DK1'), 'PEPPOL-COMMON-R043': identify('0208', '0428759498'), 'PEPPOL-COMMON-R049': identify('0007', '5567321708'), 'PEPPOL-COMMON-R050': identify('0151', '51824753557'), 'PEPPOL-COMMON-R052': identify('0096', '1'), 'PEPPOL-COMMON-R053': identify('0198', '13585628'),
  'DK-R-002': country('DK', drop(`${SUPPLIER}/cac:PartyLegalEntity/cbc:CompanyID`)), 'DK-R-014': country('DK'), 'IT-R-002': country('IT', drop(`${SUPPLIER}/cac:PostalAddress/cbc:PostalZone`)), 'NL-R-002': country('NL', drop(`${SUPPLIER}/cac:PostalAddress/cbc:CityName`)), 'NL-R-003': country('NL'), 'NL-R-001': (r) => country('NL', drop('cac:BillingReference'))({ ...r, name: 'cn:CreditNote' }),
  'NL-R-007': country('NL', drop('cac:PaymentMeans')), 'SE-R-013': country('SE'), 'SE-R-006': country('SE', put(`${CATEGORY}/cbc:Percent`, '7')), 'GR-R-001': country('GR'), 'IS-R-002': country('IS'), 'DE-R-001': all(within('DE'), drop('cac:PaymentMeans')), 'DE-R-002': within('DE'), 'DE-R-003': all(within('DE'), drop(`${CUSTOMER}/cac:PostalAddress/cbc:PostalZone`)), 'DE-R-015': within('DE'),
  'PEPPOL-EN16931-R004-SG': put('cbc:CustomizationID', 'urn:other'), 'BR-108-GST-SG': drop('cbc:UUID'), 'BR-109-GST-SG': put('cbc:UUID', 'x'), 'BR-105-GST-SG': drop(`${SUPPLIER}/cac:PartyTaxScheme`), 'BR-106-GST-SG': drop(`${SUPPLIER}/cac:PostalAddress/cbc:StreetName`), 'BR-107-GST-SG': drop(`${CUSTOMER}/cac:PostalAddress/cbc:PostalZone`), 'BR-111-GST-SG': (r) => drop('cbc:Note')({ ...r, name: 'cn:CreditNote' }),
  'BR-112-GST-SG': drop(`${SUPPLIER}/cac:PartyLegalEntity/cbc:CompanyID`), 'BR-113-GST-SG': put('cbc:DocumentCurrencyCode', 'CNY'), 'BR-53-GST-SG': currencyTax, 'BR-110-GST-SG': add('', node('cac:AdditionalDocumentReference', leaf('cbc:ID', 'SGD'), leaf('cbc:DocumentTypeCode', 'sgdtotal-incl-gst'), leaf('cbc:DocumentDescription', '1'))),
  'BR-100-GST-SG': add('', node('cac:AdditionalDocumentReference', leaf('cbc:ID', 'SGD'), leaf('cbc:DocumentTypeCode', 'sgdtotal-incl-gst'), leaf('cbc:DocumentDescription', '1.234'))), 'BR-101-GST-SG': add('', node('cac:AdditionalDocumentReference', leaf('cbc:ID', 'SGD'), leaf('cbc:DocumentTypeCode', 'sgdtotal-excl-gst'), leaf('cbc:DocumentDescription', 'x'))),
  'BR-103-GST-SG': add('', node('cac:AdditionalDocumentReference', leaf('cbc:ID', 'USD'), leaf('cbc:DocumentTypeCode', 'sgdtotal-incl-gst'), leaf('cbc:DocumentDescription', '1'))), 'BR-104-GST-SG': add('', node('cac:AdditionalDocumentReference', leaf('cbc:ID', 'USD'), leaf('cbc:DocumentTypeCode', 'sgdtotal-excl-gst'), leaf('cbc:DocumentDescription', '1'))),
  'UBL-SR-43-GST-SG': add('', node('cac:AdditionalDocumentReference', leaf('cbc:ID', 'x'), leaf('cbc:DocumentTypeCode', '50'))), 'BR-CL-08-SG': put('cbc:Note', '#ABY#text'),
};
const FAMILIES: readonly string[] = CATEGORIES.map((k) => k.family);
const familyOf = (id: string): string | undefined => FAMILIES.find((f) => id.startsWith(`${f}-`));

describe('a planted breach', () => {
  const trees = { EN: ublTree({ ...rich('BIS3', S, { flow: 'cn-domestic' }), buyerReference: 'x' }, 'BIS3'), PINT: ublTree({ ...rich('PINT_SG', SR), buyerReference: 'x' }, 'PINT_SG') };
  const anyOrder = drop('cbc:BuyerReference');

  it.each(RULES.flatMap((r) => (['EN', 'PINT'] as const).flatMap((book) => (r[book] && !familyOf(r[book]!) ? [[r[book]!, book, r.EN ?? r.PINT!] as const] : []))))('%s is found', (id, book, key) => {
    const flavour = book === 'EN' ? 'BIS3' : 'PINT_SG';
    expect(checkTree(trees[book], flavour)).toEqual([]);
    const change = BREACHES[key];
    if (!change) throw new Error(`no breach is planted for ${key}`);
    const tree = ['PEPPOL-EN16931-R003', 'DE-R-015'].includes(key) ? anyOrder(trees[book]) : trees[book];
    expect(checkTree(change(tree), flavour).map((f) => f.rule)).toContain(id);
  });

  it.each([['UBL-ELEMENT', add('', leaf('cbc:TaxPointDate', '2026-01-01'))], ['UBL-ELEMENT', mark('cbc:ID', 'languageID', 'en')], ['UBL-ORDER', (r: XmlElement) => ({ ...r, children: [...r.children].reverse() })], ['UBL-CARDINALITY', twice('cbc:ID')]] as const)('%s is found', (id, change) => {
    expect(checkTree(change(trees.EN), 'BIS3').map((f) => f.rule)).toContain(id);
  });

  it('is found behind bytes that are no XML, or have a document type', () => {
    expect(checkUbl('<a>', 'BIS3')[0]!.rule).toBe('XML');
    expect(checkUbl('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', 'BIS3')[0]).toMatchObject({ rule: 'XML', message: 'a document type is not read' });
  });
});

describe.each(CATEGORIES)('category $code', (k) => {
  const flavour: Flavour = k.book === 'EN' ? 'BIS3' : 'PINT_SG';
  const tax: TaxCategory = { code: k.code, basisPoints: k.rate === 'POSITIVE' ? 600 : 0, reason: k.reason === 'NEEDED' ? 'because' : null, reasonCode: null };
  const flow = k.seller === 'VAT' || k.code === 'AE' ? 'de-fr-reverse' : k.seller === 'NONE' ? 'sg-not-registered' : 'cn-domestic';
  const tree = ublTree({ ...rich(flavour, tax, { flow }), buyerReference: 'x' }, flavour);
  const number = node('cac:PartyTaxScheme', leaf('cbc:CompanyID', 'SG1'), node('cac:TaxScheme', leaf('cbc:ID', k.book === 'EN' ? 'VAT' : 'GST')));
  const parties = k.seller === 'NONE' ? add(SUPPLIER, number) : all(drop(`${SUPPLIER}/cac:PartyTaxScheme`), drop(`${CUSTOMER}/cac:PartyTaxScheme`));
  const rate = (path: string): Change => (k.rate === 'NONE' ? add(path, leaf('cbc:Percent', '0')) : put(`${path}/cbc:Percent`, k.rate === 'ZERO' ? '5' : '0'));
  const other = (path: string): Change => put(`${path}/cbc:ID`, k.book === 'EN' ? 'L' : 'OS');
  const changes: Readonly<Record<string, Change>> = {
    '01': drop('cac:TaxTotal/cac:TaxSubtotal'), '02': parties, '03': parties, '04': parties, '05': rate(`${LINE}/cac:Item/cac:ClassifiedTaxCategory`), '06': rate(`${ALLOWANCE}/cac:TaxCategory`), '07': kind(1, rate('cac:TaxCategory')),
    '08': put('cac:TaxTotal/cac:TaxSubtotal/cbc:TaxableAmount', '1.00'), '09': put('cac:TaxTotal/cac:TaxSubtotal/cbc:TaxAmount', '700.00'), '10': k.reason === 'NEEDED' ? drop(`${CATEGORY}/cbc:TaxExemptionReason`) : add(CATEGORY, leaf('cbc:TaxExemptionReason', 'x')),
    '11': at('cac:TaxTotal/cac:TaxSubtotal', (e) => [e, other('cac:TaxCategory')(e)]), '12': other(`${LINE}/cac:Item/cac:ClassifiedTaxCategory`), '13': other(`${ALLOWANCE}/cac:TaxCategory`), '14': kind(1, other('cac:TaxCategory')),
  };
  const ids = RULES.flatMap((r) => (r[k.book]?.startsWith(`${k.family}-`) ? [r[k.book]!] : []));

  it('passes as it is written', () => expect(checkTree(tree, flavour)).toEqual([]));
  it.each(ids)('%s finds its breach', (id) => expect(checkTree(changes[id.slice(k.family.length + 1).slice(0, 2)]!(tree), flavour).map((f) => f.rule)).toContain(id));
});
