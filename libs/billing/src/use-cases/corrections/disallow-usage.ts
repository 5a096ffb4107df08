import { Injectable } from '@nestjs/common';
import type { LicenceTerms } from '#contracts';
import type { Disallowed, UsageEvent } from '#metering';
import { type Caller, Clock, newId, systemCaller, type Tx } from '#shared';
import type { UsageCorrection } from '../../domain/usage-correction.js';
import { UsageCorrectionRepository } from '../../storage/usage-correction.repository.js';
import { RatingSources } from '../close-usage.js';
import { ApplyCorrection } from './apply-correction.js';
import { CorrectionDesk } from './correction-desk.js';

/**
 * A receipt was contested and that is conceded or upheld: each use that it tells of is corrected to nothing. Nobody has to say yes any more; a correction
 * of the same use that still waits is over with it.
 */
@Injectable()
export class DisallowUsage {
  constructor(private readonly sources: RatingSources, private readonly corrections: UsageCorrectionRepository, private readonly applying: ApplyCorrection, private readonly desk: CorrectionDesk, private readonly clock: Clock) {}

  async execute(tx: Tx, disallowed: Disallowed & { readonly decidedBy: string }, requestId: string): Promise<void> {
    const { licenceId, decidedBy } = disallowed;
    const caller: Caller = { ...systemCaller('receipt-contests', requestId), subject: decidedBy };
    const terms = (await this.sources.licences.termsOf(licenceId))!;
    await this.sources.billed.lock(tx, licenceId);
    for (const event of await this.sources.metering.ofReceipt(tx, disallowed)) await this.correct(tx, caller, terms, event, disallowed);
  }

  private async correct(tx: Tx, caller: Caller, terms: LicenceTerms, event: UsageEvent, { reason, contestedBy }: Disallowed): Promise<void> {
    const { vendorId, buyerId, source, eventId, licenceId, agreementId, meter } = event;
    const open = await this.corrections.openOf(tx, vendorId, source, eventId);
    if (open) await this.desk.tell(tx, caller, await this.desk.decide(tx, caller, open, 'reject', reason, null));
    const before = event.quantity + (await this.corrections.ofEvent(tx, vendorId, source, eventId)).difference;
    if (before === 0n) return;
    const correction: UsageCorrection = {
      id: newId(), licenceId, agreementId, vendorId, buyerId, source, eventId, meter, before, quantity: 0n, reason, side: 'BUYER', proposedBy: contestedBy, charged: await this.sources.billed.isBilled(tx, licenceId, source, eventId),
      state: 'PROPOSED', proposedAt: this.clock.now(), decidedBy: null, decidedReason: null, decidedAt: null, creditId: null,
    };
    await this.desk.propose(tx, caller, correction);
    const creditId = await this.applying.execute(tx, caller, terms, correction, event);
    // Both sides were told of the receipt: one over calls has hundreds of these.
    await this.desk.decide(tx, caller, correction, 'approve', null, creditId);
  }
}
