import type { Trade } from '#settlement';
import { type Invoice, invoiceNumber } from './invoice.js';

export const CERTIFICATE_TYPE = 'entrepot-trade-certificate+jws';
/** Receipts that one certificate names; `receiptCount` tells of the rest. */
export const CERTIFICATE_RECEIPTS = 1_000;

export interface CertificateParts {
  readonly trade: Trade;
  readonly agreement: { readonly id: string; readonly hash: string; readonly decisionId: string };
  readonly usage: readonly { readonly meter: string; readonly quantity: bigint }[];
  readonly receiptIds: readonly string[];
  readonly invoices: readonly Invoice[];
  readonly issuedAt: Date;
}

const minor = (amount: { readonly minor: bigint }): string => amount.minor.toString();

/** What the exchange states of a settled trade. Version 2 names each meter that was used. Strings only where amounts are, so that it reads the same everywhere. */
export function certificateDocument({ trade, agreement, usage, receiptIds, invoices, issuedAt }: CertificateParts): Record<string, unknown> {
  return {
    version: '2', tradeId: trade.id, kind: trade.kind, vendorId: trade.vendorId, buyerId: trade.buyerId, agreementId: agreement.id, agreementHash: agreement.hash,
    decisionId: agreement.decisionId, licenceId: trade.licenceId,
    usage: usage.map(({ meter, quantity }) => ({ meter, quantity: quantity.toString() })),
    receiptIds: receiptIds.slice(0, CERTIFICATE_RECEIPTS), receiptCount: receiptIds.length,
    invoices: invoices.map((i) => ({ id: i.id, kind: i.kind, number: invoiceNumber(i), issuerId: i.issuer.id, totalMinor: minor(i.total) })),
    settlement: {
      currency: trade.currency, grossMinor: minor(trade.gross), netMinor: minor(trade.net), taxMinor: minor(trade.tax), taxJurisdiction: trade.taxJurisdiction,
      commissionMinor: minor(trade.commission), vendorMinor: (trade.net.minor - trade.commission.minor).toString(),
      executedAt: trade.executedAt.toISOString(), settledAt: trade.settledAt?.toISOString() ?? null, payoutId: trade.payoutId,
    },
    issuedAt: issuedAt.toISOString(),
  };
}
