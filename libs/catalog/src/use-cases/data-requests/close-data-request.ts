import { Injectable } from '@nestjs/common';
import { type Actor, authorise, organisationOf } from '#identity';
import { Commands, isRefused, notFound, type Result } from '#shared';
import type { DataRequest } from '../../domain/data-requests/data-request.js';
import { AnswerRepository } from '../../storage/data-requests/answer.repository.js';
import { DataRequestRepository, type OwnRequest } from '../../storage/data-requests/data-request.repository.js';
import { EndDataRequest } from './end-data-request.js';

/** A request ends by its asker, who found what he looks for or does not look any more, or by staff, for abuse. */
@Injectable()
export class CloseDataRequest {
  constructor(private readonly commands: Commands, private readonly requests: DataRequestRepository, private readonly answers: AnswerRepository, private readonly ending: EndDataRequest) {}

  /** FULFILLED where an answer was accepted, else CLOSED. */
  async close(actor: Actor, input: { readonly dataRequestId: string }): Promise<Result<OwnRequest>> {
    const refusal = authorise(actor, 'catalog:request');
    if (refusal) return refusal;
    return this.commands.runAcross<Result<OwnRequest>>(actor, 'catalog.close-data-request', input, async (tx) => {
      const request = await this.requests.lock(tx, input.dataRequestId);
      if (request?.asker.id !== organisationOf(actor)) return notFound('request for data');
      const event = (await this.answers.isAnyAccepted(tx, request.id)) ? 'fulfil' : 'close';
      return whole(request, await this.ending.execute(tx, actor, request, event, null));
    });
  }

  async remove(actor: Actor, input: { readonly dataRequestId: string; readonly reason: string }): Promise<Result<OwnRequest>> {
    const refusal = authorise(actor, 'catalog:moderate');
    if (refusal) return refusal;
    return this.commands.run<Result<OwnRequest>>(actor, 'catalog.remove-data-request', input, async (tx) => {
      const request = await this.requests.lock(tx, input.dataRequestId);
      return request ? whole(request, await this.ending.execute(tx, actor, request, 'remove', input.reason)) : notFound('request for data');
    });
  }
}
const whole = (request: OwnRequest, ended: Result<DataRequest>): Result<OwnRequest> => (isRefused(ended) ? ended : { ...request, ...ended });
