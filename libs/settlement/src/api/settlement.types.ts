import { Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { connectionType, MoneyType, resultUnion, enumOf } from '#shared';
import { CYCLE_STATES } from '../domain/clearing.js';
import { ACCOUNT_KINDS } from '../domain/ledger.js';
import { PAYOUT_STATES } from '../domain/payout.js';
import { REVERSAL_CAUSES } from '../domain/reversal.js';
import { TRADE_KINDS, TRADE_STATES } from '../domain/trade.js';

export const TradeKindEnum = enumOf(TRADE_KINDS);
export const TradeStateEnum = enumOf(TRADE_STATES);
export const PayoutStateEnum = enumOf(PAYOUT_STATES);
export const ClearingCycleStateEnum = enumOf(CYCLE_STATES);
export const ReversalCauseEnum = enumOf(REVERSAL_CAUSES);
export const AccountKindEnum = enumOf(ACCOUNT_KINDS);
export const TradeSideEnum = enumOf(['VENDOR', 'BUYER'] as const);
registerEnumType(TradeSideEnum, { name: 'TradeSide', description: 'A side of a trade.' });
registerEnumType(TradeKindEnum, { name: 'TradeKind', description: 'PURCHASE is paid before the licence begins. SUBSCRIPTION: a later period of it, asked for when it begins. USAGE: what was used.' });
registerEnumType(TradeStateEnum, { name: 'TradeState', description: 'Where a trade stands on its way from execution to settlement.' });
registerEnumType(PayoutStateEnum, { name: 'PayoutState', description: 'AWAITING_APPROVAL: above the limit, for a second officer. PENDING: to be sent. SENT: the provider was asked. CONFIRMED: paid. FAILED: refused; the vendor is owed again.' });
registerEnumType(ClearingCycleStateEnum, { name: 'ClearingCycleState', description: 'OPEN while it takes trades, CLOSED once its payouts are made.' });
registerEnumType(ReversalCauseEnum, { name: 'ReversalCause', description: 'REFUND: the vendor gives it back. DISPUTE: it was awarded to the buyer. UNWINDING: the exchange undoes the trade. CHARGEBACK: the payer took it back at the provider.' });
registerEnumType(AccountKindEnum, { name: 'AccountKind', description: 'What an account of the ledger holds.' });

@ObjectType({ description: 'Money on its way to a vendor: what one clearing cycle leaves him, in one amount.' })
export class Payout {
  @Field(() => ID, { description: 'UUID.' }) id: string;
  @Field(() => ID, { description: 'The organisation that is paid.' }) vendorId: string;
  @Field(() => MoneyType, { description: 'Net amounts of its trades less commission.' }) amount: MoneyType;
  @Field(() => PayoutStateEnum, { description: 'Where it stands.' }) state: string;
  @Field(() => String, { description: 'Who carries the money.' }) provider: string;
  @Field(() => String, { nullable: true, description: "The provider's reference, once it is paid." }) providerReference?: string | null;
  @Field(() => String, { nullable: true, description: 'Why the provider refused it, or why it is held.' }) failure?: string | null;
  @Field(() => Date, { description: 'When it was made.' }) createdAt: Date;
  @Field(() => Date, { nullable: true, description: 'When the provider confirmed it.' }) confirmedAt?: Date | null;
}

@ObjectType({ description: 'One side of a journal. Debit is positive, credit negative.' })
export class Posting {
  @Field(() => ID, { description: 'The account.' }) accountId: string;
  @Field(() => ID, { description: 'The organisation whose account it is.' }) ownerId: string;
  @Field(() => AccountKindEnum, { description: 'What the account holds.' }) kind: string;
  @Field(() => String, { nullable: true, description: 'The provider or the jurisdiction, where the kind has one.' }) qualifier?: string | null;
  @Field(() => MoneyType, { description: 'Signed amount.' }) amount: MoneyType;
}

@ObjectType({ description: 'One entry of the ledger; its postings sum to zero per currency.' })
export class Journal {
  @Field(() => ID, { description: 'UUID.' }) id: string;
  @Field(() => String, { description: 'For example FUND, CLEAR, PAYOUT_SENT, PAYOUT_CONFIRMED or PAYOUT_RETURNED.' }) kind: string;
  @Field(() => ID, { nullable: true, description: 'The trade; null for the journals of a payout, which nets several.' }) tradeId?: string | null;
  @Field(() => ID, { nullable: true, description: 'The payout, for its journals.' }) payoutId?: string | null;
  @Field(() => Date, { description: 'From when it counts.' }) effectiveAt: Date;
  @Field(() => Date, { description: 'When it was booked.' }) recordedAt: Date;
  @Field(() => [Posting], { description: 'Its sides.' }) postings: readonly Posting[];
}

@ObjectType({ description: 'One priced execution under an agreement: the unit that the exchange settles and audits.' })
export class Trade {
  @Field(() => ID, { description: 'UUID.' }) id: string;
  @Field(() => TradeKindEnum, { description: 'What it is for.' }) kind: string;
  @Field(() => TradeStateEnum, { description: 'Where it stands.' }) state: string;
  @Field(() => ID, { description: 'The agreement that it executes.' }) agreementId: string;
  @Field(() => ID, { description: 'The licence that it pays for.' }) licenceId: string;
  @Field(() => ID, { description: 'Who sells.' }) vendorId: string;
  @Field(() => ID, { description: 'Who buys.' }) buyerId: string;
  @Field(() => MoneyType, { description: 'What the buyer pays: net and tax.' }) gross: MoneyType;
  @Field(() => MoneyType, { description: 'The price.' }) net: MoneyType;
  @Field(() => MoneyType, { description: 'The tax that the vendor charges.' }) tax: MoneyType;
  @Field(() => String, { description: 'Whose tax it is, ISO 3166-1 alpha-2.' }) taxJurisdiction: string;
  @Field(() => Int, { description: 'Commission in basis points of the net amount, frozen at execution.' }) commissionBasisPoints: number;
  @Field(() => MoneyType, { description: 'What the exchange keeps of the net amount; its own tax is inside.' }) commission: MoneyType;
  @Field(() => Date, { description: 'When it was executed.' }) executedAt: Date;
  @Field(() => Date, { nullable: true, description: "When the buyer's money came in." }) fundedAt?: Date | null;
  @Field(() => Date, { nullable: true, description: 'When the first delivery was complete.' }) deliveredAt?: Date | null;
  @Field(() => Date, { nullable: true, description: 'From then on silence has accepted.' }) acceptUntil?: Date | null;
  @Field(() => Date, { nullable: true, description: 'When it was accepted.' }) acceptedAt?: Date | null;
  @Field(() => Date, { nullable: true, description: 'When it was cleared.' }) clearedAt?: Date | null;
  @Field(() => Date, { nullable: true, description: 'When its payout was confirmed.' }) settledAt?: Date | null;
  @Field(() => MoneyType, { description: 'What went back to the buyer of the gross amount, or is on its way.' }) reversed: MoneyType;
  @Field(() => Date, { nullable: true, description: 'When it had gone back whole.' }) unwoundAt?: Date | null;
  @Field(() => Date, { nullable: true, description: 'When it was cancelled.' }) cancelledAt?: Date | null;
  payoutId?: string | null;
}

@ObjectType({ description: 'Money of a trade that goes back to its buyer. Written once.' })
export class Reversal {
  @Field(() => ID, { description: 'UUID.' }) id: string;
  @Field(() => ReversalCauseEnum, { description: 'Why.' }) cause: string;
  @Field(() => String, { description: 'In words, of whoever made it.' }) reason: string;
  @Field(() => MoneyType, { description: 'Of the price, without tax.' }) net: MoneyType;
  @Field(() => MoneyType, { description: 'Of the tax.' }) tax: MoneyType;
  @Field(() => MoneyType, { description: 'What the vendor owes of it, since his share was cleared before. The exchange gives back its commission.' }) clawback: MoneyType;
  @Field(() => Date, { description: 'When it was made.' }) madeAt: Date;
}

@ObjectType({ description: 'One run that nets accepted trades per vendor into payouts.' })
export class ClearingCycle {
  @Field(() => ID, { description: 'UUID.' }) id: string;
  @Field(() => String, { description: 'ISO 4217 code.' }) currency: string;
  @Field(() => ClearingCycleStateEnum, { description: 'Whether it still takes trades.' }) state: string;
  @Field(() => Int, { description: 'Trades that it cleared.' }) tradeCount: number;
  @Field(() => Int, { description: 'Payouts that it made.' }) payoutCount: number;
  @Field(() => MoneyType, { description: 'What the buyers had paid for its trades.' }) gross: MoneyType;
  @Field(() => MoneyType, { description: 'What its payouts bring to the vendors.' }) paidOut: MoneyType;
  @Field(() => Date, { description: 'When it began.' }) openedAt: Date;
  @Field(() => String, { nullable: true, description: 'The day on which it settles, where its currency is at home, `YYYY-MM-DD`; null: run by hand.' }) settlementDay?: string | null;
  @Field(() => Date, { nullable: true, description: 'When its payouts were made.' }) closedAt?: Date | null;
}

@ObjectType({ description: 'The balance of all accounts of one kind.' })
export class TrialBalanceAccount {
  @Field(() => AccountKindEnum, { description: 'What the accounts hold.' }) kind: string;
  @Field(() => MoneyType, { description: 'Debits less credits.' }) balance: MoneyType;
}

@ObjectType({ description: 'The whole ledger in one currency.' })
export class TrialBalance {
  @Field(() => String, { description: 'ISO 4217 code.' }) currency: string;
  @Field(() => String, { description: 'Sum of all debits in minor units.' }) debitMinor: string;
  @Field(() => String, { description: 'Sum of all credits in minor units; not positive.' }) creditMinor: string;
  @Field(() => String, { description: 'Debits and credits together: `0` in a ledger that is right.' }) sumMinor: string;
  @Field(() => Int, { description: 'Accounts whose kept balance is not the sum of their postings: 0 in a ledger that is right.' }) driftedAccounts: number;
  @Field(() => [TrialBalanceAccount], { description: 'By kind of account.' }) accounts: readonly TrialBalanceAccount[];
}

export const TradeConnection = connectionType(Trade, 'Trade');
export const RefundTradeResult = resultUnion('RefundTradeResult', () => Trade);
export const AcceptTradeResult = resultUnion('AcceptTradeResult', () => Trade);
export const RunClearingResult = resultUnion('RunClearingResult', () => ClearingCycle);
export const RetryPayoutResult = resultUnion('RetryPayoutResult', () => Payout);
