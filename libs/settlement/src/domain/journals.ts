import type { Funding, Trade } from './trade.js';
import { type AccountKey, type AccountKind, journal, type JournalDraft } from './ledger.js';
import type { ClearingStatement } from './clearing.js';
import type { Payout } from './payout.js';
import type { RefundMove, Reversal } from './reversal.js';

export const account = (ownerId: string, kind: AccountKind, currency: AccountKey['currency'], qualifier = ''): AccountKey => ({ ownerId, kind, qualifier, currency });

/** The buyer's money is in: provider clearing to escrow. */
export const fundJournal = (exchangeId: string, trade: Trade, funding: Funding): JournalDraft | undefined =>
  journal({ kind: 'FUND', idempotencyKey: `fund:${trade.id}`, tradeId: trade.id, payoutId: null }, [
    { account: account(exchangeId, 'PAYMENT_CLEARING', trade.currency, funding.provider), amountMinor: trade.gross.minor },
    { account: account(trade.buyerId, 'ESCROW', trade.currency), amountMinor: -trade.gross.minor },
  ]);

type Shared = Pick<Trade, 'net' | 'commission' | 'reversedNet' | 'reversedCommission'>;
/** What the vendor gets of a trade: the net amount less the commission, as far as they did not go back. The tax is held for the authority. */
export const vendorShare = (trade: Shared): bigint => trade.net.minor - trade.reversedNet.minor - (trade.commission.minor - trade.reversedCommission.minor);

/** Escrow is split: the vendor's share, the exchange's commission, the tax of each by jurisdiction. What went back before is no part of it. */
export function clearJournal(exchangeId: string, trade: Trade): JournalDraft | undefined {
  const [net, tax] = [trade.net.minor - trade.reversedNet.minor, trade.tax.minor - trade.reversedTax.minor];
  const [commission, commissionTax] = [trade.commission.minor - trade.reversedCommission.minor, trade.commissionTax.minor - trade.reversedCommissionTax.minor];
  return journal({ kind: 'CLEAR', idempotencyKey: `clear:${trade.id}`, tradeId: trade.id, payoutId: null }, [
    { account: account(trade.buyerId, 'ESCROW', trade.currency), amountMinor: net + tax },
    { account: account(trade.vendorId, 'PAYABLE', trade.currency), amountMinor: -vendorShare(trade) },
    { account: account(exchangeId, 'COMMISSION_REVENUE', trade.currency), amountMinor: -(commission - commissionTax) },
    { account: account(exchangeId, 'TAX_PAYABLE', trade.currency, trade.commissionTaxJurisdiction), amountMinor: -commissionTax },
    { account: account(trade.vendorId, 'TAX_PAYABLE', trade.currency, trade.taxJurisdiction), amountMinor: -tax },
  ]);
}

/** What goes back leaves escrow, or, once it was cleared, is taken from whoever had a share. It is on its way to the buyer then. */
export function reverseJournal(exchangeId: string, trade: Trade, reversal: Reversal): JournalDraft {
  const { net, tax, commission, commissionTax } = reversal;
  const from = trade.clearedAt === null ? [{ account: account(trade.buyerId, 'ESCROW', trade.currency), amountMinor: net.minor + tax.minor }] : [
    { account: account(trade.vendorId, 'VENDOR_RECEIVABLE', trade.currency), amountMinor: net.minor - commission.minor },
    { account: account(exchangeId, 'COMMISSION_REVENUE', trade.currency), amountMinor: commission.minor - commissionTax.minor },
    { account: account(exchangeId, 'TAX_PAYABLE', trade.currency, trade.commissionTaxJurisdiction), amountMinor: commissionTax.minor },
    { account: account(trade.vendorId, 'TAX_PAYABLE', trade.currency, trade.taxJurisdiction), amountMinor: tax.minor },
  ];
  return moving(journal({ kind: 'REVERSE', idempotencyKey: `reverse:${reversal.id}`, tradeId: trade.id, payoutId: null, reference: { type: 'REVERSAL', id: reversal.id } }, [
    ...from, { account: refundInTransit(reversal), amountMinor: -(net.minor + tax.minor) },
  ]));
}
const refundInTransit = ({ buyerId, net }: Reversal): AccountKey => account(buyerId, 'REFUND_IN_TRANSIT', net.currency);

const refundJournal = (kind: 'REFUND_CONFIRMED' | 'REFUND_RETURNED', reversal: Reversal, attempt: number, from: AccountKey, to: AccountKey): JournalDraft => {
  const amount = reversal.net.minor + reversal.tax.minor;
  return moving(journal({ kind, idempotencyKey: `${kind.toLowerCase()}:${reversal.id}:${attempt}`, tradeId: reversal.tradeId, payoutId: null, reference: { type: 'REVERSAL', id: reversal.id } }, [
    { account: from, amountMinor: amount }, { account: to, amountMinor: -amount },
  ]));
};
const clearingOf = (exchangeId: string, { net }: Reversal, provider: string): AccountKey => account(exchangeId, 'PAYMENT_CLEARING', net.currency, provider);
/** The provider has paid the buyer back. */
export const refundConfirmedJournal = (exchangeId: string, reversal: Reversal, { provider, attempt }: RefundMove): JournalDraft =>
  refundJournal('REFUND_CONFIRMED', reversal, attempt, refundInTransit(reversal), clearingOf(exchangeId, reversal, provider));
/** What the provider had paid came back to it. */
export const refundReturnedJournal = (exchangeId: string, reversal: Reversal, { provider, attempt }: RefundMove): JournalDraft =>
  refundJournal('REFUND_RETURNED', reversal, attempt, clearingOf(exchangeId, reversal, provider), refundInTransit(reversal));

/** A journal that is known to move something. */
export function moving(draft: JournalDraft | undefined): JournalDraft {
  if (!draft) throw new Error('a journal that moves nothing');
  return draft;
}

/** What a vendor owes comes off what a cycle leaves him. */
export const recoverJournal = ({ cycleId, vendorId, currency, recoveredMinor }: ClearingStatement): JournalDraft | undefined =>
  journal({ kind: 'RECOVER', idempotencyKey: `recover:${cycleId}:${vendorId}`, tradeId: null, payoutId: null, reference: { type: 'CLEARING_CYCLE', id: cycleId } }, [
    { account: account(vendorId, 'PAYABLE', currency), amountMinor: recoveredMinor },
    { account: account(vendorId, 'VENDOR_RECEIVABLE', currency), amountMinor: -recoveredMinor },
  ]);

const payoutJournal = (kind: 'PAYOUT_SENT' | 'PAYOUT_CONFIRMED' | 'PAYOUT_RETURNED', payout: Payout, from: AccountKey, to: AccountKey): JournalDraft => {
  return moving(journal({ kind, idempotencyKey: `${kind.toLowerCase()}:${payout.id}:${payout.attempt}`, tradeId: null, payoutId: payout.id }, [
    { account: from, amountMinor: payout.amount.minor },
    { account: to, amountMinor: -payout.amount.minor },
  ]));
};

const payable = (p: Payout): AccountKey => account(p.vendorId, 'PAYABLE', p.amount.currency);
const inTransit = (p: Payout): AccountKey => account(p.vendorId, 'PAYOUT_IN_TRANSIT', p.amount.currency);

export const payoutSentJournal = (payout: Payout): JournalDraft => payoutJournal('PAYOUT_SENT', payout, payable(payout), inTransit(payout));
export const payoutConfirmedJournal = (exchangeId: string, payout: Payout): JournalDraft =>
  payoutJournal('PAYOUT_CONFIRMED', payout, inTransit(payout), account(exchangeId, 'PAYMENT_CLEARING', payout.amount.currency, payout.provider));
/** The provider did not pay: the vendor is owed again. */
export const payoutReturnedJournal = (payout: Payout): JournalDraft => payoutJournal('PAYOUT_RETURNED', payout, inTransit(payout), payable(payout));
