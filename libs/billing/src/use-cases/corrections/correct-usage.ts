import { Injectable } from '@nestjs/common';
import { type Actor, authorise } from '#identity';
import { Clock, Commands, newId, notFound, type Result, stateConflict, type Tx } from '#shared';
import { BILLING_ERRORS } from '../../billing.errors.js';
import { correctionProblem, needsApproval, type UsageCorrection } from '../../domain/usage-correction.js';
import { UsageCorrectionRepository } from '../../storage/usage-correction.repository.js';
import { RatingSources } from '../close-usage.js';
import { ApplyCorrection } from './apply-correction.js';
import { CorrectionDesk } from './correction-desk.js';

export type CorrectUsageInput = Pick<UsageCorrection, 'licenceId' | 'source' | 'eventId' | 'quantity' | 'reason'>;

/**
 * Vendor or buyer says that an event should have counted another quantity. Where nobody else has to say yes it is made at once. Held against
 * closings of the licence: whether the use is charged stays as it was found.
 */
@Injectable()
export class CorrectUsage {
  constructor(
    private readonly commands: Commands, private readonly sources: RatingSources, private readonly corrections: UsageCorrectionRepository, private readonly applying: ApplyCorrection, private readonly desk: CorrectionDesk, private readonly clock: Clock,
  ) {}

  async execute(actor: Actor, input: CorrectUsageInput): Promise<Result<UsageCorrection>> {
    const refusal = authorise(actor, 'billing:correct');
    if (refusal) return refusal;
    return this.commands.runAcross<Result<UsageCorrection>>(actor, 'billing.correct-usage', { ...input, quantity: input.quantity.toString() }, (tx) => this.correct(tx, actor, input));
  }

  private async correct(tx: Tx, actor: Actor, { licenceId, source, eventId, quantity, reason }: CorrectUsageInput): Promise<Result<UsageCorrection>> {
    const { licences, metering, billed } = this.sources;
    const terms = await licences.termsOf(licenceId);
    const side = actor.tenantId === terms?.licence.vendorId ? 'VENDOR' : actor.tenantId === terms?.licence.buyerId ? 'BUYER' : null;
    if (!terms || !side) return notFound('licence');
    await billed.lock(tx, licenceId);
    const { vendorId, buyerId, agreementId } = terms.licence;
    const event = await metering.eventNamed(tx, { vendorId, source, eventId });
    if (event?.licenceId !== licenceId) return notFound('use');
    const { difference, open } = await this.corrections.ofEvent(tx, vendorId, source, eventId);
    if (open) return stateConflict(BILLING_ERRORS.CORRECTION_OPEN, 'another correction of this use waits for its answer', 'PROPOSED');
    const before = event.quantity + difference;
    const problem = correctionProblem({ source, meter: event.meter, before, quantity });
    if (problem) return problem;
    const correction: UsageCorrection = {
      id: newId(), licenceId, agreementId, vendorId, buyerId, source, eventId, meter: event.meter, before, quantity, reason, side, proposedBy: actor.subject, charged: await billed.isBilled(tx, licenceId, source, eventId),
      state: 'PROPOSED', proposedAt: this.clock.now(), decidedBy: null, decidedReason: null, decidedAt: null, creditId: null,
    };
    await this.desk.propose(tx, actor, correction);
    const made = needsApproval(correction) ? correction : await this.desk.decide(tx, actor, correction, 'apply', null, await this.applying.execute(tx, actor, terms, correction, event));
    await this.desk.tell(tx, actor, made);
    return made;
  }
}
