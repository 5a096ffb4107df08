import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type Actor, authorise } from '#identity';
import { Clock, Commands, isRefused, notFound, type Result } from '#shared';
import { ClassificationChecked } from '../../compliance.events.js';
import { checkStates } from '../../domain/detection/check-states.js';
import { type ClassificationCheck, ClassificationCheckRepository } from '../../storage/classification-check.repository.js';

export interface ReviewClassificationInput {
  readonly checkId: string;
  readonly accept: boolean;
  readonly reason: string;
}

/** Staff holds a vendor's reasons against what the data says. */
@Injectable()
export class ReviewClassification {
  constructor(private readonly commands: Commands, private readonly checks: ClassificationCheckRepository, private readonly audit: Audit, private readonly clock: Clock) {}

  async execute(actor: Actor, input: ReviewClassificationInput): Promise<Result<ClassificationCheck>> {
    const refusal = authorise(actor, 'compliance:review-classification');
    if (refusal) return refusal;
    return this.commands.run<Result<ClassificationCheck>>(actor, 'compliance.review-classification', input, async (tx) => {
      const check = await this.checks.lock(tx, input.checkId);
      if (!check) return notFound('classification check');
      const { id, datasetId, productId, vendorId } = check;
      const state = await this.audit.transition(tx, actor, {
        table: checkStates, state: check.state, event: input.accept ? 'accept' : 'reject', objectType: 'classification-check', objectId: id, tenantId: vendorId, reason: input.reason, details: { datasetId },
        announce: { type: ClassificationChecked, payload: { checkId: id, datasetId, productId, vendorId, accepted: input.accept } },
      });
      if (isRefused(state)) return state;
      const decided = { ...check, state, reviewedBy: actor.subject, reason: input.reason, reviewedAt: this.clock.now() };
      await this.checks.decide(tx, decided);
      return decided;
    });
  }
}
