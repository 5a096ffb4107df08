import { Injectable } from '@nestjs/common';
import { type Currency, Database, type Page, type PageRequest, toPage, type Tx } from '#shared';
import type { Account, AccountBalance, AccountFilter, LedgerMoment, StatementLine, StatementWindow } from '../domain/balances.js';
import type { AccountKind, JournalKind } from '../domain/ledger.js';

interface AccountRow {
  readonly [column: string]: unknown;
  readonly id: string; readonly owner_id: string; readonly kind: AccountKind; readonly qualifier: string; readonly currency: Currency;
}
interface LineRow {
  readonly [column: string]: unknown;
  readonly journal_id: string; readonly line: number; readonly kind: JournalKind; readonly trade_id: string | null; readonly payout_id: string | null;
  readonly effective_at: Date; readonly recorded_at: Date; readonly recorded: string; readonly amount: string; readonly balance: string;
}

const ACCOUNT = 'select a.id, a.owner_id, a.kind, a.qualifier, a.currency from settlement.account a';
const BY_ID = { name: 'settlement.account-by-id', text: `${ACCOUNT} where a.id = $1` };
const BALANCES = {
  name: 'settlement.balances', plannedEachTime: true as const,
  text: `select a.*, t.debit_minor::text as debit, t.credit_minor::text as credit
         from (${ACCOUNT} where ($1::uuid is null or a.id > $1) and ($2::uuid is null or a.owner_id = $2) and ($3::text is null or a.kind = $3) and ($4::text is null or a.currency = $4)
               and a.created_at <= coalesce($6::timestamptz, 'infinity') order by a.id limit $7) a
         cross join lateral settlement.turnover_at(a.id, coalesce($5::timestamptz, 'infinity'), coalesce($6::timestamptz, 'infinity')) t order by a.id`,
};
const BEFORE = { name: 'settlement.balance-before', text: `select settlement.balance_before($1, coalesce($2::timestamptz, '-infinity'))::text as opening, settlement.balance_before($1, coalesce($3::timestamptz, 'infinity'))::text as closing` };
/** The balance behind each line starts from what the account held before the page. */
const LINES = {
  name: 'settlement.statement', plannedEachTime: true as const,
  text: `with page as (
           select p.recorded_at, p.journal_id, p.line, p.amount_minor, p.effective_at from settlement.posting p
           where p.account_id = $1 and p.recorded_at >= coalesce($2::timestamptz, '-infinity') and ($3::uuid is null or (p.recorded_at, p.journal_id, p.line) > ($2, $3, $4::int)) and p.recorded_at < coalesce($5::timestamptz, 'infinity')
           order by p.recorded_at, p.journal_id, p.line limit $6),
         base as (
           select settlement.balance_before($1, coalesce($2::timestamptz, '-infinity')) + coalesce(sum(p.amount_minor), 0) as balance from settlement.posting p
           where $3::uuid is not null and p.account_id = $1 and p.recorded_at = $2 and (p.journal_id, p.line) <= ($3, $4::int))
         select p.journal_id, p.line, j.kind, j.trade_id, j.payout_id, p.effective_at, p.recorded_at, p.recorded_at::text as recorded, p.amount_minor::text as amount,
           ((select balance from base) + sum(p.amount_minor) over (order by p.recorded_at, p.journal_id, p.line))::text as balance
         from page p join settlement.journal j on j.id = p.journal_id order by p.recorded_at, p.journal_id, p.line`,
};

/** Reads balances of any moment and statements; closes recorded time so that they stay quick. */
@Injectable()
export class BalanceRepository {
  constructor(private readonly database: Database) {}

  async byId(id: string): Promise<Account | null> {
    const [row] = await this.database.query<AccountRow>(BY_ID, [id]);
    return row ? toAccount(row) : null;
  }

  /** In the order of their ids. */
  async page({ ownerId, kind, currency }: AccountFilter, { effective, recorded }: LedgerMoment, request: PageRequest): Promise<Page<AccountBalance>> {
    const rows = await this.database.query<AccountRow & { debit: string; credit: string }>(BALANCES, [request.after?.[0] ?? null, ownerId, kind, currency, effective, recorded, request.first + 1]);
    return toPage(rows.map((r) => ({ ...toAccount(r), debitMinor: BigInt(r.debit), creditMinor: BigInt(r.credit) })), request, (a) => [a.id]);
  }

  /** Debits less credits before the window and at its end. */
  async ends(accountId: string, { from, until }: StatementWindow): Promise<{ openingMinor: bigint; closingMinor: bigint }> {
    const [row] = await this.database.query<{ opening: string; closing: string }>(BEFORE, [accountId, from, until]);
    return { openingMinor: BigInt(row!.opening), closingMinor: BigInt(row!.closing) };
  }

  /** Oldest first. */
  async statement(accountId: string, { from, until }: StatementWindow, request: PageRequest): Promise<Page<StatementLine>> {
    const [recorded, journal, line] = request.after ?? [];
    const rows = await this.database.query<LineRow>(LINES, [accountId, recorded ?? from, journal ?? null, line ?? null, until, request.first + 1]);
    return toPage(rows.map(toLine), request, (l) => l.key);
  }

  /** One step of closing what was recorded before `target`: see `settlement.roll_ledger`. A transaction of its own each time. */
  async roll(tx: Tx, target: Date): Promise<'ANNOUNCED' | 'WAITING' | 'ROLLED' | 'IDLE'> {
    const [row] = (await tx.query('select settlement.roll_ledger($1) as step', [target])) as [{ step: 'ANNOUNCED' | 'WAITING' | 'ROLLED' | 'IDLE' }];
    return row.step;
  }
}

const toAccount = (r: AccountRow): Account => ({ id: r.id, ownerId: r.owner_id, kind: r.kind, qualifier: r.qualifier, currency: r.currency });

const toLine = (r: LineRow): StatementLine => ({
  journalId: r.journal_id, line: r.line, kind: r.kind, tradeId: r.trade_id, payoutId: r.payout_id, effectiveAt: r.effective_at, recordedAt: r.recorded_at,
  amountMinor: BigInt(r.amount), balanceMinor: BigInt(r.balance), key: [r.recorded, r.journal_id, String(r.line)],
});
