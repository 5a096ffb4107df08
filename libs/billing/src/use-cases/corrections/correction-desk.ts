import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { Notices } from '#identity';
import { accepted, type Caller, Clock, type Tx } from '#shared';
import { type CorrectionAnswer, correctionStates, type UsageCorrection } from '../../domain/usage-correction.js';
import { UsageCorrectionRepository } from '../../storage/usage-correction.repository.js';

const TEXTS: Readonly<Record<UsageCorrection['state'], string>> = { PROPOSED: 'is proposed', APPLIED: 'is made', REJECTED: 'is rejected', WITHDRAWN: 'is taken back' };

/** Writes down what becomes of corrections, and tells the other side. */
@Injectable()
export class CorrectionDesk {
  constructor(private readonly corrections: UsageCorrectionRepository, private readonly audit: Audit, private readonly notices: Notices, private readonly clock: Clock) {}

  async propose(tx: Tx, caller: Caller, correction: UsageCorrection): Promise<void> {
    await this.corrections.insert(tx, correction);
    const { id, licenceId, source, eventId, meter, before, quantity, reason, charged, buyerId } = correction;
    await this.audit.append(tx, caller, { act: 'usage_correction.propose', objectType: 'usage_correction', objectId: id, tenantId: buyerId, details: { licenceId, source, eventId, meter, before, quantity, reason, charged } });
  }

  /** `creditId`: what was given back for it. */
  async decide(tx: Tx, caller: Caller, correction: UsageCorrection, event: CorrectionAnswer | 'apply', reason: string | null, creditId: string | null): Promise<UsageCorrection> {
    const state = accepted(await this.audit.transition(tx, caller, {
      table: correctionStates, state: correction.state, event, objectType: 'usage_correction', objectId: correction.id, details: { licenceId: correction.licenceId, creditId, reason },
    }));
    const decided: UsageCorrection = { ...correction, state, decidedBy: caller.subject, decidedReason: reason, decidedAt: this.clock.now(), creditId };
    await this.corrections.decide(tx, decided);
    return decided;
  }

  tell(tx: Tx, caller: Caller, { id, licenceId, vendorId, buyerId, meter, before, quantity, state, reason, creditId }: UsageCorrection): Promise<void> {
    return this.notices.tell(tx, [vendorId, buyerId].filter((party) => party !== caller.tenantId), {
      objectType: 'LICENCE', objectId: licenceId, kind: 'USAGE_CORRECTED', text: `a correction from ${before} to ${quantity} ${meter} ${TEXTS[state]}: ${reason}`,
      details: { correctionId: id, state, meter, before: before.toString(), quantity: quantity.toString(), creditId },
    });
  }
}
