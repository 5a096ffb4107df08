import { Injectable } from '@nestjs/common';
import { type Actor, authorise, permits } from '#identity';
import { Commands, notFound, type Result, stateConflict, type Tx } from '#shared';
import { CONTRACTS_ERRORS } from '../../contracts.errors.js';
import { GROUNDS, type TerminationEvent } from '../../domain/agreements/termination.js';
import { type Termination, TerminationRepository } from '../../storage/termination.repository.js';
import { EndAgreement } from './end-agreement.js';

export interface AnswerTerminationInput {
  readonly terminationId: string;
  readonly statement: string;
}
export type PartyAnswer = Extract<TerminationEvent, 'consent' | 'decline' | 'contest' | 'withdraw'>;

/** The other side consents, declines or contests, whoever proposed withdraws, and staff decides on what is contested. Whichever commits first counts. */
@Injectable()
export class AnswerTermination {
  constructor(private readonly commands: Commands, private readonly terminations: TerminationRepository, private readonly ending: EndAgreement) {}

  async answer(actor: Actor, event: PartyAnswer, input: AnswerTerminationInput): Promise<Result<Termination>> {
    const refusal = authorise(actor, 'contracts:terminate');
    if (refusal) return refusal;
    return this.commands.runAcross<Result<Termination>>(actor, `contracts.${event}-termination`, input, async (tx) => {
      const termination = await this.terminations.lock(tx, input.terminationId);
      const own = termination && (termination.side === 'VENDOR' ? termination.vendorId : termination.side === 'BUYER' ? termination.buyerId : null);
      if (!termination || (actor.tenantId !== termination.vendorId && actor.tenantId !== termination.buyerId)) return notFound('termination');
      const mine = own === actor.tenantId;
      const open = event === 'withdraw' ? mine : !mine && GROUNDS[termination.reasonCode].answers.includes(event);
      if (!open) return stateConflict(CONTRACTS_ERRORS.TERMINATION_ANSWER, event === 'withdraw' ? 'whoever proposed it withdraws it' : `${event} is no answer of yours to ${termination.reasonCode}`, termination.state);
      return this.move(tx, actor, termination, event, input.statement);
    });
  }

  async judge(actor: Actor, { uphold, ...input }: AnswerTerminationInput & { readonly uphold: boolean }): Promise<Result<Termination>> {
    const refusal = authorise(actor, 'contracts:end');
    if (refusal) return refusal;
    return this.commands.run<Result<Termination>>(actor, 'contracts.judge-termination', { ...input, uphold }, async (tx) => {
      const termination = await this.terminations.lock(tx, input.terminationId);
      return termination ? this.move(tx, actor, termination, uphold ? 'uphold' : 'dismiss', input.statement) : notFound('termination');
    });
  }

  /** Whose terminations this actor reads: everybody's (null), his organisation's, or nobody's (undefined). */
  readerOf(actor: Actor): string | null | undefined {
    if (permits(actor, 'contracts:end') || permits(actor, 'oversight:read')) return null;
    return permits(actor, 'contracts:read') && actor.tenantId ? actor.tenantId : undefined;
  }

  private move(tx: Tx, actor: Actor, termination: Termination, event: TerminationEvent, answer: string): Promise<Result<Termination>> {
    return this.ending.move(tx, actor, termination, { event, answer });
  }
}
