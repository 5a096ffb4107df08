import type { Funding, Trade } from './trade.js';
import { type AccountKey, type AccountKind, journal, type JournalDraft } from './ledger.js';
import type { Payout } from './payout.js';

const account = (ownerId: string, kind: AccountKind, currency: AccountKey['currency'], qualifier = ''): AccountKey => ({ ownerId, kind, qualifier, currency });

/** The buyer's money is in: provider clearing to escrow. */
export const fundJournal = (exchangeId: string, trade: Trade, funding: Funding): JournalDraft | undefined =>
  journal({ kind: 'FUND', idempotencyKey: `fund:${trade.id}`, tradeId: trade.id, payoutId: null }, [
    { account: account(exchangeId, 'PAYMENT_CLEARING', trade.currency, funding.provider), amountMinor: trade.gross.minor },
    { account: account(trade.buyerId, 'ESCROW', trade.currency), amountMinor: -trade.gross.minor },
  ]);

/** What the vendor gets of a trade: the net amount less the commission. The tax is held for the authority. */
export const vendorShare = (trade: Pick<Trade, 'net' | 'commission'>): bigint => trade.net.minor - trade.commission.minor;

/** Escrow is split: the vendor's share, the exchange's commission, the tax of each by jurisdiction. */
export const clearJournal = (exchangeId: string, trade: Trade): JournalDraft | undefined =>
  journal({ kind: 'CLEAR', idempotencyKey: `clear:${trade.id}`, tradeId: trade.id, payoutId: null }, [
    { account: account(trade.buyerId, 'ESCROW', trade.currency), amountMinor: trade.gross.minor },
    { account: account(trade.vendorId, 'PAYABLE', trade.currency), amountMinor: -vendorShare(trade) },
    { account: account(exchangeId, 'COMMISSION_REVENUE', trade.currency), amountMinor: -(trade.commission.minor - trade.commissionTax.minor) },
    { account: account(exchangeId, 'TAX_PAYABLE', trade.currency, trade.commissionTaxJurisdiction), amountMinor: -trade.commissionTax.minor },
    { account: account(trade.vendorId, 'TAX_PAYABLE', trade.currency, trade.taxJurisdiction), amountMinor: -trade.tax.minor },
  ]);

const payoutJournal = (kind: 'PAYOUT_SENT' | 'PAYOUT_CONFIRMED' | 'PAYOUT_RETURNED', payout: Payout, from: AccountKey, to: AccountKey): JournalDraft => {
  const draft = journal({ kind, idempotencyKey: `${kind.toLowerCase()}:${payout.id}:${payout.attempt}`, tradeId: null, payoutId: payout.id }, [
    { account: from, amountMinor: payout.amount.minor },
    { account: to, amountMinor: -payout.amount.minor },
  ]);
  if (!draft) throw new Error(`payout ${payout.id} moves nothing`);
  return draft;
};

const payable = (p: Payout): AccountKey => account(p.vendorId, 'PAYABLE', p.amount.currency);
const inTransit = (p: Payout): AccountKey => account(p.vendorId, 'PAYOUT_IN_TRANSIT', p.amount.currency);

export const payoutSentJournal = (payout: Payout): JournalDraft => payoutJournal('PAYOUT_SENT', payout, payable(payout), inTransit(payout));
export const payoutConfirmedJournal = (exchangeId: string, payout: Payout): JournalDraft =>
  payoutJournal('PAYOUT_CONFIRMED', payout, inTransit(payout), account(exchangeId, 'PAYMENT_CLEARING', payout.amount.currency, payout.provider));
/** The provider did not pay: the vendor is owed again. */
export const payoutReturnedJournal = (payout: Payout): JournalDraft => payoutJournal('PAYOUT_RETURNED', payout, inTransit(payout), payable(payout));
