import { type DayShare, type Meter, type PricePlan } from '#contracts';
import type { Invoice } from '../invoice.js';

export const STATEMENT_FORMAT = 'entrepot-usage-statement.v1';

/** What was charged for one component of a period. Numbers are strings of digits; -1 as component: the minimum commitment, as period: the trial. */
export interface StatedCharge {
  readonly period: number;
  readonly component: number;
  readonly meter: Meter | null;
  readonly quantity: string;
  readonly netMinor: string;
}
/** What two sides corrected of what receipts say. */
export interface StatedCorrection {
  readonly id: string;
  readonly meter: Meter;
  readonly quantity: string;
  readonly occurredAt: string;
  /** Of an earlier closing. */
  readonly earlier: boolean;
}

/** Everything that an invoice over use rests on, but for the receipts themselves: with them an outsider reckons it anew. A plain document. */
export interface UsageStatement {
  readonly format: typeof STATEMENT_FORMAT;
  readonly invoice: {
    readonly id: string;
    readonly number: string;
    readonly issuedAt: string;
    readonly currency: string;
    readonly netMinor: string;
    readonly lines: readonly { readonly description: string; readonly quantity: string; readonly unitPrice: string; readonly netMinor: string }[];
  };
  readonly licenceId: string;
  readonly vendorId: string;
  readonly buyerId: string;
  /** Each period with its plan, from the first on. */
  readonly periods: readonly { readonly from: string; readonly until: string; readonly plan: PricePlan; readonly rested: DayShare }[];
  readonly charges: readonly StatedCharge[];
  /** What closings before it charged together. */
  readonly earlierCharges: readonly StatedCharge[];
  /** The receipts that it charges, and those that closings before it charged. */
  readonly receipts: readonly string[];
  readonly earlierReceipts: readonly string[];
  readonly corrections: readonly StatedCorrection[];
}

export const statedInvoice = (invoice: Invoice, number: string): UsageStatement['invoice'] => ({
  id: invoice.id, number, issuedAt: invoice.issuedAt.toISOString(), currency: invoice.net.currency, netMinor: invoice.net.minor.toString(),
  lines: invoice.lines.map((l) => ({ description: l.description, quantity: l.quantity.toString(), unitPrice: l.unitPrice, netMinor: l.net.minor.toString() })),
});
