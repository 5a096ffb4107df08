import { Injectable } from '@nestjs/common';
import { type Actor, authorise } from '#identity';
import { Commands, notFound, type Result, stateConflict, type Tx } from '#shared';
import { BILLING_ERRORS } from '../../billing.errors.js';
import { type CorrectionAnswer, mayAnswer, type UsageCorrection } from '../../domain/usage-correction.js';
import { UsageCorrectionRepository } from '../../storage/usage-correction.repository.js';
import { RatingSources } from '../close-usage.js';
import { ApplyCorrection } from './apply-correction.js';
import { CorrectionDesk } from './correction-desk.js';

export interface AnswerCorrectionInput {
  readonly correctionId: string;
  readonly answer: CorrectionAnswer;
  readonly reason: string | null;
}

/** The other side approves or rejects a correction; whoever proposed it takes it back. Of two answers at once the first counts. */
@Injectable()
export class AnswerCorrection {
  constructor(private readonly commands: Commands, private readonly sources: RatingSources, private readonly corrections: UsageCorrectionRepository, private readonly applying: ApplyCorrection, private readonly desk: CorrectionDesk) {}

  async execute(actor: Actor, input: AnswerCorrectionInput): Promise<Result<UsageCorrection>> {
    const refusal = authorise(actor, 'billing:correct');
    if (refusal) return refusal;
    return this.commands.runAcross<Result<UsageCorrection>>(actor, 'billing.answer-usage-correction', input, async (tx) => {
      const found = await this.corrections.byId(input.correctionId);
      const side = actor.tenantId === found?.vendorId ? 'VENDOR' : actor.tenantId === found?.buyerId ? 'BUYER' : null;
      if (!found || !side) return notFound('correction');
      await this.sources.billed.lock(tx, found.licenceId);
      const correction = await this.corrections.current(tx, found.id);
      if (correction.state !== 'PROPOSED') return stateConflict(BILLING_ERRORS.CORRECTION_DECIDED, `it is ${correction.state}`, correction.state);
      if (!mayAnswer(side, correction.side, input.answer)) return stateConflict(BILLING_ERRORS.CORRECTION_SIDE, input.answer === 'withdraw' ? 'whoever proposed it takes it back' : 'the other side answers it', correction.state);
      return this.answer(tx, actor, correction, input);
    });
  }

  private async answer(tx: Tx, actor: Actor, correction: UsageCorrection, { answer, reason }: AnswerCorrectionInput): Promise<UsageCorrection> {
    const creditId = answer === 'approve' ? await this.apply(tx, actor, correction) : null;
    const decided = await this.desk.decide(tx, actor, correction, answer, reason, creditId);
    await this.desk.tell(tx, actor, decided);
    return decided;
  }

  /** Whether it is charged is looked at anew: it may have been since. */
  private async apply(tx: Tx, actor: Actor, correction: UsageCorrection): Promise<string | null> {
    const { licenceId, vendorId, source, eventId } = correction;
    const terms = (await this.sources.licences.termsOf(licenceId))!;
    const event = (await this.sources.metering.eventNamed(tx, { vendorId, source, eventId }))!;
    const charged = await this.sources.billed.isBilled(tx, licenceId, source, eventId);
    return this.applying.execute(tx, actor, terms, { ...correction, charged }, event);
  }
}
