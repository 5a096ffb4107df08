import { Injectable, Logger } from '@nestjs/common';
import { type Caller, Clock, type EventType, newId, Outbox, type Page, type PageRequest, type StateConflict, stateConflict, type StateTable, type Tx } from '#shared';
import type { AuditEntry } from './domain/seal.js';
import { AuditRepository, type LogFilter } from './storage/audit.repository.js';
import { SealEntries } from './use-cases/seal-entries.js';
import { type AuditVerification, VerifyLog } from './use-cases/verify-log.js';

export interface AuditLine {
  readonly act: string;
  readonly objectType: string;
  readonly objectId: string;
  /** The organisation whose object it is; the caller's own when left out. */
  readonly tenantId?: string | null;
  readonly tradeId?: string | null;
  readonly reason?: string | null;
  readonly details?: Record<string, unknown>;
}

export interface TransitionRequest<S extends string, E extends string> extends Omit<AuditLine, 'act'> {
  readonly table: StateTable<S, E>;
  readonly state: S;
  readonly event: E;
  /** Told to other rooms in the same transaction: `payload` with `{ from, to }` added. */
  readonly announce?: { readonly type: EventType<unknown>; readonly payload: object };
}

/** The log of every act. */
@Injectable()
export class Audit {
  private readonly log = new Logger('audit');

  constructor(
    private readonly repository: AuditRepository, private readonly clock: Clock, private readonly outbox: Outbox,
    private readonly sealEntries: SealEntries, private readonly verifyLog: VerifyLog,
  ) {}

  /** Writes one line in the caller's transaction. If it cannot be written the act does not happen (I6). */
  async append(tx: Tx, caller: Caller, line: AuditLine): Promise<void> {
    await this.repository.insert(tx, this.entryOf(caller, line));
    this.tell(caller, line);
  }

  /** As `append`, many lines in one statement, and one line for all of them in the log of the processes. */
  async appendAll(tx: Tx, caller: Caller, lines: readonly AuditLine[]): Promise<void> {
    if (lines.length === 0) return;
    await this.repository.insertAll(tx, lines.map((line) => this.entryOf(caller, line)));
    this.log.log({ requestId: caller.requestId, act: lines[0]!.act, lines: lines.length });
  }

  private entryOf(caller: Caller, line: AuditLine): AuditEntry {
    return {
      id: newId(), recordedAt: this.clock.now(), act: line.act, objectType: line.objectType, objectId: line.objectId, subject: caller.subject.slice(0, 300), requestId: caller.requestId,
      tenantId: line.tenantId === undefined ? caller.tenantId : line.tenantId, tradeId: line.tradeId ?? null, reason: line.reason ?? null, details: plain(line.details ?? {}),
    };
  }
  /** So that an operator finds a trade in the log of the processes; the truth is the entry. */
  private tell(caller: Caller, line: AuditLine): void {
    if (line.tradeId) this.log.log({ requestId: caller.requestId, tradeId: line.tradeId, act: line.act, objectId: line.objectId });
  }

  /**
   * The one way in which an object changes its state: looks the event up in the state table, writes the audit line and the
   * event for other rooms, and answers the new state for the caller to save. An event that the table does not allow is
   * refused with nothing written (I8).
   */
  async transition<S extends string, E extends string>(tx: Tx, caller: Caller, request: TransitionRequest<S, E>): Promise<S | StateConflict> {
    const { table, state, event, announce, ...line } = request;
    const to = table.next(state, event);
    if (to === undefined) return stateConflict(`${table.name}.not_possible`, `${event} is not possible in state ${state}`, state);
    await this.append(tx, caller, { ...line, act: `${table.name}.${event}`, details: { ...line.details, from: state, to } });
    if (announce) await this.outbox.publish(tx, caller, announce.type, line.objectId, { ...announce.payload, from: state, to });
    return to;
  }

  /** As `transition`, of many objects by one event, in a statement for all lines and one for all messages. One that the table refuses is a defect of the caller: nothing is written. */
  async transitionAll<S extends string, E extends string>(tx: Tx, caller: Caller, requests: readonly TransitionRequest<S, E>[]): Promise<S[]> {
    const moved = requests.map(({ table, state, event, announce, ...line }) => {
      const to = table.next(state, event);
      if (to === undefined) throw new Error(`${event} of ${table.name} ${line.objectId} is not possible in state ${state}`);
      return { to, line: { ...line, act: `${table.name}.${event}`, details: { ...line.details, from: state, to } }, announce, message: { aggregateId: line.objectId, payload: { ...announce?.payload, from: state, to } as unknown } };
    });
    if (moved.length === 0) return [];
    await this.appendAll(tx, caller, moved.map((m) => m.line));
    const types = new Set(moved.flatMap((m) => m.announce?.type ?? []));
    for (const type of types) await this.outbox.publishAll(tx, caller, type, moved.filter((m) => m.announce?.type === type).map((m) => m.message));
    return moved.map((m) => m.to);
  }

  /** The lines of a trade and of the objects it stands on, oldest first; where there are more than 500, the newest of them. */
  ofTrade(tradeId: string, objectIds: readonly string[]): Promise<AuditEntry[]> {
    return this.repository.ofTrade(tradeId, objectIds);
  }
  /** The log, newest first. Object, trade and organisation are found at once; subject and act are looked for along the time, so name a window with them. */
  latest(filter: LogFilter, page: PageRequest): Promise<Page<AuditEntry>> {
    return this.repository.latest(filter, page);
  }
  /** Seals what waits; answers how many entries. */
  seal(): Promise<number> {
    return this.sealEntries.execute();
  }
  /** Recomputes the chain and names every place where the past was changed. */
  verify(): Promise<AuditVerification> {
    return this.verifyLog.execute();
  }
}

/** What jsonb gives back is what is hashed: bigint as text, dates as ISO strings, nothing undefined. */
const plain = (details: Record<string, unknown>): Record<string, unknown> =>
  JSON.parse(JSON.stringify(details, (_, v: unknown) => (typeof v === 'bigint' ? v.toString() : v))) as Record<string, unknown>;
