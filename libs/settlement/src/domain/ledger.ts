import type { Currency } from '#shared';

/** The kinds of `settlement.account_kind`, which holds their limits. */
export const ACCOUNT_KINDS = [
  'PAYMENT_CLEARING', 'ESCROW', 'BUYER_BALANCE', 'CREDIT_LINE', 'RECEIVABLE', 'PAYABLE', 'PAYOUT_IN_TRANSIT', 'REFUND_IN_TRANSIT', 'RESERVE', 'VENDOR_RECEIVABLE', 'DISPUTE_HELD', 'CHARGEBACK',
  'COMMISSION_REVENUE', 'TAX_PAYABLE', 'PROVIDER_FEES', 'BAD_DEBT', 'SERVICE_CREDITS', 'FX_CLEARING', 'ROUNDING', 'SUSPENSE',
] as const;
export type AccountKind = (typeof ACCOUNT_KINDS)[number];

export interface AccountKey {
  readonly ownerId: string;
  readonly kind: AccountKind;
  /** Provider or jurisdiction where the kind has one, else empty. */
  readonly qualifier: string;
  readonly currency: Currency;
}

/** One of `settlement.journal_kind`; the database refuses others. */
export type JournalKind = string;

export interface PostingDraft {
  readonly account: AccountKey;
  /** Minor units; debit positive, credit negative. */
  readonly amountMinor: bigint;
}

export interface JournalDraft {
  readonly kind: JournalKind;
  /** The same key with the same content has one effect; with other content it is refused. */
  readonly idempotencyKey: string;
  readonly tradeId: string | null;
  readonly payoutId: string | null;
  /** What else it is about: a top-up, a dispute, a refund. */
  readonly reference?: JournalReference;
  /** From when it counts, where that is before it is recorded. */
  readonly effectiveAt?: Date;
  readonly postings: readonly PostingDraft[];
}

export interface JournalReference {
  readonly type: string;
  readonly id: string;
}

/** What became of a draft: its journal, and whether this call wrote it. */
export interface PostedJournal {
  readonly id: string;
  readonly isNew: boolean;
}

export interface Posting {
  readonly accountId: string;
  readonly ownerId: string;
  readonly kind: AccountKind;
  readonly qualifier: string;
  readonly amountMinor: bigint;
  readonly currency: Currency;
}

export interface Journal {
  readonly id: string;
  readonly kind: JournalKind;
  readonly tradeId: string | null;
  readonly payoutId: string | null;
  readonly reference: JournalReference | null;
  /** From when it counts. */
  readonly effectiveAt: Date;
  /** Since when the books say so. */
  readonly recordedAt: Date;
  readonly postings: readonly Posting[];
}

/** Per currency: debits, credits and their sum, which is zero in a ledger that is right. */
export interface TrialBalanceLine {
  readonly currency: Currency;
  readonly debitMinor: bigint;
  readonly creditMinor: bigint;
  readonly sumMinor: bigint;
  readonly accounts: readonly { readonly kind: AccountKind; readonly balanceMinor: bigint }[];
  /** Guarded accounts whose kept balance is not the sum of their postings: none in a ledger that is right. */
  readonly driftedAccounts: number;
}

export const accountName = (key: AccountKey): string => `${key.ownerId}|${key.kind}|${key.qualifier}|${key.currency}`;

/** Leaves out what moves nothing and refuses what is not balanced. Undefined where nothing moves at all. */
export function journal(head: Omit<JournalDraft, 'postings'>, postings: readonly PostingDraft[]): JournalDraft | undefined {
  const moving = postings.filter((p) => p.amountMinor !== 0n);
  const sums = new Map<Currency, bigint>();
  for (const { account, amountMinor } of moving) sums.set(account.currency, (sums.get(account.currency) ?? 0n) + amountMinor);
  for (const [currency, sum] of sums) if (sum !== 0n) throw new Error(`journal ${head.idempotencyKey} does not sum to zero in ${currency}`);
  return moving.length ? { ...head, postings: moving } : undefined;
}
