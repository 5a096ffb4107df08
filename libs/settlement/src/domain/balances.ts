import type { Currency } from '#shared';
import type { AccountKind, JournalKind } from './ledger.js';

export interface Account {
  readonly id: string;
  readonly ownerId: string;
  readonly kind: AccountKind;
  readonly qualifier: string;
  readonly currency: Currency;
}

/** What an account held at a moment, as the books said at another one. Minor units: debits are positive, credits not. */
export interface AccountBalance extends Account {
  readonly debitMinor: bigint;
  readonly creditMinor: bigint;
}

/** Each narrows down where it is not null. */
export interface AccountFilter {
  readonly ownerId: string | null;
  readonly kind: AccountKind | null;
  readonly currency: string | null;
}

/** Two clocks: what was in effect by `effective`, as far as it was recorded by `recorded`. */
export interface LedgerMoment {
  readonly effective: Date | null;
  readonly recorded: Date | null;
}

export interface StatementLine {
  readonly journalId: string;
  readonly line: number;
  readonly kind: JournalKind;
  readonly tradeId: string | null;
  readonly payoutId: string | null;
  readonly effectiveAt: Date;
  readonly recordedAt: Date;
  readonly amountMinor: bigint;
  /** Of the account, once this posting is in. */
  readonly balanceMinor: bigint;
  /** Its place in the account: the moment to the microsecond, the journal, the line. */
  readonly key: readonly [recordedAt: string, journalId: string, line: string];
}

/** From the first moment on, before the second, of recorded time; null: without end. */
export interface StatementWindow {
  readonly from: Date | null;
  readonly until: Date | null;
}
