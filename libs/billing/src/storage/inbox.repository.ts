import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '#shared';
import type { InboxEvent, InboxState } from '../domain/inbox.js';
import { InboxRow } from './billing.entities.js';

const DUE = { name: 'billing.inbox-due', text: `select id from billing.inbox where state = 'RECEIVED' and next_attempt_at <= $1 order by next_attempt_at, id limit $2` };
const BY_ID = {
  name: 'billing.inbox-by-id',
  text: 'select id, provider, event_id as "eventId", type, payload, state, attempts, received_at as "receivedAt" from billing.inbox where id = $1',
};

@Injectable()
export class InboxRepository {
  constructor(private readonly database: Database) {}

  /** Keeps an event; false when it is here already. */
  async insert(tx: Tx, event: InboxEvent & { readonly payload: object }): Promise<boolean> {
    const result = await tx.createQueryBuilder().insert().into(InboxRow).values({ ...event, nextAttemptAt: event.receivedAt, lastError: null }).orIgnore().returning('id').execute();
    return (result.raw as unknown[]).length === 1;
  }

  lock(tx: Tx, id: string): Promise<InboxEvent | null> {
    return tx.findOne(InboxRow, { where: { id }, lock: { mode: 'for_no_key_update' } });
  }

  async setState(tx: Tx, id: string, state: InboxState): Promise<void> {
    await tx.update(InboxRow, { id }, { state });
  }

  async postpone(tx: Tx, id: string, attempts: number, nextAttemptAt: Date, lastError: string): Promise<void> {
    await tx.update(InboxRow, { id }, { attempts, nextAttemptAt, lastError });
  }

  async byId(id: string): Promise<InboxEvent | null> {
    const [row] = await this.database.query<InboxEvent & Record<string, unknown>>(BY_ID, [id]);
    return row ?? null;
  }

  async due(now: Date, limit: number): Promise<string[]> {
    return (await this.database.query<{ id: string }>(DUE, [now, limit])).map((r) => r.id);
  }
}
