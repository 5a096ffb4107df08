import { Injectable } from '@nestjs/common';
import { type Currency, Database, newId, type Tx } from '#shared';
import { type AccountKey, type AccountKind, accountName, type Journal, type JournalDraft, type JournalKind, type PostedJournal, type TrialBalanceLine } from '../domain/ledger.js';
import { asLedgerRefusal } from './ledger-refusal.js';

interface LineRow {
  id: string; kind: JournalKind; trade_id: string | null; payout_id: string | null; reference_type: string | null; reference_id: string | null; effective_at: Date; recorded_at: Date;
  account_id: string; owner_id: string; account_kind: AccountKind; qualifier: string; amount_minor: string; currency: Currency;
}
interface BalanceRow {
  currency: Currency; kind: AccountKind; debit: string; credit: string; drifted: number;
}

const LINES = `select j.id, j.kind, j.trade_id, j.payout_id, j.reference_type, j.reference_id, j.effective_at, j.recorded_at, p.account_id, a.owner_id, a.kind as account_kind, a.qualifier, p.amount_minor, p.currency
  from settlement.journal j join settlement.posting p on p.journal_id = j.id and p.recorded_at = j.recorded_at join settlement.account a on a.id = p.account_id`;
const OF_TRADE = {
  name: 'settlement.journals-of-trade',
  text: `${LINES} where j.trade_id = $1 or j.payout_id = $2 order by j.recorded_at, j.id, p.line`,
};
/** What is folded into the totals, and the postings since; guarded accounts each against its own postings. */
const TRIAL_BALANCE = {
  name: 'settlement.trial-balance',
  text: `with since as (
           select a.currency, a.kind, coalesce(sum(p.amount_minor) filter (where p.amount_minor > 0), 0) as debit, coalesce(sum(p.amount_minor) filter (where p.amount_minor < 0), 0) as credit
           from settlement.posting p join settlement.account a on a.id = p.account_id where p.recorded_at >= (select rolled_until from settlement.ledger_clock) group by 1, 2),
         drift as (
           select a.currency, a.kind, count(*) as accounts from settlement.guarded_balance g join settlement.account a on a.id = g.account_id
           cross join lateral settlement.turnover_at(g.account_id, 'infinity', 'infinity') t where g.owed_minor <> -(t.debit_minor + t.credit_minor) group by 1, 2)
         select s.currency, s.kind, sum(s.debit)::text as debit, sum(s.credit)::text as credit, coalesce(max(d.accounts), 0)::int as drifted
         from (select currency, kind, debit, credit from since union all select currency, kind, debit_minor, credit_minor from settlement.kind_total
               union all select currency, kind, 0, 0 from settlement.account group by 1, 2) s left join drift d on d.currency = s.currency and d.kind = s.kind
         group by s.currency, s.kind order by s.currency, s.kind`,
};
const POST = 'select posted_id, is_new from settlement.post_journals($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)';

@Injectable()
export class LedgerRepository {
  constructor(private readonly database: Database) {}

  /**
   * Writes journals in one round trip however many there are, with the accounts that are missing. One whose key is there already with the same
   * content is left as it is. Refusals of the ledger's rules are raised as `LedgerRefusal`, and end the transaction.
   */
  async post(tx: Tx, drafts: readonly JournalDraft[], at: Date): Promise<PostedJournal[]> {
    if (drafts.length === 0) return [];
    try {
      const rows = (await tx.query(POST, columnsOf(drafts, at))) as { posted_id: string; is_new: boolean }[];
      return rows.map((r) => ({ id: r.posted_id, isNew: r.is_new }));
    } catch (error) {
      throw asLedgerRefusal(error);
    }
  }

  async ofTrade(tradeId: string, payoutId: string | null): Promise<Journal[]> {
    const journals = new Map<string, Journal & { postings: Journal['postings'][number][] }>();
    for (const r of await this.database.query<LineRow & Record<string, unknown>>(OF_TRADE, [tradeId, payoutId])) {
      const reference = r.reference_type && r.reference_id ? { type: r.reference_type, id: r.reference_id } : null;
      const journal = journals.get(r.id) ?? { id: r.id, kind: r.kind, tradeId: r.trade_id, payoutId: r.payout_id, reference, effectiveAt: r.effective_at, recordedAt: r.recorded_at, postings: [] };
      journal.postings.push({ accountId: r.account_id, ownerId: r.owner_id, kind: r.account_kind, qualifier: r.qualifier, amountMinor: BigInt(r.amount_minor), currency: r.currency });
      journals.set(r.id, journal);
    }
    return [...journals.values()];
  }

  async trialBalance(): Promise<TrialBalanceLine[]> {
    const rows = await this.database.query<BalanceRow & Record<string, unknown>>(TRIAL_BALANCE);
    const lines = new Map<Currency, { currency: Currency; debitMinor: bigint; creditMinor: bigint; sumMinor: bigint; driftedAccounts: number; accounts: { kind: AccountKind; balanceMinor: bigint }[] }>();
    for (const r of rows) {
      const [debit, credit] = [BigInt(r.debit), BigInt(r.credit)];
      const line = lines.get(r.currency) ?? { currency: r.currency, debitMinor: 0n, creditMinor: 0n, sumMinor: 0n, driftedAccounts: 0, accounts: [] };
      line.debitMinor += debit;
      line.creditMinor += credit;
      line.sumMinor += debit + credit;
      line.driftedAccounts += r.drifted;
      line.accounts.push({ kind: r.kind, balanceMinor: debit + credit });
      lines.set(r.currency, line);
    }
    return [...lines.values()];
  }
}

/** The arguments of `settlement.post_journals`: a column each of accounts, journals and lines, which name their journal and account by position, from 1. */
function columnsOf(drafts: readonly JournalDraft[], at: Date): unknown[] {
  const accounts = new Map<string, { readonly key: AccountKey; readonly position: number }>();
  const lines: { journal: number; line: number; account: number; amount: bigint }[] = [];
  drafts.forEach((draft, j) => draft.postings.forEach(({ account: key, amountMinor }, line) => {
    const name = accountName(key);
    const account = accounts.get(name) ?? { key, position: accounts.size + 1 };
    accounts.set(name, account);
    lines.push({ journal: j + 1, line, account: account.position, amount: amountMinor });
  }));
  const keys = [...accounts.values()].map((a) => a.key);
  return [
    at, keys.map(() => newId()), keys.map((k) => k.ownerId), keys.map((k) => k.kind), keys.map((k) => k.qualifier), keys.map((k) => k.currency),
    drafts.map(() => newId()), drafts.map((d) => d.idempotencyKey), drafts.map((d) => d.kind), drafts.map((d) => d.tradeId), drafts.map((d) => d.payoutId),
    drafts.map((d) => d.reference?.type ?? null), drafts.map((d) => d.reference?.id ?? null), drafts.map((d) => d.effectiveAt ?? null),
    lines.map((l) => l.journal), lines.map((l) => l.line), lines.map((l) => l.account), lines.map((l) => l.amount),
  ];
}
