import type { Money } from '#shared';
import { account, moving } from './journals.js';
import { journal, type JournalDraft, type PostingDraft } from './ledger.js';
import type { Trade } from './trade.js';

/** A payment that its payer takes back at the provider. */
export interface Chargeback {
  readonly id: string;
  readonly provider: string;
  readonly amount: Money;
  readonly reason: string;
}

const draft = (kind: 'CHARGEBACK_TAKEN' | 'CHARGEBACK_WON' | 'CHARGEBACK_LOST', trade: Trade, { id }: Chargeback, postings: readonly PostingDraft[]): JournalDraft =>
  moving(journal({ kind, idempotencyKey: `${kind.toLowerCase()}:${id}`, tradeId: trade.id, payoutId: null, reference: { type: 'CHARGEBACK', id } }, postings));
const held = (trade: Trade, c: Chargeback) => account(trade.buyerId, 'CHARGEBACK', c.amount.currency, c.provider);
const atProvider = (exchangeId: string, c: Chargeback) => account(exchangeId, 'PAYMENT_CLEARING', c.amount.currency, c.provider);

export const chargebackTakenJournal = (exchangeId: string, trade: Trade, c: Chargeback): JournalDraft =>
  draft('CHARGEBACK_TAKEN', trade, c, [{ account: held(trade, c), amountMinor: c.amount.minor }, { account: atProvider(exchangeId, c), amountMinor: -c.amount.minor }]);
export const chargebackWonJournal = (exchangeId: string, trade: Trade, c: Chargeback): JournalDraft =>
  draft('CHARGEBACK_WON', trade, c, [{ account: atProvider(exchangeId, c), amountMinor: c.amount.minor }, { account: held(trade, c), amountMinor: -c.amount.minor }]);
/** `reversed`: what went back of the trade with it; the rest had been refunded before and is lost. */
export const chargebackLostJournal = (exchangeId: string, trade: Trade, c: Chargeback, reversed: Money): JournalDraft =>
  draft('CHARGEBACK_LOST', trade, c, [
    { account: account(trade.buyerId, 'REFUND_IN_TRANSIT', c.amount.currency), amountMinor: reversed.minor },
    { account: account(exchangeId, 'BAD_DEBT', c.amount.currency), amountMinor: c.amount.minor - reversed.minor },
    { account: held(trade, c), amountMinor: -c.amount.minor },
  ]);
