import { EventEmitter } from 'node:events';
import { Injectable } from '@nestjs/common';
import type { Caller } from '../caller.js';
import { Clock } from '../clock.js';
import { encodeJson } from '../codec.js';
import { prepared, type Tx } from '../database/database.js';
import { newId } from '../ids.js';

/** A fact of one room that others may answer. Ids and values only; `topic` carries the version: `contracts.agreement-concluded.v1`. */
export interface OutboxMessage<P = unknown> {
  readonly id: string;
  readonly seq: string;
  readonly topic: string;
  readonly aggregateId: string;
  readonly payload: P;
  readonly requestId: string;
  readonly createdAt: Date;
}

export type Handler<P> = (tx: Tx, message: OutboxMessage<P>) => Promise<void>;
export interface EventType<P> {
  readonly topic: string;
  /** Only carries the payload's type. */
  readonly payload?: P;
}
export const eventType = <P>(topic: string): EventType<P> => ({ topic });

/** Tells the relay of this process that a transaction with messages was committed. Other processes poll. */
@Injectable()
export class OutboxSignal {
  private readonly emitter = new EventEmitter();
  private readonly published = new WeakSet<Tx>();

  markPublished(tx: Tx): void {
    this.published.add(tx);
  }
  takePublished(tx: Tx): boolean {
    return this.published.has(tx);
  }
  raise(): void {
    this.emitter.emit('raised');
  }
  onRaised(listener: () => void): void {
    this.emitter.on('raised', listener);
  }
}

/** Who answers which topic. Filled while modules start; the same in every process. */
@Injectable()
export class Subscriptions {
  private readonly byTopic = new Map<string, Map<string, Handler<unknown>>>();

  /** `name` is stable: it is the subscriber's identity in the database. The handler writes through its `tx` only and may be called again. */
  on<P>(type: EventType<P>, name: string, handler: Handler<P>): void {
    const handlers = this.byTopic.get(type.topic) ?? new Map<string, Handler<unknown>>();
    if (handlers.has(name)) throw new Error(`subscriber ${name} of ${type.topic} registered twice`);
    handlers.set(name, handler as Handler<unknown>);
    this.byTopic.set(type.topic, handlers);
  }
  names(topic: string): string[] {
    return [...(this.byTopic.get(topic)?.keys() ?? [])];
  }
  find(topic: string, name: string): Handler<unknown> | undefined {
    return this.byTopic.get(topic)?.get(name);
  }
}

const PUBLISH_ALL = { name: 'shared.publish-all', text: 'select shared.publish_all($1, $2, $3, $4, $5, $6, $7)' };
const PUBLISH = { name: 'shared.publish', text: 'select shared.publish($1, $2, $3, $4, $5, $6, $7)' };

/** Writes messages in the caller's transaction: no commit, no message; no message lost after a commit. */
@Injectable()
export class Outbox {
  constructor(private readonly clock: Clock, private readonly signal: OutboxSignal, private readonly subscriptions: Subscriptions) {}

  async publish<P>(tx: Tx, caller: Caller, type: EventType<P>, aggregateId: string, payload: P): Promise<void> {
    const { requestId } = caller;
    await prepared(tx, PUBLISH, [newId(), aggregateId, type.topic, encodeJson(payload), requestId, this.clock.now(), this.subscriptions.names(type.topic)]);
    this.signal.markPublished(tx);
  }

  /** Many messages of one type in one statement, in their order. */
  async publishAll<P>(tx: Tx, caller: Caller, type: EventType<P>, messages: readonly { readonly aggregateId: string; readonly payload: P }[]): Promise<void> {
    if (messages.length === 0) return;
    await prepared(tx, PUBLISH_ALL, [
      messages.map(() => newId()), messages.map((m) => m.aggregateId), type.topic, messages.map((m) => encodeJson(m.payload)), caller.requestId, this.clock.now(), this.subscriptions.names(type.topic),
    ]);
    this.signal.markPublished(tx);
  }
}
