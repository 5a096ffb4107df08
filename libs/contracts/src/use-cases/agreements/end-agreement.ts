import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { Notices } from '#identity';
import { type Caller, Clock, isRefused, LIMITS, type Refusal, type Result, stateConflict, type Tx } from '#shared';
import { CONTRACTS_ERRORS } from '../../contracts.errors.js';
import { type TerminationEvent, terminationStates } from '../../domain/agreements/termination.js';
import { type Termination, TerminationRepository } from '../../storage/termination.repository.js';
import { MoveLicence } from '../move-licence.js';

export interface TerminationMove {
  readonly event: TerminationEvent;
  readonly answer: string | null;
}

/** Moves a termination on, in the transaction of the caller, who holds it; where it takes effect, the licence is over with it and the next byte already sees it. */
@Injectable()
export class EndAgreement {
  constructor(
    private readonly terminations: TerminationRepository, private readonly licences: MoveLicence, private readonly notices: Notices, private readonly audit: Audit, private readonly clock: Clock,
  ) {}

  async move(tx: Tx, caller: Caller, termination: Termination, { event, answer }: TerminationMove): Promise<Result<Termination>> {
    const { id, agreementId, buyerId, reasonCode } = termination;
    const state = await this.audit.transition(tx, caller, { table: terminationStates, state: termination.state, event, objectType: 'termination', objectId: id, tenantId: buyerId, reason: answer, details: { agreementId, reasonCode } });
    if (isRefused(state)) return state;
    const moved: Termination = { ...termination, state, answer: answer ?? termination.answer, closedAt: state === 'CONTESTED' ? null : this.clock.now() };
    await this.terminations.move(tx, id, moved);
    const refused = state === 'EFFECTIVE' ? await this.takeEffect(tx, caller, moved) : undefined;
    if (refused) return refused;
    await this.tell(tx, moved);
    return moved;
  }

  /** Also of one that is in effect as soon as it is made. A licence that has ended by itself in the meantime stays as it is. */
  async takeEffect(tx: Tx, caller: Caller, { agreementId, reasonCode, statement }: Termination): Promise<Refusal | undefined> {
    const ended = await this.licences.terminate(tx, caller, agreementId, `${reasonCode}: ${statement}`.slice(0, LIMITS.longText));
    if (isRefused(ended) && ended.kind === 'StateConflict' && ended.state === 'PENDING') return stateConflict(CONTRACTS_ERRORS.TERMINATION_ANSWER, 'it is not paid yet: its buyer consents by calling the purchase off', 'PENDING');
    return isRefused(ended) ? ended : undefined;
  }

  /** Both sides, whatever has happened to it. */
  async tell(tx: Tx, { id, agreementId, vendorId, buyerId, reasonCode, state, statement, answer, effectiveAt }: Termination): Promise<void> {
    await this.notices.tell(tx, [vendorId, buyerId], {
      objectType: 'AGREEMENT', objectId: agreementId, kind: state === 'EFFECTIVE' ? 'TERMINATED' : 'TERMINATION_MOVED', text: answer ?? statement,
      details: { terminationId: id, reasonCode, state, effectiveAt: effectiveAt?.toISOString() ?? null },
    });
  }
}
