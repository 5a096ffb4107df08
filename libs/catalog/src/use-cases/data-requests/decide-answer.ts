import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type Actor, authorise, Notices, organisationOf } from '#identity';
import { Clock, Commands, isRefused, notFound, type Result, stateConflict } from '#shared';
import { CATALOG_ERRORS } from '../../catalog.errors.js';
import { answerStates, isOpen } from '../../domain/data-requests/data-request.js';
import type { DataRequestAnswer } from '../../storage/data-requests/answer.repository.js';
import { DataRequestStore } from './data-request-store.js';

export interface DecideAnswerInput {
  readonly answerId: string;
  readonly reason: string | null;
}

/** The asker accepts an answer, by which its vendor learns who asked, or declines it. The request stays open for others until it is closed. */
@Injectable()
export class DecideAnswer {
  constructor(private readonly commands: Commands, private readonly store: DataRequestStore, private readonly notices: Notices, private readonly audit: Audit, private readonly clock: Clock) {}

  async execute(actor: Actor, event: 'accept' | 'decline', input: DecideAnswerInput): Promise<Result<DataRequestAnswer>> {
    const refusal = authorise(actor, 'catalog:request');
    if (refusal) return refusal;
    return this.commands.runAcross<Result<DataRequestAnswer>>(actor, `catalog.${event}-data-request-answer`, input, async (tx) => {
      // The request before its answer, as whoever ends it does.
      const dataRequestId = await this.store.answers.requestOf(tx, input.answerId);
      const request = dataRequestId === null ? null : await this.store.requests.lock(tx, dataRequestId);
      if (request?.asker.id !== organisationOf(actor)) return notFound('answer');
      if (!isOpen(request, this.clock.now())) return stateConflict(CATALOG_ERRORS.DATA_REQUEST, 'the request is over', request.state === 'OPEN' ? 'EXPIRED' : request.state);
      const answer = (await this.store.answers.lock(tx, input.answerId))!;
      const state = await this.audit.transition(tx, actor, { table: answerStates, state: answer.state, event, objectType: 'data-request-answer', objectId: answer.id, reason: input.reason, details: { dataRequestId: request.id, vendorId: answer.vendor.id } });
      if (isRefused(state)) return state;
      const asker = event === 'accept' ? request.asker : null;
      const decided: DataRequestAnswer = { ...answer, state, reason: input.reason, asker, decidedAt: this.clock.now() };
      await this.store.answers.decide(tx, decided);
      await this.notices.tell(tx, [answer.vendor.id], {
        objectType: 'DATA_REQUEST', objectId: request.id, kind: asker ? 'ANSWER_ACCEPTED' : 'ANSWER_DECLINED',
        text: `Your answer to the request for data "${request.title}" was ${asker ? `accepted by ${asker.legalName}` : 'declined'}${input.reason ? `: ${input.reason}` : ''}`, details: { answerId: answer.id, ...(asker ? { askerId: asker.id } : {}) },
      });
      return decided;
    });
  }
}
