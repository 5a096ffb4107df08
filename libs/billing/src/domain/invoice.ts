import { type Money, priceTimes } from '#shared';
import type { TaxTreatment } from './tax.js';

export const INVOICE_KINDS = ['PURCHASE', 'USAGE', 'COMMISSION'] as const;
export type InvoiceKind = (typeof INVOICE_KINDS)[number];

/** A party as it stood when the invoice was issued. */
export interface InvoiceParty {
  readonly id: string;
  readonly legalName: string;
  readonly jurisdiction: string;
  readonly registryNumbers: readonly { readonly scheme: string; readonly value: string }[];
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

/** Sales and commission are counted apart, each year anew. */
export const seriesOf = (kind: InvoiceKind, issuedAt: Date): string => `${kind === 'COMMISSION' ? 'COM' : 'INV'}-${issuedAt.getUTCFullYear()}`;
export const invoiceNumber = (invoice: Pick<Invoice, 'series' | 'number'>): string => `${invoice.series}-${invoice.number.toString().padStart(6, '0')}`;
