import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { Notices } from '#identity';
import { accepted, type Caller, Clock, newId, type Tx } from '#shared';
import { terminationStates } from '../../domain/agreements/termination.js';
import type { Agreement, Licence } from '../../storage/contracts.repository.js';
import { DeletionRepository } from '../../storage/deletion.repository.js';
import { type Supersession, SupersessionRepository } from '../../storage/supersession.repository.js';
import { TerminationRepository } from '../../storage/termination.repository.js';
import { MoveDeletion } from '../deletions/move-deletion.js';
import type { Predecessor } from './find-predecessor.js';

/** What deletion becomes where the data goes on to be used. */
@Injectable()
export class GoneOn {
  constructor(readonly deletions: DeletionRepository, readonly moving: MoveDeletion) {}
}

/** One agreement takes the place of another, in the transactions of its conclusion and of its beginning. */
@Injectable()
export class HandOver {
  constructor(
    private readonly supersessions: SupersessionRepository, private readonly terminations: TerminationRepository, private readonly goneOn: GoneOn, private readonly notices: Notices, private readonly audit: Audit, private readonly clock: Clock,
  ) {}

  async agreed(tx: Tx, caller: Caller, { id: agreementId, vendorId, buyerId, concludedAt }: Agreement, { agreementId: supersededId, kind }: Predecessor): Promise<void> {
    await this.supersessions.insert(tx, { agreementId, supersededId, vendorId, buyerId, kind, agreedAt: concludedAt, effectiveAt: null });
    await this.audit.append(tx, caller, { act: 'agreement.supersede', objectType: 'agreement', objectId: supersededId, tenantId: buyerId, details: { by: agreementId, kind } });
  }

  /** What a licence that begins takes the place of. */
  of(tx: Tx, agreementId: string): Promise<Supersession | null> {
    return this.supersessions.of(tx, agreementId);
  }

  /** The newer one has begun, or begins with the end of the older. Whose deletion was asked for in between goes on using the data. */
  async begin(tx: Tx, caller: Caller, { agreementId, supersededId, vendorId, buyerId, kind }: Supersession, older: Licence, newer: Pick<Licence, 'id'>, from: Date): Promise<void> {
    await this.supersessions.takeEffect(tx, agreementId, from);
    if (older.firstDeliveredAt) await this.supersessions.carryDelivered(tx, newer.id, older.firstDeliveredAt);
    const asked = await this.goneOn.deletions.openOf(tx, older.id);
    if (asked) accepted(await this.goneOn.moving.move(tx, caller, asked, { event: 'close', side: 'EXCHANGE', text: `agreement ${agreementId} goes on from here` }));
    const text = kind === 'RENEWAL' ? `Renewed by agreement ${agreementId}, which begins ${from.toISOString()}` : `Replaced by agreement ${agreementId}, which begins now`;
    await this.notices.tell(tx, [vendorId, buyerId], { objectType: 'AGREEMENT', objectId: supersededId, kind: 'SUPERSEDED', text, details: { agreementId, kind, effectiveAt: from.toISOString() } });
  }

  /** Puts on record that the older one ended for this, unless it is being ended on another ground. */
  async terminated(tx: Tx, { agreementId, supersededId, vendorId, buyerId }: Supersession, at: Date): Promise<void> {
    await this.terminations.insert(tx, {
      id: newId(), agreementId: supersededId, vendorId, buyerId, reasonCode: 'SUPERSEDED', side: 'BUYER', statement: `agreement ${agreementId} took its place`, state: 'EFFECTIVE', effectiveAt: at, answer: null, proposedAt: at, closedAt: at,
    });
  }

  /** A licence is over: true where another one goes on in its place, with what was had under it; then nothing is to be deleted yet. */
  async goesOn(tx: Tx, older: Licence): Promise<boolean> {
    const successor = await this.supersessions.successorOf(tx, older.agreementId);
    if (!successor || successor.state === 'PENDING') return false;
    if (older.firstDeliveredAt) await this.supersessions.carryDelivered(tx, successor.licenceId, older.firstDeliveredAt);
    return true;
  }

  /** Its licence lapsed before it was paid for: what was proposed to end it has come about. */
  async calledOff(tx: Tx, caller: Caller, agreementId: string): Promise<void> {
    const proposed = await this.terminations.lockProposed(tx, agreementId);
    if (!proposed) return;
    const { id, buyerId, reasonCode, answer } = proposed;
    const state = accepted(await this.audit.transition(tx, caller, { table: terminationStates, state: proposed.state, event: 'take-effect', objectType: 'termination', objectId: id, tenantId: buyerId, details: { agreementId, reasonCode } }));
    await this.terminations.move(tx, id, { state, answer, closedAt: this.clock.now() });
  }
}
