import { Injectable } from '@nestjs/common';
import { ADVISORY_LOCKS, type Tx } from '#shared';

export interface HeldBytes {
  /** The key of an object, or the id of an upload. */
  readonly holderId: string;
  readonly vendorId: string;
  readonly bytes: bigint;
  readonly since: Date;
}

@Injectable()
export class HeldBytesRepository {
  /** What a vendor holds, but for these. Whoever asks next waits until the transaction is over. */
  async lockTotal(tx: Tx, vendorId: string, but: readonly string[]): Promise<bigint> {
    await tx.query('select pg_advisory_xact_lock($1, hashtext($2))', [ADVISORY_LOCKS.vendorStorage, vendorId]);
    const [row] = (await tx.query('select coalesce(sum(bytes), 0)::text as bytes from delivery.held_bytes where vendor_id = $1 and holder_id <> all($2::uuid[])', [vendorId, but])) as [{ bytes: string }];
    return BigInt(row.bytes);
  }

  async add(tx: Tx, held: HeldBytes): Promise<void> {
    await tx.query('insert into delivery.held_bytes (holder_id, vendor_id, bytes, since) values ($1, $2, $3, $4) on conflict do nothing', [held.holderId, held.vendorId, held.bytes, held.since]);
  }

  async remove(tx: Tx, holderIds: readonly string[]): Promise<void> {
    await tx.query('delete from delivery.held_bytes where holder_id = any($1::uuid[])', [holderIds]);
  }

  /** Those of processes that died: nothing lies there, and nothing comes. */
  async removeForgotten(tx: Tx, before: Date): Promise<void> {
    await tx.query(
      `delete from delivery.held_bytes h where since < $1 and not exists (select 1 from delivery.stored_object s where s.object_key = h.holder_id)
         and not exists (select 1 from delivery.pending_object p where p.object_key = h.holder_id) and not exists (select 1 from delivery.upload u where u.id = h.holder_id)`, [before]);
  }
}
