import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { Notices } from '#identity';
import { type Caller, Clock, isRefused, type Result, type Tx } from '#shared';
import { type DataRequest, type DataRequestEvent, dataRequestStates } from '../../domain/data-requests/data-request.js';
import { AnswerRepository } from '../../storage/data-requests/answer.repository.js';
import { DataRequestRepository } from '../../storage/data-requests/data-request.repository.js';

/** The one way in which a request ends, in the transaction of the caller, who holds it: vendors who wait for an answer are told, and the asker of what he did not do himself. */
@Injectable()
export class EndDataRequest {
  constructor(private readonly requests: DataRequestRepository, private readonly answers: AnswerRepository, private readonly notices: Notices, private readonly audit: Audit, private readonly clock: Clock) {}

  async execute(tx: Tx, caller: Caller, request: DataRequest, event: DataRequestEvent, reason: string | null): Promise<Result<DataRequest>> {
    const state = await this.audit.transition(tx, caller, { table: dataRequestStates, state: request.state, event, objectType: 'data-request', objectId: request.id, tenantId: request.asker.id, reason });
    if (isRefused(state)) return state;
    const ended: DataRequest = { ...request, state, endReason: reason, endedAt: this.clock.now() };
    await this.requests.end(tx, ended);
    const line = { objectType: 'DATA_REQUEST', objectId: request.id, kind: 'REQUEST_OVER', details: { state } } as const;
    // Why staff took it down is the asker's matter, and what it was about nobody's any more.
    await this.notices.tell(tx, await this.answers.waiting(tx, request.id), { ...line, text: event === 'remove' ? 'A request for data that you answered was taken down.' : `The request for data "${request.title}" is ${state} now.` });
    if (event === 'expire') await this.notices.tell(tx, [request.asker.id], { ...line, text: `Your request for data "${request.title}" is over: its time has passed.` });
    if (event === 'remove') await this.notices.tell(tx, [request.asker.id], { ...line, text: `Your request for data "${request.title}" was taken down: ${reason ?? ''}`, details: { state, reason } });
    return ended;
  }
}
