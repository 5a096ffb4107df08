import { Injectable } from '@nestjs/common';
import { type Currency, Database, newId, type Tx } from '#shared';
import { type AccountKey, type AccountKind, accountName, type Journal, type JournalDraft, type JournalKind, type TrialBalanceLine } from '../domain/ledger.js';

interface LineRow {
  id: string; kind: JournalKind; trade_id: string | null; payout_id: string | null; effective_at: Date; recorded_at: Date;
  account_id: string; owner_id: string; account_kind: AccountKind; qualifier: string; amount_minor: string; currency: Currency;
}
interface BalanceRow {
  currency: Currency; kind: AccountKind; debit: string; credit: string; drifted: number;
}

const LINES = `select j.id, j.kind, j.trade_id, j.payout_id, j.effective_at, j.recorded_at, p.account_id, a.owner_id, a.kind as account_kind, a.qualifier, p.amount_minor, p.currency
  from settlement.journal j join settlement.posting p on p.journal_id = j.id and p.recorded_at = j.recorded_at join settlement.account a on a.id = p.account_id`;
const OF_TRADE = {
  name: 'settlement.journals-of-trade',
  text: `${LINES} where j.trade_id = $1 or j.payout_id = $2 order by j.recorded_at, j.id, p.line`,
};
const TRIAL_BALANCE = {
  name: 'settlement.trial-balance',
  text: `with balance as (
           select account_id, currency, coalesce(sum(amount_minor) filter (where amount_minor > 0), 0) as debit, coalesce(sum(amount_minor) filter (where amount_minor < 0), 0) as credit
           from settlement.posting group by account_id, currency)
         select a.currency, a.kind, sum(coalesce(b.debit, 0))::text as debit, sum(coalesce(b.credit, 0))::text as credit,
           (count(*) filter (where g.account_id is not null and g.owed_minor <> -(coalesce(b.debit, 0) + coalesce(b.credit, 0))))::int as drifted
         from settlement.account a full join balance b on b.account_id = a.id and b.currency = a.currency left join settlement.guarded_balance g on g.account_id = a.id
         group by a.currency, a.kind order by a.currency, a.kind`,
};

@Injectable()
export class LedgerRepository {
  constructor(private readonly database: Database) {}

  /** Writes journals in three statements however many there are. Postings that overdraw a guarded account raise `guarded_balance_owed_minor_check`. */
  async post(tx: Tx, drafts: readonly JournalDraft[], at: Date): Promise<void> {
    if (drafts.length === 0) return;
    const accounts = await this.accounts(tx, drafts.flatMap((d) => d.postings.map((p) => p.account)), at);
    const journals = drafts.map((d) => ({ ...d, id: newId() }));
    await tx.query(
      `insert into settlement.journal (id, trade_id, payout_id, kind, idempotency_key, effective_at, recorded_at)
       select *, $6::timestamptz, $6::timestamptz from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[])`,
      [journals.map((j) => j.id), journals.map((j) => j.tradeId), journals.map((j) => j.payoutId), journals.map((j) => j.kind), journals.map((j) => j.idempotencyKey), at],
    );
    const postings = journals.flatMap((j) => j.postings.map((p, line) => ({ ...p, journalId: j.id, line, accountId: accounts.get(accountName(p.account))! })));
    await tx.query(
      `insert into settlement.posting (account_id, recorded_at, journal_id, line, amount_minor, currency)
       select a, $6::timestamptz, j, l, m, c from unnest($1::uuid[], $2::uuid[], $3::int[], $4::bigint[], $5::text[]) as u (a, j, l, m, c)`,
      [postings.map((p) => p.accountId), postings.map((p) => p.journalId), postings.map((p) => p.line), postings.map((p) => p.amountMinor), postings.map((p) => p.account.currency), at],
    );
  }

  async ofTrade(tradeId: string, payoutId: string | null): Promise<Journal[]> {
    const journals = new Map<string, Journal & { postings: Journal['postings'][number][] }>();
    for (const r of await this.database.query<LineRow & Record<string, unknown>>(OF_TRADE, [tradeId, payoutId])) {
      const journal = journals.get(r.id) ?? { id: r.id, kind: r.kind, tradeId: r.trade_id, payoutId: r.payout_id, effectiveAt: r.effective_at, recordedAt: r.recorded_at, postings: [] };
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

  /** Ids of the accounts, which are made where they are not there; in one order, so that two runs do not wait for each other. */
  private async accounts(tx: Tx, keys: readonly AccountKey[], at: Date): Promise<Map<string, string>> {
    const wanted = [...new Map(keys.map((k) => [accountName(k), k])).entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, k]) => k);
    const found = new Map<string, string>();
    const columns = [wanted.map((k) => k.ownerId), wanted.map((k) => k.kind), wanted.map((k) => k.qualifier), wanted.map((k) => k.currency)];
    const read = async (): Promise<void> => {
      const rows = (await tx.query(
        `select a.id, a.owner_id, a.kind, a.qualifier, a.currency from settlement.account a
         join unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) as k (o, k, q, c) on a.owner_id = k.o and a.kind = k.k and a.qualifier = k.q and a.currency = k.c`, columns,
      )) as { id: string; owner_id: string; kind: AccountKind; qualifier: string; currency: Currency }[];
      for (const r of rows) found.set(accountName({ ownerId: r.owner_id, kind: r.kind, qualifier: r.qualifier, currency: r.currency }), r.id);
    };
    await read();
    if (found.size === wanted.length) return found;
    await tx.query(
      `insert into settlement.account (id, owner_id, kind, qualifier, currency, created_at)
       select *, $6::timestamptz from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[]) on conflict do nothing`,
      [wanted.map(() => newId()), ...columns, at],
    );
    await read();
    return found;
  }
}
