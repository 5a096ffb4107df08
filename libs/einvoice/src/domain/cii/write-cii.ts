import { minorPlaces, renderMinor } from '../model/amount.js';
import type { Adjustment, InvoiceDocument, Line, Party, TaxCategory, TaxedAdjustment } from '../model/document.js';
import { fitTwoPlaces, totalsOf } from '../model/totals.js';
import { categoryIn, hasNoRate } from '../ubl/flavour.js';
import { endpointOf, legalId, otherId, type TaxNumber, taxNumbersOf } from '../ubl/parties.js';
import { percentText, priceOf, quantityOf, shareOf } from '../ubl/parts.js';
import { type Content, el, type XmlElement } from '../xml/element.js';
import { writeXml } from '../xml/write-xml.js';

/** UN/CEFACT CII D16B as EN 16931 takes it: the sibling of the UBL of BIS. The same document says the same in both, so what the rules say of one holds for the other. */
export function writeCii(exact: InvoiceDocument): string {
  const { document, places } = fitTwoPlaces(exact);
  const amount = (name: string, minor: bigint): XmlElement | null => el(name, renderMinor(minor, places));
  const code = document.issuedBy === 'BUYER' ? (document.type === 'INVOICE' ? '389' : '261') : document.type === 'INVOICE' ? '380' : '381';
  return writeXml(el('rsm:CrossIndustryInvoice', [
    el('rsm:ExchangedDocumentContext', [el('ram:GuidelineSpecifiedDocumentContextParameter', [el('ram:ID', 'urn:cen.eu:en16931:2017')])]),
    el('rsm:ExchangedDocument', [el('ram:ID', document.number), el('ram:TypeCode', code), el('ram:IssueDateTime', [day(document.issuedOn)]), el('ram:IncludedNote', [el('ram:Content', document.note)])]),
    el('rsm:SupplyChainTradeTransaction', [
      document.lines.map((line) => lineItem(line, places, amount)!), agreement(document), { name: 'ram:ApplicableHeaderTradeDelivery', attributes: {}, children: [], text: '' }, settlement(document, places, amount),
    ]),
  ])!);
}
type Amount = (name: string, minor: bigint) => XmlElement | null;
const day = (text: string | null, name = 'udt:DateTimeString'): XmlElement | null => el(name, text && text.replaceAll('-', ''), { format: '102' });
const period = (p: InvoiceDocument['period']): XmlElement | null => p && el('ram:BillingSpecifiedPeriod', [el('ram:StartDateTime', [day(p.from)]), el('ram:EndDateTime', [day(p.to)])]);

/** Type, category and rate, with what stands between them where the breakdown is written. */
function tax(name: string, { code, basisPoints, reason, reasonCode }: TaxCategory, amounts?: { readonly calculated: XmlElement | null; readonly basis: XmlElement | null }): XmlElement | null {
  const category = categoryIn('BIS3', { code, basisPoints, reason, reasonCode })!;
  const reasons = amounts && !['S', 'Z'].includes(category);
  const parts: Content = [
    amounts?.calculated ?? null, el('ram:TypeCode', 'VAT'), reasons ? el('ram:ExemptionReason', reason) : null, amounts?.basis ?? null, el('ram:CategoryCode', category),
    reasons ? el('ram:ExemptionReasonCode', reasonCode) : null, hasNoRate(category) ? null : el('ram:RateApplicablePercent', percentText(basisPoints)),
  ];
  return el(name, parts);
}

function adjustment(a: Adjustment | TaxedAdjustment, places: number, amount: Amount): XmlElement | null {
  const share = shareOf(a, places);
  return el('ram:SpecifiedTradeAllowanceCharge', [
    el('ram:ChargeIndicator', [el('udt:Indicator', a.kind === 'CHARGE' ? 'true' : 'false')]), share && el('ram:CalculationPercent', share.percent), share && amount('ram:BasisAmount', share.baseMinor), amount('ram:ActualAmount', a.amountMinor),
    el('ram:ReasonCode', a.reasonCode), el('ram:Reason', a.reason), 'tax' in a ? tax('ram:CategoryTradeTax', a.tax) : null,
  ]);
}

function lineItem(line: Line, places: number, amount: Amount): XmlElement | null {
  const { price, base, isAgreed } = priceOf(line, places);
  const properties = [...line.properties, ...(isAgreed ? [] : [{ name: 'Agreed unit price', value: line.unitPrice }])];
  return el('ram:IncludedSupplyChainTradeLineItem', [
    el('ram:AssociatedDocumentLineDocument', [el('ram:LineID', line.id), el('ram:IncludedNote', [el('ram:Content', line.note)])]),
    el('ram:SpecifiedTradeProduct', [
      el('ram:GlobalID', line.standardItem?.value ?? null, { schemeID: line.standardItem?.scheme ?? '' }), el('ram:SellerAssignedID', line.sellersItem), el('ram:Name', line.name), el('ram:Description', line.description),
      properties.map((p) => el('ram:ApplicableProductCharacteristic', [el('ram:Description', p.name), el('ram:Value', p.value)])!),
      el('ram:DesignatedProductClassification', [el('ram:ClassCode', line.classification?.code ?? null, { listID: line.classification?.list ?? '' })]),
    ]),
    el('ram:SpecifiedLineTradeAgreement', [el('ram:NetPriceProductTradePrice', [el('ram:ChargeAmount', price), el('ram:BasisQuantity', base, { unitCode: line.unit })])]),
    el('ram:SpecifiedLineTradeDelivery', [el('ram:BilledQuantity', quantityOf(line), { unitCode: line.unit })]),
    el('ram:SpecifiedLineTradeSettlement', [
      tax('ram:ApplicableTradeTax', line.tax), period(line.period), line.adjustments.map((a) => adjustment(a, places, amount)!), el('ram:SpecifiedTradeSettlementLineMonetarySummation', [amount('ram:LineTotalAmount', line.netMinor)]),
    ]),
  ]);
}

function party(name: string, p: Party, numbers: readonly TaxNumber[]): XmlElement | null {
  const [endpoint, legal, other, { address, contact }] = [endpointOf(p), legalId(p), otherId(p), p];
  return el(name, [
    other && (other.scheme ? el('ram:GlobalID', other.value, { schemeID: other.scheme }) : el('ram:ID', other.value)), el('ram:Name', p.name),
    legal ? el('ram:SpecifiedLegalOrganization', [el('ram:ID', legal.value, legal.scheme ? { schemeID: legal.scheme } : {})]) : null,
    contact && el('ram:DefinedTradeContact', [el('ram:PersonName', contact.name), el('ram:TelephoneUniversalCommunication', [el('ram:CompleteNumber', contact.phone)]), el('ram:EmailURIUniversalCommunication', [el('ram:URIID', contact.email)])]),
    el('ram:PostalTradeAddress', [el('ram:PostcodeCode', address.postcode), el('ram:LineOne', address.street), el('ram:LineTwo', address.additional), el('ram:CityName', address.city), el('ram:CountryID', address.country), el('ram:CountrySubDivisionName', address.subdivision)]),
    endpoint ? el('ram:URIUniversalCommunication', [el('ram:URIID', endpoint.value, { schemeID: endpoint.scheme })]) : null,
    numbers.map((n) => el('ram:SpecifiedTaxRegistration', [el('ram:ID', n.value, { schemeID: n.scheme === 'VAT' ? 'VA' : 'FC' })])!),
  ]);
}

function agreement(document: InvoiceDocument): XmlElement | null {
  const outside = document.taxes.some((t) => categoryIn('BIS3', t.tax) === 'O');
  return el('ram:ApplicableHeaderTradeAgreement', [
    el('ram:BuyerReference', document.buyerReference ?? (document.purchaseOrder ? null : document.contract)), party('ram:SellerTradeParty', document.seller, taxNumbersOf(document.seller, 'SELLER', 'VAT', outside)),
    party('ram:BuyerTradeParty', document.buyer, taxNumbersOf(document.buyer, 'BUYER', 'VAT', outside)), el('ram:BuyerOrderReferencedDocument', [el('ram:IssuerAssignedID', document.purchaseOrder)]),
    el('ram:ContractReferencedDocument', [el('ram:IssuerAssignedID', document.contract)]), document.project ? el('ram:SpecifiedProcuringProject', [el('ram:ID', document.project), el('ram:Name', 'Project reference')]) : null,
  ]);
}

function settlement(document: InvoiceDocument, places: number, amount: Amount): XmlElement | null {
  const { payment, accounting } = document;
  const [totals, account] = [totalsOf(document), payment.account];
  const isIban = account !== null && /^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/.test(account.id);
  return el('ram:ApplicableHeaderTradeSettlement', [
    el('ram:PaymentReference', payment.reference), accounting && el('ram:TaxCurrencyCode', accounting.currency), el('ram:InvoiceCurrencyCode', document.currency),
    el('ram:SpecifiedTradeSettlementPaymentMeans', [
      el('ram:TypeCode', payment.means), account && el('ram:PayeePartyCreditorFinancialAccount', [isIban ? el('ram:IBANID', account.id) : null, el('ram:AccountName', account.name), isIban ? null : el('ram:ProprietaryID', account.id)]),
      account && el('ram:PayeeSpecifiedCreditorFinancialInstitution', [el('ram:BICID', account.institution)]),
    ]),
    document.taxes.map((t) => tax('ram:ApplicableTradeTax', t.tax, { calculated: amount('ram:CalculatedAmount', t.taxMinor), basis: amount('ram:BasisAmount', t.taxableMinor) })!), period(document.period),
    document.adjustments.map((a) => adjustment(a, places, amount)!), el('ram:SpecifiedTradePaymentTerms', [el('ram:Description', payment.terms), el('ram:DueDateDateTime', [day(document.dueOn)])]),
    el('ram:SpecifiedTradeSettlementHeaderMonetarySummation', [
      amount('ram:LineTotalAmount', totals.lines), totals.charges ? amount('ram:ChargeTotalAmount', totals.charges) : null, totals.allowances ? amount('ram:AllowanceTotalAmount', totals.allowances) : null, amount('ram:TaxBasisTotalAmount', totals.net),
      el('ram:TaxTotalAmount', renderMinor(totals.tax, places), { currencyID: document.currency }), accounting && el('ram:TaxTotalAmount', renderMinor(accounting.taxMinor, minorPlaces(accounting.currency)), { currencyID: accounting.currency }),
      amount('ram:GrandTotalAmount', totals.gross), totals.prepaid ? amount('ram:TotalPrepaidAmount', totals.prepaid) : null, amount('ram:DuePayableAmount', totals.payable),
    ]),
    document.preceding.map((p) => el('ram:InvoiceReferencedDocument', [el('ram:IssuerAssignedID', p.number), el('ram:FormattedIssueDateTime', [day(p.issuedOn, 'qdt:DateTimeString')])])!),
  ]);
}
