import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '#shared';

/** What comes next for a licence. */
export interface Schedule {
  readonly licenceId: string;
  readonly agreementId: string;
  readonly vendorId: string;
  readonly buyerId: string;
  readonly nextPeriod: number;
  /** When that period begins; null: nothing comes any more. */
  readonly dueAt: Date | null;
}
export interface OpenedPeriod {
  readonly licenceId: string;
  readonly period: number;
  readonly tradeId: string | null;
}

const DUE = { name: 'billing.schedules-due', text: 'select licence_id as id from billing.schedule where check_at <= $1 order by check_at limit $2' };
const OVERDUE = { name: 'billing.periods-overdue', text: 'select trade_id as id from billing.opened_period where pay_until <= $1 order by pay_until limit $2' };

@Injectable()
export class ScheduleRepository {
  constructor(private readonly database: Database) {}

  /** False where the licence has one. */
  async start(tx: Tx, { licenceId, agreementId, vendorId, buyerId, nextPeriod, dueAt }: Schedule, now: Date): Promise<boolean> {
    const rows = (await tx.query(
      `insert into billing.schedule (licence_id, agreement_id, vendor_id, buyer_id, next_period, due_at, check_at, created_at) values ($1, $2, $3, $4, $5, $6, $6, $7) on conflict do nothing returning 1`,
      [licenceId, agreementId, vendorId, buyerId, nextPeriod, dueAt, now],
    )) as unknown[];
    return rows.length === 1;
  }
  async due(now: Date, limit: number): Promise<string[]> {
    return (await this.database.query<{ id: string }>(DUE, [now, limit])).map((r) => r.id);
  }
  /** What is due, held until the transaction ends; null where another process has it, or it is due no more. */
  async take(tx: Tx, licenceId: string, now: Date): Promise<Schedule | null> {
    const [row] = (await tx.query(
      `select licence_id as "licenceId", agreement_id as "agreementId", vendor_id as "vendorId", buyer_id as "buyerId", next_period as "nextPeriod", due_at as "dueAt"
       from billing.schedule where licence_id = $1 and check_at <= $2 for no key update skip locked`, [licenceId, now],
    )) as Schedule[];
    return row ?? null;
  }
  async move(tx: Tx, licenceId: string, nextPeriod: number, dueAt: Date | null, checkAt = dueAt): Promise<void> {
    await tx.query('update billing.schedule set next_period = $2, due_at = $3, check_at = $4 where licence_id = $1', [licenceId, nextPeriod, dueAt, checkAt]);
  }

  /** A period is opened once: the second time throws. */
  async open(tx: Tx, { licenceId, period, tradeId }: OpenedPeriod, at: Date, payUntil: Date | null): Promise<void> {
    await tx.query('insert into billing.opened_period (licence_id, period, trade_id, opened_at, pay_until) values ($1, $2, $3, $4, $5)', [licenceId, period, tradeId, at, payUntil]);
  }
  async opened(tx: Tx, licenceId: string): Promise<Set<number>> {
    return new Set(((await tx.query('select period from billing.opened_period where licence_id = $1', [licenceId])) as { period: number }[]).map((r) => r.period));
  }

  /** Whether what was asked for in advance for a period is in; also where nothing was. */
  async isPaid(tx: Tx, licenceId: string, period: number): Promise<boolean> {
    return ((await tx.query('select 1 from billing.opened_period where licence_id = $1 and period = $2 and (trade_id is null or paid_at is not null)', [licenceId, period])) as unknown[]).length > 0;
  }

  /** Trades that should have been paid. */
  async overdue(now: Date, limit: number): Promise<string[]> {
    return (await this.database.query<{ id: string }>(OVERDUE, [now, limit])).map((r) => r.id);
  }
  /** The period that a trade pays for, held until the transaction ends. */
  async ofTrade(tx: Tx, tradeId: string): Promise<OpenedPeriod | null> {
    const [row] = (await tx.query('select licence_id as "licenceId", period, trade_id as "tradeId" from billing.opened_period where trade_id = $1 for no key update', [tradeId])) as OpenedPeriod[];
    return row ?? null;
  }
  async held(tx: Tx, tradeId: string, at: Date): Promise<void> {
    await tx.query('update billing.opened_period set held_at = $2, pay_until = null where trade_id = $1', [tradeId, at]);
  }
  async paid(tx: Tx, tradeId: string, at: Date): Promise<void> {
    await tx.query('update billing.opened_period set paid_at = $2, pay_until = null where trade_id = $1 and paid_at is null', [tradeId, at]);
  }
  /** Whether the licence rests for a period that is not paid. */
  async owes(tx: Tx, licenceId: string): Promise<boolean> {
    return ((await tx.query('select 1 from billing.opened_period where licence_id = $1 and held_at is not null and paid_at is null limit 1', [licenceId])) as unknown[]).length > 0;
  }
}
