import { Injectable } from '@nestjs/common';
import { ADVISORY_LOCKS, Database, type Tx } from '#shared';
import { GONE } from './presence.js';

export interface HeldBytes {
  /** The key of an object, or the id of an upload. */
  readonly holderId: string;
  readonly vendorId: string;
  readonly bytes: bigint;
  readonly since: Date;
  /** They are on their way in a request: they are held as long as its process is seen. */
  readonly coming: boolean;
}
const SEEN = { name: 'delivery.held-seen', text: 'update delivery.held_bytes set seen_at = clock_timestamp() where holder_id = $1 and seen_at is not null returning holder_id' };

@Injectable()
export class HeldBytesRepository {
  constructor(private readonly database: Database) {}

  /** What a vendor holds, but for these. Whoever asks next waits until the transaction is over. */
  async lockTotal(tx: Tx, vendorId: string, but: readonly string[]): Promise<bigint> {
    await tx.query('select pg_advisory_xact_lock($1, hashtext($2))', [ADVISORY_LOCKS.vendorStorage, vendorId]);
    const [row] = (await tx.query(`select coalesce(sum(bytes), 0)::text as bytes from delivery.held_bytes where vendor_id = $1 and holder_id <> all($2::uuid[]) and (seen_at is null or not ${GONE})`, [vendorId, but])) as [{ bytes: string }];
    return BigInt(row.bytes);
  }

  /** What came is kept by the same row. */
  async add(tx: Tx, { holderId, vendorId, bytes, since, coming }: HeldBytes): Promise<void> {
    await tx.query(
      'insert into delivery.held_bytes (holder_id, vendor_id, bytes, since, seen_at) values ($1, $2, $3, $4, case when $5 then clock_timestamp() end) on conflict (holder_id) do update set seen_at = excluded.seen_at',
      [holderId, vendorId, bytes, since, coming]);
  }

  /** They still come. */
  async seen(holderId: string): Promise<void> {
    await this.database.query(SEEN, [holderId]);
  }

  async remove(tx: Tx, holderIds: readonly string[]): Promise<void> {
    await tx.query('delete from delivery.held_bytes where holder_id = any($1::uuid[])', [holderIds]);
  }

  /** Those of processes that died: nothing lies there, and nothing comes. */
  async removeForgotten(tx: Tx, before: Date): Promise<void> {
    await tx.query(
      `delete from delivery.held_bytes h where (case when seen_at is null then since < $1 else ${GONE} end) and not exists (select 1 from delivery.stored_object s where s.object_key = h.holder_id)
         and not exists (select 1 from delivery.pending_object p where p.object_key = h.holder_id) and not exists (select 1 from delivery.upload u where u.id = h.holder_id)`, [before]);
  }
}
