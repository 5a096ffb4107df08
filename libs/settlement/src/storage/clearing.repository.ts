import { Injectable } from '@nestjs/common';
import { type Currency, Database, type Money, money, type Page, type PageRequest, type Statement, toPage, type Tx } from '#shared';
import type { ClearingCycle, ClearingStatement, VendorTurnover } from '../domain/clearing.js';
import type { Payout, PayoutState } from '../domain/payout.js';
import { ClearingCycleRow, PayoutRow } from './settlement.entities.js';

type StoredPayout = Omit<PayoutRow, 'amountMinor'> & { amountMinor: bigint | string };

export interface PayoutPatch {
  readonly state?: PayoutState;
  readonly attempt?: number;
  readonly nextCallAt?: Date;
  readonly providerReference?: string;
  readonly failure?: string | null;
  readonly proposedBy?: string;
  readonly approvedBy?: string;
  readonly approvedAt?: Date;
  readonly sentAt?: Date;
  readonly confirmedAt?: Date;
}

const ROWS_AT_ONCE = 1_000;
const TURNOVERS = `select s.vendor_id as "vendorId", s.trades as "tradeCount", s.net::text, s.tax::text, s.commission::text, s.reversed::text,
    coalesce((select -g.owed_minor from settlement.account a join settlement.guarded_balance g on g.account_id = a.id where a.owner_id = s.vendor_id and a.kind = 'VENDOR_RECEIVABLE' and a.qualifier = '' and a.currency = s.currency), 0)::text as owes
  from (select t.vendor_id, t.currency, count(*)::int as trades, sum(t.net_minor - r.net) as net, sum(t.tax_minor - r.tax) as tax, sum(t.commission_minor - r.commission) as commission, sum(r.net + r.tax) as reversed
        from settlement.trade t cross join lateral (
          select coalesce(sum(net_minor), 0) as net, coalesce(sum(tax_minor), 0) as tax, coalesce(sum(commission_minor), 0) as commission from settlement.reversal where trade_id = t.id and not after_clearing) r
        where t.cycle_id = $1 group by t.vendor_id, t.currency) s order by s.vendor_id`;
const INSERT_STATEMENTS = `insert into settlement.clearing_statement (cycle_id, currency, made_at, vendor_id, trade_count, net_minor, tax_minor, commission_minor, reversed_minor, recovered_minor, paid_out_minor, payout_id)
  select $1, $2, $3, * from unnest($4::uuid[], $5::int[], $6::numeric[], $7::numeric[], $8::numeric[], $9::numeric[], $10::bigint[], $11::bigint[], $12::uuid[])`;
const STATEMENTS = {
  name: 'settlement.clearing-statements', plannedEachTime: true as const,
  text: `select cycle_id as "cycleId", vendor_id as "vendorId", currency, trade_count as "tradeCount", net_minor::text as "netMinor", tax_minor::text as "taxMinor", commission_minor::text as "commissionMinor",
           reversed_minor::text as "reversedMinor", recovered_minor::text as "recoveredMinor", paid_out_minor::text as "paidOutMinor", payout_id as "payoutId", made_at as "madeAt"
         from settlement.clearing_statement where ($1::uuid is null or vendor_id = $1) and ($2::uuid is null or cycle_id = $2) and ($3::uuid is null or (cycle_id, vendor_id) < ($3, $4::uuid)) order by cycle_id desc, vendor_id desc limit $5`,
};
const PAYOUT = `id, cycle_id as "cycleId", vendor_id as "vendorId", currency, amount_minor as "amountMinor", state, provider, attempt, next_call_at as "nextCallAt",
  provider_reference as "providerReference", failure, proposed_by as "proposedBy", approved_by as "approvedBy", approved_at as "approvedAt", created_at as "createdAt", sent_at as "sentAt", confirmed_at as "confirmedAt"`;
const TO_CLEAR = { name: 'settlement.currencies-to-clear', text: `select distinct currency from settlement.trade where state = 'ACCEPTED'` };
const PAYOUTS = {
  name: 'settlement.payouts-page', plannedEachTime: true as const,
  text: `select ${PAYOUT} from settlement.payout where ($1::uuid is null or vendor_id = $1) and ($2::uuid is null or id < $2) and ($4::text is null or state = $4) and ($5::uuid is null or cycle_id = $5) order by id desc limit $3`,
};
const CYCLES = {
  name: 'settlement.cycles-page', plannedEachTime: true as const,
  text: `select id, currency, state, trade_count as "tradeCount", payout_count as "payoutCount", gross_minor as "grossMinor", payout_minor as "payoutMinor", settlement_day::text as "settlementDay", opened_by as "openedBy", opened_at as "openedAt", closed_at as "closedAt"
         from settlement.clearing_cycle where ($1::uuid is null or id < $1) and ($3::text is null or currency = $3) order by id desc limit $2`,
};
const PAYOUTS_BY_IDS = { name: 'settlement.payouts-by-ids', text: `select ${PAYOUT} from settlement.payout where id = any($1::uuid[])` };
const PAYOUTS_DUE = { name: 'settlement.payouts-due', text: `select ${PAYOUT} from settlement.payout where state in ('PENDING', 'SENT') and next_call_at <= $1 order by next_call_at limit $2` };
/** Also one that was closed by a process that died before it had settled the trades of those who are owed nothing. */
const OPEN_CYCLES = {
  name: 'settlement.cycles-unfinished',
  text: `select id from settlement.clearing_cycle where state = 'OPEN' union select u.cycle_id from (select distinct cycle_id, vendor_id from settlement.trade where state = 'CLEARED') u join settlement.clearing_cycle c on c.id = u.cycle_id and c.state = 'CLOSED'
         where settlement.payout_of(u.cycle_id, u.vendor_id) is null order by 1 limit $1`,
};

@Injectable()
export class ClearingRepository {
  constructor(private readonly database: Database) {}

  /** False where the currency's cycle of that settlement day is there already. */
  async insertCycle(tx: Tx, cycle: ClearingCycle): Promise<boolean> {
    const { gross, paidOut, ...row } = cycle;
    const done = await tx.createQueryBuilder().insert().into(ClearingCycleRow).values({ ...row, grossMinor: gross.minor, payoutMinor: paidOut.minor }).orIgnore().returning('id').execute();
    return (done.raw as unknown[]).length === 1;
  }

  /** Currencies with accepted trades. */
  async currenciesToClear(): Promise<Currency[]> {
    return (await this.database.query<{ currency: Currency }>(TO_CLEAR)).map((r) => r.currency);
  }

  /** `share`: for runs that add trades to the cycle side by side; `close`: for the one that ends it, and waits for them. */
  async lockCycle(tx: Tx, id: string, purpose: 'share' | 'close'): Promise<ClearingCycle | null> {
    const row = await tx.findOne(ClearingCycleRow, { where: { id }, lock: { mode: purpose === 'share' ? 'pessimistic_read' : 'for_no_key_update' } });
    return row && toCycle(row);
  }

  async closeCycle(tx: Tx, cycle: ClearingCycle): Promise<void> {
    await tx.update(ClearingCycleRow, { id: cycle.id }, {
      state: cycle.state, tradeCount: cycle.tradeCount, payoutCount: cycle.payoutCount, grossMinor: cycle.gross.minor, payoutMinor: cycle.paidOut.minor, closedAt: cycle.closedAt,
    });
  }

  async unfinished(limit: number): Promise<string[]> {
    return (await this.database.query<{ id: string }>(OPEN_CYCLES, [limit])).map((r) => r.id);
  }

  async cycleTotals(tx: Tx, cycleId: string): Promise<{ trades: number; grossMinor: bigint }> {
    const [row] = (await tx.query('select count(*)::int as trades, coalesce(sum(gross_minor), 0)::bigint as gross from settlement.trade where cycle_id = $1', [cycleId])) as [{ trades: number; gross: string }];
    return { trades: row.trades, grossMinor: BigInt(row.gross) };
  }

  /** What the cleared trades of a cycle leave each vendor, and what he owes. What went back after the clearing he owes; it is no part of what was cleared. */
  async turnovers(tx: Tx, cycleId: string): Promise<VendorTurnover[]> {
    const rows = (await tx.query(TURNOVERS, [cycleId])) as { vendorId: string; tradeCount: number; net: string; tax: string; commission: string; reversed: string; owes: string }[];
    return rows.map((r) => ({
      vendorId: r.vendorId, tradeCount: r.tradeCount, netMinor: BigInt(r.net), taxMinor: BigInt(r.tax), commissionMinor: BigInt(r.commission), reversedMinor: BigInt(r.reversed), owesMinor: BigInt(r.owes),
    }));
  }

  /** Writes the statements of a cycle and the payouts that follow; set-based. */
  async makePayouts(tx: Tx, cycle: ClearingCycle, statements: readonly ClearingStatement[], provider: string, waits: (amount: Money) => boolean, now: Date): Promise<Payout[]> {
    const paid = statements.filter((s): s is ClearingStatement & { payoutId: string } => s.payoutId !== null);
    const rows = paid.map((s): PayoutRow => ({
      id: s.payoutId, cycleId: cycle.id, vendorId: s.vendorId, currency: cycle.currency, amountMinor: s.paidOutMinor, state: waits(money(s.paidOutMinor, cycle.currency)) ? 'AWAITING_APPROVAL' : 'PENDING', provider, attempt: 1, nextCallAt: now,
      providerReference: null, failure: null, proposedBy: cycle.openedBy, approvedBy: null, approvedAt: null, createdAt: now, sentAt: null, confirmedAt: null,
    }));
    for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) await tx.insert(PayoutRow, rows.slice(from, from + ROWS_AT_ONCE));
    const column = <K extends keyof ClearingStatement>(name: K): ClearingStatement[K][] => statements.map((s) => s[name]);
    await tx.query(INSERT_STATEMENTS, [
      cycle.id, cycle.currency, now, column('vendorId'), column('tradeCount'), column('netMinor'), column('taxMinor'), column('commissionMinor'), column('reversedMinor'), column('recoveredMinor'), column('paidOutMinor'), column('payoutId'),
    ]);
    return rows.map(toPayout);
  }

  /** Newest first; of one vendor, or of all where it is null. */
  async statements(vendorId: string | null, cycleId: string | null, request: PageRequest): Promise<Page<ClearingStatement>> {
    const [afterCycle, afterVendor] = request.after ?? [null, null];
    const rows = await this.database.query<StoredStatement>(STATEMENTS, [vendorId, cycleId, afterCycle, afterVendor, request.first + 1]);
    return toPage(rows.map(toStatement), request, (s) => [s.cycleId, s.vendorId]);
  }
  /** Newest first; of one vendor, or of all where it is null. */
  async payouts(vendorId: string | null, state: PayoutState | null, cycleId: string | null, request: PageRequest): Promise<Page<Payout>> {
    return toPage(await this.readPayouts(PAYOUTS, [vendorId, request.after?.[0] ?? null, request.first + 1, state, cycleId]), request, (p) => [p.id]);
  }
  /** Newest first. */
  async cycles(currency: string | null, request: PageRequest): Promise<Page<ClearingCycle>> {
    return toPage((await this.database.query<StoredCycle>(CYCLES, [request.after?.[0] ?? null, request.first + 1, currency])).map(toCycle), request, (c) => [c.id]);
  }

  async lockPayout(tx: Tx, id: string): Promise<Payout | null> {
    const row = await tx.findOne(PayoutRow, { where: { id }, lock: { mode: 'for_no_key_update' } });
    return row && toPayout(row);
  }

  /** Takes the next call of a due payout, so that two processes do not make it side by side. The caller holds the row's lock. */
  async claimCall(tx: Tx, id: string, now: Date, next: Date): Promise<boolean> {
    const { affected } = await tx.createQueryBuilder().update(PayoutRow).set({ nextCallAt: next })
      .where(`id = :id and state in ('PENDING', 'SENT') and next_call_at <= :now`, { id, now }).execute();
    return affected === 1;
  }

  async savePayout(tx: Tx, id: string, patch: PayoutPatch): Promise<void> {
    await tx.update(PayoutRow, { id }, patch);
  }

  payoutsDue(now: Date, limit: number): Promise<Payout[]> {
    return this.readPayouts(PAYOUTS_DUE, [now, limit]);
  }

  async payoutsByIds(ids: readonly string[]): Promise<Map<string, Payout>> {
    return new Map((await this.readPayouts(PAYOUTS_BY_IDS, [ids])).map((p) => [p.id, p]));
  }

  private async readPayouts(statement: Statement, values: readonly unknown[]): Promise<Payout[]> {
    return (await this.database.query<StoredPayout & Record<string, unknown>>(statement, values)).map(toPayout);
  }
}

type StoredCycle = Omit<ClearingCycleRow, 'grossMinor' | 'payoutMinor'> & Record<string, unknown> & { grossMinor: bigint | string; payoutMinor: bigint | string };
const toCycle = ({ grossMinor, payoutMinor, ...row }: ClearingCycleRow | StoredCycle): ClearingCycle => ({ ...row, gross: money(BigInt(grossMinor), row.currency), paidOut: money(BigInt(payoutMinor), row.currency) });

function toPayout({ amountMinor, currency, nextCallAt: _due, ...row }: StoredPayout): Payout {
  return { ...row, amount: money(BigInt(amountMinor), currency) };
}

interface StoredStatement extends Record<string, unknown>, Pick<ClearingStatement, 'cycleId' | 'vendorId' | 'currency' | 'tradeCount' | 'payoutId' | 'madeAt'> {
  netMinor: string; taxMinor: string; commissionMinor: string; reversedMinor: string; recoveredMinor: string; paidOutMinor: string;
}
function toStatement({ netMinor, taxMinor, commissionMinor, reversedMinor, recoveredMinor, paidOutMinor, ...row }: StoredStatement): ClearingStatement {
  return {
    ...row, netMinor: BigInt(netMinor), taxMinor: BigInt(taxMinor), commissionMinor: BigInt(commissionMinor), reversedMinor: BigInt(reversedMinor), recoveredMinor: BigInt(recoveredMinor), paidOutMinor: BigInt(paidOutMinor),
  };
}
