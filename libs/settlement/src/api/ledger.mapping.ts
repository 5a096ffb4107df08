import { type Currency, toMoneyType } from '#shared';
import type { AccountBalance, StatementLine } from '../domain/balances.js';
import type { Statement } from '../use-cases/read-ledger.js';
import type * as T from './ledger.types.js';

/** Sums may exceed what one amount may be, so they are not made as `money`. */
const sumType = (minor: bigint, currency: Currency) => toMoneyType({ minor, currency });

export const toBalanceType = (a: AccountBalance): T.LedgerBalance => ({
  accountId: a.id, ownerId: a.ownerId, kind: a.kind, qualifier: a.qualifier || null,
  debit: sumType(a.debitMinor, a.currency), credit: sumType(a.creditMinor, a.currency), balance: sumType(a.debitMinor + a.creditMinor, a.currency),
});

export const toStatementType = ({ account, window, openingMinor, closingMinor }: Statement): T.AccountStatement => ({
  accountId: account.id, ownerId: account.ownerId, kind: account.kind, qualifier: account.qualifier || null,
  opening: sumType(openingMinor, account.currency), closing: sumType(closingMinor, account.currency), source: { account, window },
});

export const toStatementLineType = (l: StatementLine, currency: Currency): T.StatementLine => ({
  journalId: l.journalId, line: l.line, kind: l.kind, tradeId: l.tradeId, payoutId: l.payoutId, effectiveAt: l.effectiveAt, recordedAt: l.recordedAt,
  amount: sumType(l.amountMinor, currency), balance: sumType(l.balanceMinor, currency),
});
