import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { Identity, Notices, type NoticeKind } from '#identity';
import { type Caller, Clock, isRefused, newId, type Result, type Tx } from '#shared';
import type { Side } from '../../domain/agreements/termination.js';
import { type DeletionEvent, type DeletionStep, deletionStates, inDays, nextAt, REDO_DAYS } from '../../domain/deletions/deletion.js';
import { type Deletion, DeletionRepository } from '../../storage/deletion.repository.js';

export interface DeletionMove {
  readonly event: DeletionEvent;
  readonly side: Side;
  /** Why, in the words of whoever moves it; both sides read it. */
  readonly text: string | null;
  readonly certificateId?: string;
}

const TOLD: Readonly<Record<DeletionEvent, string>> = {
  lapse: 'The deletion is overdue: until it is certified the buyer places no new order with this vendor', certify: 'The buyer certified the deletion', contest: 'The vendor contests the certificate', release: 'The vendor asks no more of the buyer',
  settle: 'The certificate was not contested and is good', close: 'The exchange closed the matter', reopen: 'The exchange finds that the certificate does not hold: the data is to be deleted, and that certified anew',
};
/** What the exchange itself has to look at. */
const FOR_STAFF: ReadonlySet<DeletionStep> = new Set(['lapse', 'contest']);

/** Moves a deletion on, in the transaction of its caller, who holds it: state, history, audit, and both sides told; staff of what it has to look at. */
@Injectable()
export class MoveDeletion {
  constructor(private readonly deletions: DeletionRepository, private readonly identity: Identity, private readonly notices: Notices, private readonly audit: Audit, private readonly clock: Clock) {}

  async move(tx: Tx, caller: Caller, deletion: Deletion, { event, side, text, certificateId }: DeletionMove): Promise<Result<Deletion>> {
    const { id, licenceId, buyerId } = deletion;
    const state = await this.audit.transition(tx, caller, { table: deletionStates, state: deletion.state, event, objectType: 'deletion', objectId: id, tenantId: buyerId, reason: text, details: { licenceId, ...(certificateId ? { certificateId } : {}) } });
    if (isRefused(state)) return state;
    const now = this.clock.now();
    const dueAt = event === 'reopen' ? inDays(now, REDO_DAYS) : deletion.dueAt;
    const moved: Deletion = { ...deletion, state, dueAt, nextAt: nextAt(state, dueAt, now), closedAt: state === 'CLOSED' ? now : null };
    await this.deletions.move(tx, moved);
    await this.note(tx, moved, event, side, text, certificateId ?? null);
    await this.tell(tx, moved, event === 'lapse' ? 'DELETION_OVERDUE' : 'DELETION_MOVED', text ? `${TOLD[event]}: ${text}` : TOLD[event], FOR_STAFF.has(event));
    return moved;
  }

  /** Nothing has moved, but the day comes nearer, or has passed: before it the buyer is reminded, after it everybody. */
  async remind(tx: Tx, deletion: Deletion): Promise<void> {
    const now = this.clock.now();
    const reminded: Deletion = { ...deletion, nextAt: nextAt(deletion.state, deletion.dueAt, now) };
    await this.deletions.move(tx, reminded);
    await this.note(tx, reminded, 'remind', 'EXCHANGE', null, null);
    const overdue = deletion.state === 'OVERDUE';
    await this.tell(tx, reminded, overdue ? 'DELETION_OVERDUE' : 'DELETION_REMINDER', `The data ${overdue ? 'was' : 'is'} to be deleted, and that certified, by ${deletion.dueAt.toISOString()}`, overdue);
  }

  note(tx: Tx, deletion: Deletion, event: DeletionStep, side: Side, text: string | null, certificateId: string | null): Promise<void> {
    return this.deletions.note(tx, deletion, { id: newId(), deletionId: deletion.id, event, state: deletion.state, side, text, certificateId, at: this.clock.now() });
  }

  async tell(tx: Tx, { id, licenceId, vendorId, buyerId, state, dueAt }: Deletion, kind: NoticeKind, text: string, staff: boolean): Promise<void> {
    const told = kind === 'DELETION_REMINDER' ? [buyerId] : [vendorId, buyerId, ...(staff ? [await this.identity.exchangeId()] : [])];
    await this.notices.tell(tx, told, { objectType: 'LICENCE', objectId: licenceId, kind, text, details: { deletionId: id, state, dueAt: dueAt.toISOString() } });
  }
}
