import { Injectable } from '@nestjs/common';
import { ADVISORY_LOCKS, Config, Database, type Tx } from '#shared';
import type { Delivery } from '../domain/delivery.js';
import { GONE } from './presence.js';

const SEEN = { name: 'delivery.slot-seen', text: 'update delivery.response_slot set seen_at = clock_timestamp() where id = $1 returning id' };

/** The places of a licence for responses at the same time, in every process. */
@Injectable()
export class ResponseSlotRepository {
  private readonly most: number;

  constructor(private readonly database: Database, { DOWNLOADS_PER_LICENCE }: Config) {
    this.most = DOWNLOADS_PER_LICENCE;
  }

  /** False where every place is taken. Whoever asks at once waits. */
  async enter(tx: Tx, { id, licenceId }: Pick<Delivery, 'id' | 'licenceId'>, slotId: string): Promise<boolean> {
    await tx.query('select pg_advisory_xact_lock($1, hashtext($2))', [ADVISORY_LOCKS.responses, licenceId]);
    const rows = (await tx.query(
      `insert into delivery.response_slot (id, licence_id, delivery_id, seen_at) select $1, $2, $3, clock_timestamp()
       where (select count(*) from delivery.response_slot where licence_id = $2 and not ${GONE}) < $4 returning id`, [slotId, licenceId, id, this.most],
    )) as unknown[];
    return rows.length === 1;
  }

  async leave(tx: Tx, slotId: string): Promise<void> {
    await tx.query('delete from delivery.response_slot where id = $1', [slotId]);
  }

  /** The response goes on. */
  async seen(slotId: string): Promise<void> {
    await this.database.query(SEEN, [slotId]);
  }

  async clear(tx: Tx): Promise<void> {
    await tx.query(`delete from delivery.response_slot where seen_at < clock_timestamp() - interval '1 hour'`);
  }
}
