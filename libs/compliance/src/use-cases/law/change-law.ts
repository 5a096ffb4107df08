import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type Actor, authorise, secondPersonDiffers } from '#identity';
import { Clock, Commands, isRefused, newId, notFound, type Result, stateConflict, type StateConflict, type Tx } from '#shared';
import type { LawAct } from '../../domain/law/change.js';
import { lawChangeStates } from '../../domain/law/change-state.js';
import { type Law, LawError } from '../../domain/law/law.js';
import { LAW_ERRORS } from '../../law.errors.js';
import { LawChanged } from '../../law.events.js';
import { LawRepository } from '../../storage/law.repository.js';
import { type LawChange, LawChangeRepository } from '../../storage/law-change.repository.js';
import { CurrentLaw } from './current-law.js';

export interface ProposeLawChangeInput {
  readonly documentHash: string;
  readonly act: LawAct;
  readonly reason: string;
}
export interface DecideLawChangeInput {
  readonly changeId: string;
  readonly confirm: boolean;
  readonly reason: string;
}

/** The law in force changes with four eyes: one member of staff proposes, another one decides. Changes come one after the other. */
@Injectable()
export class ChangeLaw {
  constructor(
    private readonly commands: Commands, private readonly laws: CurrentLaw, private readonly law: LawRepository, private readonly changes: LawChangeRepository,
    private readonly audit: Audit, private readonly clock: Clock,
  ) {}

  async propose(actor: Actor, input: ProposeLawChangeInput): Promise<Result<LawChange>> {
    const refusal = authorise(actor, 'compliance:propose-law');
    if (refusal) return refusal;
    return this.commands.run<Result<LawChange>>(actor, 'compliance.propose-law-change', input, async (tx) => {
      await this.law.lock(tx);
      const { documentHash, act } = input;
      if (!(await this.law.documents([documentHash])).has(documentHash)) return notFound('law document');
      if (await this.changes.isOpen(tx, documentHash)) return stateConflict(LAW_ERRORS.CHANGE_OPEN, 'a change of this document waits for its decision', 'PROPOSED');
      const would = await this.would(tx, documentHash, act);
      if (isRefused(would)) return would;
      const change: LawChange = {
        id: newId(), documentHash, act, state: 'PROPOSED', reason: input.reason.normalize('NFC'), proposedBy: actor.memberId!, proposedAt: this.clock.now(), decidedBy: null, decidedAt: null, decisionReason: null,
      };
      await this.changes.insert(tx, change);
      await this.audit.append(tx, actor, { act: 'law-change.propose', objectType: 'law-change', objectId: change.id, reason: change.reason, details: { documentHash, act, wouldBe: would.hash } });
      return change;
    });
  }

  /** Another one than who proposed it confirms; he himself can only take it back. The law that is left must hold together, else what is in force stays. */
  async decide(actor: Actor, input: DecideLawChangeInput): Promise<Result<LawChange>> {
    const refusal = authorise(actor, 'compliance:confirm-law');
    if (refusal) return refusal;
    return this.commands.run<Result<LawChange>>(actor, 'compliance.decide-law-change', input, async (tx) => {
      await this.law.lock(tx);
      const change = await this.changes.lock(tx, input.changeId);
      if (!change) return notFound('law change');
      const { id, documentHash, act } = change;
      const line = { table: lawChangeStates, state: change.state, objectType: 'law-change', objectId: id, reason: input.reason };
      if (!input.confirm) {
        const state = await this.audit.transition(tx, actor, { ...line, event: 'reject', details: { documentHash, act } });
        return isRefused(state) ? state : this.decided(tx, actor, { ...change, state }, input.reason);
      }
      if (change.state === 'PROPOSED' && !secondPersonDiffers('compliance:propose-law', 'compliance:confirm-law', { first: change.proposedBy, second: actor.memberId })) {
        return stateConflict(LAW_ERRORS.SECOND_OFFICER, 'another member of staff than who proposed it confirms it', change.state);
      }
      if (lawChangeStates.next(change.state, 'confirm') === undefined) return stateConflict('law-change.not_possible', `confirm is not possible in state ${change.state}`, change.state);
      const law = await this.would(tx, documentHash, act);
      if (isRefused(law)) return law;
      const setSeq = await this.law.insertSet(tx, { hash: law.hash, documents: law.documents.map((d) => d.hash) }, id, this.clock.now());
      const state = await this.audit.transition(tx, actor, {
        ...line, event: 'confirm', details: { documentHash, act, setSeq, hash: law.hash }, announce: { type: LawChanged, payload: { setSeq, hash: law.hash, documentHash, act } },
      });
      return isRefused(state) ? state : this.decided(tx, actor, { ...change, state }, input.reason);
    });
  }

  private async decided(tx: Tx, actor: Actor, change: LawChange, reason: string): Promise<LawChange> {
    const decided: LawChange = { ...change, decidedBy: actor.memberId!, decidedAt: this.clock.now(), decisionReason: reason.normalize('NFC') };
    await this.changes.decide(tx, decided);
    return decided;
  }

  private async would(tx: Tx, documentHash: string, act: LawAct): Promise<Law | StateConflict> {
    try {
      return await this.laws.with(tx, documentHash, act);
    } catch (error) {
      if (error instanceof LawError) return stateConflict(LAW_ERRORS.DOES_NOT_HOLD, error.message, 'REFUSED');
      throw error;
    }
  }
}
