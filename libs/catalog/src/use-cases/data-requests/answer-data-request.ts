import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type Actor, authorise, Identity, Notices, organisationOf } from '#identity';
import { Clock, Commands, invalid, LIMITS, newId, notFound, type Refusal, type Result, stateConflict, type Tx } from '#shared';
import { CATALOG_ERRORS } from '../../catalog.errors.js';
import { answersWith, type DataRequest, isOpen } from '../../domain/data-requests/data-request.js';
import { isListed } from '../../domain/listing-gate.js';
import type { DataRequestAnswer } from '../../storage/data-requests/answer.repository.js';
import { DataRequestStore } from './data-request-store.js';

export interface AnswerDataRequestInput {
  readonly dataRequestId: string;
  readonly message: string;
  /** A listed product of his own; null: words alone. */
  readonly productId: string | null;
}

/** A vendor answers a request, with words or with what he lists. He learns nothing of an asker who is not named: what he may answer with does not depend on who that is. */
@Injectable()
export class AnswerDataRequest {
  constructor(private readonly commands: Commands, private readonly store: DataRequestStore, private readonly identity: Identity, private readonly notices: Notices, private readonly audit: Audit, private readonly clock: Clock) {}

  async execute(actor: Actor, input: AnswerDataRequestInput): Promise<Result<DataRequestAnswer>> {
    const refusal = authorise(actor, 'catalog:answer-requests');
    if (refusal) return refusal;
    const { id, legalName, jurisdiction } = (await this.identity.byId(organisationOf(actor)))!;
    return this.commands.runAcross<Result<DataRequestAnswer>>(actor, 'catalog.answer-data-request', input, async (tx) => {
      const request = await this.store.requests.lock(tx, input.dataRequestId);
      if (!request || request.state === 'REMOVED') return notFound('request for data');
      const problem = await this.problem(tx, request, id, input);
      if (problem) return problem;
      const answer: DataRequestAnswer = {
        id: newId(), dataRequestId: request.id, vendor: { id, legalName, jurisdiction }, message: input.message, productId: input.productId, state: 'SENT', reason: null, asker: null, answeredAt: this.clock.now(), decidedAt: null,
      };
      await this.store.answers.insert(tx, answer);
      await this.audit.append(tx, actor, { act: 'data-request-answer.send', objectType: 'data-request-answer', objectId: answer.id, details: { dataRequestId: request.id, productId: input.productId } });
      await this.notices.tell(tx, [request.asker.id], {
        objectType: 'DATA_REQUEST', objectId: request.id, kind: 'REQUEST_ANSWERED', text: `${legalName} answered your request for data "${request.title}": ${input.message}`, details: { answerId: answer.id, vendorId: id, productId: input.productId },
      });
      return answer;
    });
  }

  private async problem(tx: Tx, request: DataRequest, vendorId: string, { productId }: AnswerDataRequestInput): Promise<Refusal | undefined> {
    const now = this.clock.now();
    if (!isOpen(request, now)) return stateConflict(CATALOG_ERRORS.DATA_REQUEST, 'it takes no answers any more', request.state === 'OPEN' ? 'EXPIRED' : request.state);
    if (request.asker.id === vendorId) return stateConflict(CATALOG_ERRORS.DATA_REQUEST, 'it is your own', request.state);
    const { all, own } = await this.store.answers.count(tx, request.id, vendorId);
    if (own >= LIMITS.answersPerVendor) return stateConflict(CATALOG_ERRORS.DATA_REQUEST, `at most ${LIMITS.answersPerVendor} answers of one vendor`, request.state);
    if (all >= LIMITS.answersPerDataRequest) return stateConflict(CATALOG_ERRORS.DATA_REQUEST, `it has ${LIMITS.answersPerDataRequest} answers already`, request.state);
    if (productId === null) return undefined;
    const product = await this.store.products.lock(tx, productId);
    if (product?.vendorId !== vendorId) return notFound('product');
    if (!isListed(product, now)) return stateConflict(CATALOG_ERRORS.DATA_REQUEST, 'only what is listed can be answered with', product.state);
    return answersWith(product, request) ? undefined : invalid(CATALOG_ERRORS.DATA_REQUEST, 'productId', request.anonymous ? 'a product that everybody finds, as the asker is not named' : 'a product that the asker finds: name him for it first');
  }
}
