import { add, type Money, priceTimes, subtract } from '#shared';
import type { BillingProfile } from './billing-profile.js';
import type { TaxTreatment } from './tax.js';

export const INVOICE_KINDS = ['PURCHASE', 'SUBSCRIPTION', 'USAGE', 'COMMISSION', 'CREDIT_NOTE', 'COMMISSION_CREDIT_NOTE'] as const;
export type InvoiceKind = (typeof INVOICE_KINDS)[number];

/** A party as it stood when the invoice was issued. */
export interface InvoiceParty {
  readonly id: string;
  readonly legalName: string;
  readonly jurisdiction: string;
  readonly registryNumbers: readonly { readonly scheme: string; readonly value: string }[];
  /** Invoices from before there were profiles have none. */
  readonly profile?: BillingProfile | null;
}

export interface InvoiceLine {
  readonly description: string;
  readonly quantity: bigint;
  /** Major units, a decimal string. */
  readonly unitPrice: string;
  readonly net: Money;
}

/** What a credit note corrects, and which reversal of the trade it is for. */
export interface CorrectedInvoice {
  readonly invoiceId: string;
  readonly number: string;
  /** `YYYY-MM-DD`. */
  readonly issuedOn: string;
  readonly reversalId: string;
}

export interface InvoiceDraft {
  readonly kind: InvoiceKind;
  readonly tradeId: string;
  readonly agreementId: string;
  readonly issuer: InvoiceParty;
  readonly customer: InvoiceParty;
  readonly lines: readonly InvoiceLine[];
  readonly net: Money;
  readonly tax: Money;
  readonly total: Money;
  readonly taxTreatment: TaxTreatment;
  /** Of a credit note: its amounts are what is taken back, above zero. */
  readonly corrects?: CorrectedInvoice;
}

export interface Invoice extends InvoiceDraft {
  readonly id: string;
  readonly series: string;
  /** Counts from 1 without a gap per issuer and series. */
  readonly number: bigint;
  readonly issuedAt: Date;
}

/** One line: unit price times quantity, rounded half up once. */
export const line = (description: string, quantity: bigint, unitPrice: string, currency: string): InvoiceLine => ({ description, quantity, unitPrice, net: priceTimes(unitPrice, quantity, currency) });

/**
 * A line that goes on where earlier ones of the same price stopped: what the whole quantity comes to, less what was billed of it.
 * However usage is cut into periods, it costs what it would have cost in one.
 */
export const continuedLine = (description: string, before: bigint, quantity: bigint, unitPrice: string, currency: string): InvoiceLine => ({
  description, quantity, unitPrice, net: subtract(priceTimes(unitPrice, before + quantity, currency), priceTimes(unitPrice, before, currency)),
});

/** The credit note of an invoice over a part of it: the same sides as they stood then, the same tax. */
export const creditNote = (invoice: Invoice, reversalId: string, over: InvoiceLine, tax: Money): InvoiceDraft => ({
  kind: invoice.kind === 'COMMISSION' ? 'COMMISSION_CREDIT_NOTE' : 'CREDIT_NOTE', tradeId: invoice.tradeId, agreementId: invoice.agreementId, issuer: invoice.issuer, customer: invoice.customer,
  lines: [over], net: over.net, tax, total: add(over.net, tax), taxTreatment: invoice.taxTreatment,
  corrects: { invoiceId: invoice.id, number: invoiceNumber(invoice), issuedOn: invoice.issuedAt.toISOString().slice(0, 10), reversalId },
});

const SERIES: Readonly<Record<InvoiceKind, string>> = { PURCHASE: 'INV', SUBSCRIPTION: 'INV', USAGE: 'INV', COMMISSION: 'COM', CREDIT_NOTE: 'CRN', COMMISSION_CREDIT_NOTE: 'CRC' };
/** Sales, commission and the credit notes of both are counted apart, each year anew. */
export const seriesOf = (kind: InvoiceKind, issuedAt: Date): string => `${SERIES[kind]}-${issuedAt.getUTCFullYear()}`;
export interface InvoiceNumber {
  readonly series: string;
  readonly number: bigint;
}
export const invoiceNumber = (invoice: Pick<Invoice, 'series' | 'number'>): string => `${invoice.series}-${invoice.number.toString().padStart(6, '0')}`;
/** Of a number as `invoiceNumber` writes it. */
export const readInvoiceNumber = (text: string): InvoiceNumber => ({ series: text.slice(0, text.lastIndexOf('-')), number: BigInt(text.slice(text.lastIndexOf('-') + 1)) });
