import { type Money, priceTimes, subtract } from '#shared';
import type { BillingProfile } from './billing-profile.js';
import type { TaxTreatment } from './tax.js';

export const INVOICE_KINDS = ['PURCHASE', 'SUBSCRIPTION', 'USAGE', 'COMMISSION'] as const;
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

/** Sales and commission are counted apart, each year anew. */
export const seriesOf = (kind: InvoiceKind, issuedAt: Date): string => `${kind === 'COMMISSION' ? 'COM' : 'INV'}-${issuedAt.getUTCFullYear()}`;
export interface InvoiceNumber {
  readonly series: string;
  readonly number: bigint;
}
export const invoiceNumber = (invoice: Pick<Invoice, 'series' | 'number'>): string => `${invoice.series}-${invoice.number.toString().padStart(6, '0')}`;
/** Of a number as `invoiceNumber` writes it. */
export const readInvoiceNumber = (text: string): InvoiceNumber => ({ series: text.slice(0, text.lastIndexOf('-')), number: BigInt(text.slice(text.lastIndexOf('-') + 1)) });
