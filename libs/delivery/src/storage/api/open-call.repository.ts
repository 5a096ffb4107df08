import { Injectable } from '@nestjs/common';
import type { Tx } from '#shared';

/** What a call under way may still come to. */
export interface OpenCall {
  readonly id: string;
  readonly licenceId: string;
  readonly vendorId: string;
  readonly buyerId: string;
  readonly productId: string;
  readonly operation: string;
  readonly startedAt: Date;
  /** As what it is charged: taken off `calls` when it is. */
  readonly cost: bigint;
  readonly calls: bigint;
  readonly bytes: bigint;
  readonly expiresAt: Date;
}
export interface OpenCalls {
  readonly running: number;
  readonly calls: bigint;
  readonly bytes: bigint;
}

@Injectable()
export class OpenCallRepository {
  async under(tx: Tx, licenceId: string, now: Date): Promise<OpenCalls> {
    const [row] = (await tx.query('select count(*)::int as running, coalesce(sum(calls), 0)::text as calls, coalesce(sum(bytes), 0)::text as bytes from delivery.open_call where licence_id = $1 and expires_at > $2', [licenceId, now])) as [{ running: number; calls: string; bytes: string }];
    return { running: row.running, calls: BigInt(row.calls), bytes: BigInt(row.bytes) };
  }
  async insert(tx: Tx, calls: readonly OpenCall[]): Promise<void> {
    const column = <K extends keyof OpenCall>(name: K) => calls.map((c) => c[name]);
    await tx.query(
      `insert into delivery.open_call (id, licence_id, vendor_id, buyer_id, calls, bytes, expires_at, product_id, operation, started_at, cost)
       select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::bigint[], $6::bigint[], $7::timestamptz[], $8::uuid[], $9::text[], $10::timestamptz[], $11::bigint[])`,
      [column('id'), column('licenceId'), column('vendorId'), column('buyerId'), column('calls').map(String), column('bytes').map(String), column('expiresAt'), column('productId'), column('operation'), column('startedAt'), column('cost').map(String)],
    );
  }
  /** Those of the given that were still open, and are not any more. Whoever takes a call away may charge it: nobody else can. */
  async take(tx: Tx, ids: readonly string[]): Promise<Set<string>> {
    if (ids.length === 0) return new Set();
    const [rows] = (await tx.query('delete from delivery.open_call where id = any($1::uuid[]) returning id', [ids])) as [{ id: string }[], number];
    return new Set(rows.map((r) => r.id));
  }
  /** The same of those whose calls are charged while they go on: what they come to is their bytes alone from here on. */
  async begun(tx: Tx, ids: readonly string[]): Promise<Set<string>> {
    if (ids.length === 0) return new Set();
    const [rows] = (await tx.query('update delivery.open_call set calls = 0 where id = any($1::uuid[]) and calls > 0 returning id', [ids])) as [{ id: string }[], number];
    return new Set(rows.map((r) => r.id));
  }
  /** What died with its process: it takes nothing any more, and both sides see that it was. One whose answer had begun, of an operation that is charged then, is charged. */
  async forget(tx: Tx, at: Date): Promise<void> {
    await tx.query(
      `with dead as (delete from delivery.open_call where expires_at <= $1 returning *)
       insert into delivery.api_call (id, licence_id, product_id, vendor_id, buyer_id, operation, outcome, status, calls, bytes, started_at, ended_at, duration_ms)
       select id, licence_id, product_id, vendor_id, buyer_id, operation, case when calls < cost then 'CHARGED' else 'INTERRUPTED' end, null, cost - calls, 0, started_at, $1, greatest(0, least(2147483647, floor(extract(epoch from $1 - started_at) * 1000)))::int
       from dead where operation is not null`, [at]);
  }
}
