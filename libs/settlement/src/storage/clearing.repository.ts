import { Injectable } from '@nestjs/common';
import { Database, money, newId, type Statement, type Tx } from '#shared';
import type { ClearingCycle } from '../domain/clearing.js';
import type { Payout, PayoutState } from '../domain/payout.js';
import { ClearingCycleRow, PayoutRow } from './settlement.entities.js';

type StoredPayout = Omit<PayoutRow, 'amountMinor'> & { amountMinor: bigint | string };

export interface PayoutPatch {
  readonly state?: PayoutState;
  readonly attempt?: number;
  readonly nextCallAt?: Date;
  readonly providerReference?: string;
  readonly failure?: string | null;
  readonly sentAt?: Date;
  readonly confirmedAt?: Date;
}

/** What a trade leaves its vendor: `vendorShare` of the domain. */
const VENDOR_SHARE = 'net_minor - reversed_net_minor - (commission_minor - reversed_commission_minor)';
const PAYOUT = `id, cycle_id as "cycleId", vendor_id as "vendorId", currency, amount_minor as "amountMinor", state, provider, attempt, next_call_at as "nextCallAt",
  provider_reference as "providerReference", failure, created_at as "createdAt", sent_at as "sentAt", confirmed_at as "confirmedAt"`;
const PAYOUTS_BY_IDS = { name: 'settlement.payouts-by-ids', text: `select ${PAYOUT} from settlement.payout where id = any($1::uuid[])` };
const PAYOUTS_DUE = { name: 'settlement.payouts-due', text: `select ${PAYOUT} from settlement.payout where state in ('PENDING', 'SENT') and next_call_at <= $1 order by next_call_at limit $2` };
const OPEN_CYCLES = { name: 'settlement.cycles-open', text: `select id from settlement.clearing_cycle where state = 'OPEN' order by id limit $1` };

@Injectable()
export class ClearingRepository {
  constructor(private readonly database: Database) {}

  async insertCycle(tx: Tx, cycle: ClearingCycle): Promise<void> {
    const { gross, paidOut, ...row } = cycle;
    await tx.insert(ClearingCycleRow, { ...row, grossMinor: gross.minor, payoutMinor: paidOut.minor });
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

  async openCycles(limit: number): Promise<string[]> {
    return (await this.database.query<{ id: string }>(OPEN_CYCLES, [limit])).map((r) => r.id);
  }

  async cycleTotals(tx: Tx, cycleId: string): Promise<{ trades: number; grossMinor: bigint }> {
    const [row] = (await tx.query('select count(*)::int as trades, coalesce(sum(gross_minor), 0)::bigint as gross from settlement.trade where cycle_id = $1', [cycleId])) as [{ trades: number; gross: string }];
    return { trades: row.trades, grossMinor: BigInt(row.gross) };
  }

  /** One payout per vendor of the cycle, for what its cleared trades leave him; set-based. */
  async makePayouts(tx: Tx, cycle: ClearingCycle, provider: string, now: Date): Promise<Payout[]> {
    const owed = (await tx.query(
      `select vendor_id, sum(${VENDOR_SHARE})::bigint as owed from settlement.trade where cycle_id = $1 group by vendor_id having sum(${VENDOR_SHARE}) > 0 order by vendor_id`, [cycle.id],
    )) as { vendor_id: string; owed: string }[];
    const rows = owed.map((o): PayoutRow => ({
      id: newId(), cycleId: cycle.id, vendorId: o.vendor_id, currency: cycle.currency, amountMinor: BigInt(o.owed), state: 'PENDING', provider, attempt: 1, nextCallAt: now,
      providerReference: null, failure: null, createdAt: now, sentAt: null, confirmedAt: null,
    }));
    if (rows.length === 0) return [];
    await tx.insert(PayoutRow, rows);
    await tx.query('update settlement.trade t set payout_id = p.id from settlement.payout p where p.cycle_id = $1 and t.cycle_id = $1 and t.vendor_id = p.vendor_id', [cycle.id]);
    return rows.map(toPayout);
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

const toCycle = ({ grossMinor, payoutMinor, ...row }: ClearingCycleRow): ClearingCycle => ({ ...row, gross: money(grossMinor, row.currency), paidOut: money(payoutMinor, row.currency) });

function toPayout({ amountMinor, currency, nextCallAt: _due, ...row }: StoredPayout): Payout {
  return { ...row, amount: money(BigInt(amountMinor), currency) };
}
