import { minorPlaces, renderMinor } from '../model/amount.js';
import type { InvoiceDocument, Payment } from '../model/document.js';
import { fitTwoPlaces, totalsOf } from '../model/totals.js';
import { el, type XmlElement } from '../xml/element.js';
import { writeXml } from '../xml/write-xml.js';
import { categoryIn, type Flavour, FLAVOURS, hasNoRate, unsayable } from './flavour.js';
import { partyElement, taxNumbersOf } from './parties.js';
import { adjustmentElement, lineElement, money, periodElement, taxCategory, type Writing } from './parts.js';

export interface Unsayable {
  readonly unsayable: string;
}
export const isUnsayable = (written: string | Unsayable): written is Unsayable => typeof written !== 'string';

/** UBL 2.1 of a document in one specification, or why that has no words for it. Elements stand in the order of the schema. */
export function writeUbl(document: InvoiceDocument, flavour: Flavour): string | Unsayable {
  const reason = unsayable(flavour, document);
  return reason ? { unsayable: reason } : writeXml(ublTree(document, flavour));
}

/** Of a document that can be said. */
export function ublTree(exact: InvoiceDocument, flavour: Flavour): XmlElement {
  const { document, places } = fitTwoPlaces(exact);
  const w: Writing = { document, flavour, places };
  return document.type === 'INVOICE' ? invoice(w) : creditNote(w);
}

function invoice(w: Writing): XmlElement {
  const { document, flavour } = w;
  return el('inv:Invoice', [
    ...head(w), el('cbc:IssueDate', document.issuedOn), el('cbc:DueDate', document.dueOn), el('cbc:InvoiceTypeCode', FLAVOURS[flavour].invoice), el('cbc:Note', document.note), ...currencies(w), ...references(w),
    el('cac:ProjectReference', [el('cbc:ID', document.project)]), ...parties(w), paymentMeans(document.payment, null), terms(document.payment), adjustments(w), ...taxTotals(w), monetaryTotal(w), lines(w),
  ])!;
}

/** No DueDate and no ProjectReference in the schema: they stand with the means of payment, and as a document of type 50. */
function creditNote(w: Writing): XmlElement {
  const { document, flavour } = w;
  return el('cn:CreditNote', [
    ...head(w), el('cbc:IssueDate', document.issuedOn), el('cbc:CreditNoteTypeCode', FLAVOURS[flavour].creditNote), el('cbc:Note', document.note), ...currencies(w), ...references(w),
    el('cac:AdditionalDocumentReference', [el('cbc:ID', document.project), document.project ? el('cbc:DocumentTypeCode', '50') : null]), ...parties(w), paymentMeans(document.payment, document.dueOn), terms(document.payment),
    adjustments(w), ...taxTotals(w), monetaryTotal(w), lines(w),
  ])!;
}

type Parts = (XmlElement | null)[];
const head = ({ document, flavour }: Writing): Parts => [
  el('cbc:CustomizationID', FLAVOURS[flavour].customization), el('cbc:ProfileID', FLAVOURS[flavour].profile), el('cbc:ID', document.number), flavour === 'PINT_SG' ? el('cbc:UUID', document.uuid) : null,
];
const currencies = ({ document }: Writing): Parts => [
  el('cbc:DocumentCurrencyCode', document.currency), document.accounting && el('cbc:TaxCurrencyCode', document.accounting.currency),
  el('cbc:BuyerReference', document.buyerReference ?? (document.purchaseOrder ? null : document.contract)),
];

function references({ document, flavour }: Writing): Parts {
  const { accounting } = document;
  const stated = (type: string, minor: bigint): XmlElement | null =>
    accounting && flavour === 'PINT_SG'
      ? el('cac:AdditionalDocumentReference', [el('cbc:ID', accounting.currency), el('cbc:DocumentTypeCode', type), el('cbc:DocumentDescription', renderMinor(minor, minorPlaces(accounting.currency)))]) : null;
  return [
    periodElement(document.period), el('cac:OrderReference', [el('cbc:ID', document.purchaseOrder)]),
    ...document.preceding.map((p) => el('cac:BillingReference', [el('cac:InvoiceDocumentReference', [el('cbc:ID', p.number), el('cbc:IssueDate', p.issuedOn)])])),
    el('cac:ContractDocumentReference', [el('cbc:ID', document.contract)]),
    accounting && stated('sgdtotal-incl-gst', accounting.grossMinor), accounting && stated('sgdtotal-excl-gst', accounting.netMinor),
  ];
}

function parties({ document, flavour }: Writing): Parts {
  const { scheme } = FLAVOURS[flavour];
  const outside = document.taxes.some((t) => hasNoRate(categoryIn(flavour, t.tax)!));
  return [
    el('cac:AccountingSupplierParty', [partyElement(document.seller, taxNumbersOf(document.seller, 'SELLER', scheme, outside))]),
    el('cac:AccountingCustomerParty', [partyElement(document.buyer, taxNumbersOf(document.buyer, 'BUYER', scheme, outside))]),
  ];
}

function paymentMeans(payment: Payment, dueOn: string | null): XmlElement | null {
  const { account } = payment;
  return el('cac:PaymentMeans', [
    el('cbc:PaymentMeansCode', payment.means), el('cbc:PaymentDueDate', dueOn), el('cbc:PaymentID', payment.reference),
    account && el('cac:PayeeFinancialAccount', [el('cbc:ID', account.id), el('cbc:Name', account.name), el('cac:FinancialInstitutionBranch', [el('cbc:ID', account.institution)])]),
  ]);
}
const terms = (payment: Payment): XmlElement | null => el('cac:PaymentTerms', [el('cbc:Note', payment.terms)]);
const adjustments = (w: Writing): XmlElement[] => w.document.adjustments.map((a) => adjustmentElement(w, a)!);
const lines = (w: Writing): XmlElement[] => w.document.lines.map((l) => lineElement(w, l)!);

function taxTotals(w: Writing): Parts {
  const { accounting, taxes } = w.document;
  return [
    el('cac:TaxTotal', [
      money(w, 'cbc:TaxAmount', totalsOf(w.document).tax),
      taxes.map((t) => el('cac:TaxSubtotal', [money(w, 'cbc:TaxableAmount', t.taxableMinor), money(w, 'cbc:TaxAmount', t.taxMinor), taxCategory(w, 'cac:TaxCategory', t.tax, true)])!),
    ]),
    accounting && el('cac:TaxTotal', [el('cbc:TaxAmount', renderMinor(accounting.taxMinor, minorPlaces(accounting.currency)), { currencyID: accounting.currency })]),
  ];
}

function monetaryTotal(w: Writing): XmlElement | null {
  const totals = totalsOf(w.document);
  const some = (kind: 'ALLOWANCE' | 'CHARGE'): boolean => w.document.adjustments.some((a) => a.kind === kind);
  return el('cac:LegalMonetaryTotal', [
    money(w, 'cbc:LineExtensionAmount', totals.lines), money(w, 'cbc:TaxExclusiveAmount', totals.net), money(w, 'cbc:TaxInclusiveAmount', totals.gross),
    some('ALLOWANCE') ? money(w, 'cbc:AllowanceTotalAmount', totals.allowances) : null, some('CHARGE') ? money(w, 'cbc:ChargeTotalAmount', totals.charges) : null,
    totals.prepaid ? money(w, 'cbc:PrepaidAmount', totals.prepaid) : null, money(w, 'cbc:PayableAmount', totals.payable),
  ]);
}
