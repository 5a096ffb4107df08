import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../clock.js';
import { untag } from '../codec.js';
import { LIMITS } from '../config/limits.js';
import { Database, type Tx } from '../database/database.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { type OutboxMessage, Subscriptions } from './outbox.js';

interface Due {
  subscriber: string;
  seq: string;
}
interface Row {
  id: string; seq: string; topic: string; aggregate_id: string; payload: unknown; request_id: string; created_at: Date; attempts: number;
}

/** The oldest open delivery of each (subscriber, aggregate): messages of one aggregate are handed over in order. */
const DUE = {
  name: 'shared.outbox-due',
  text: `select d.subscriber, d.seq from shared.outbox_delivery d
         where d.next_attempt_at <= $1 and not exists (
           select 1 from shared.outbox_delivery e where e.subscriber = d.subscriber and e.aggregate_id = d.aggregate_id and e.seq < d.seq)
         order by d.seq limit $2`,
};

/**
 * Hands committed messages to subscribers, at least once and in order per aggregate. A handler's writes and the mark that it
 * ran are one transaction, so its effect in this database happens once. A message that keeps failing stops only its own aggregate.
 */
@Injectable()
export class Relay {
  private readonly log = new Logger('relay');

  constructor(private readonly database: Database, private readonly uow: UnitOfWork, private readonly subscriptions: Subscriptions, private readonly clock: Clock) {}

  /** One turn; answers how many messages were handled. */
  async turn(): Promise<number> {
    const due = await this.database.query<Due & Record<string, unknown>>(DUE, [this.clock.now(), LIMITS.relayBatch]);
    let handled = 0;
    for (const item of due) if (await this.handOver(item)) handled++;
    return handled;
  }

  private async handOver(item: Due): Promise<boolean> {
    try {
      return await this.uow.run((tx) => this.deliver(tx, item));
    } catch (error) {
      await this.postpone(item, error as Error);
      return false;
    }
  }

  private async deliver(tx: Tx, item: Due): Promise<boolean> {
    const [row] = (await tx.query(
      `select o.id, o.seq, o.topic, o.aggregate_id, o.payload, o.request_id, o.created_at, d.attempts
       from shared.outbox_delivery d join shared.outbox o on o.seq = d.seq
       where d.subscriber = $1 and d.seq = $2 and d.next_attempt_at <= $3 for update of d skip locked`,
      [item.subscriber, item.seq, this.clock.now()],
    )) as Row[];
    if (!row) return false;
    const handler = this.subscriptions.find(row.topic, item.subscriber);
    if (!handler) throw new Error(`no subscriber ${item.subscriber} in this version`);
    await handler(tx, toMessage(row));
    await tx.query('delete from shared.outbox_delivery where subscriber = $1 and seq = $2', [item.subscriber, item.seq]);
    return true;
  }

  private async postpone(item: Due, error: Error): Promise<void> {
    this.log.error(`${item.subscriber} failed on message ${item.seq}: ${error.stack ?? error.message}`);
    await this.uow.run(async (tx) => {
      await tx.query(
        `update shared.outbox_delivery set attempts = attempts + 1, last_error = $3,
           next_attempt_at = case when attempts + 1 >= $4 then 'infinity'::timestamptz else $5::timestamptz + least(power(2, attempts), 1800) * interval '250 milliseconds' end
         where subscriber = $1 and seq = $2`,
        [item.subscriber, item.seq, error.message.slice(0, LIMITS.longText), LIMITS.relayAttempts, this.clock.now()],
      );
    });
  }
}

const toMessage = (row: Row): OutboxMessage => ({
  id: row.id, seq: row.seq, topic: row.topic, aggregateId: row.aggregate_id, payload: untag(row.payload), requestId: row.request_id, createdAt: row.created_at,
});
