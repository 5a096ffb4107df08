import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type Actor, authorise, Notices } from '#identity';
import { Clock, Commands, notFound, Outbox, type Result, stateConflict } from '#shared';
import { RenewalCancelled } from '../../contracts.events.js';
import { CONTRACTS_ERRORS } from '../../contracts.errors.js';
import { periodAt, periodSpans, TRIAL } from '../../domain/pricing/periods.js';
import { ContractsRepository, type Licence } from '../../storage/contracts.repository.js';

/**
 * The buyer has a licence end with the period that runs, or with its trial: nothing is charged after it. Until then it delivers. What was cancelled
 * stays so; asked again it answers the same.
 */
@Injectable()
export class CancelRenewal {
  constructor(
    private readonly commands: Commands, private readonly contracts: ContractsRepository, private readonly audit: Audit, private readonly notices: Notices, private readonly outbox: Outbox, private readonly clock: Clock,
  ) {}

  execute(actor: Actor, input: { readonly licenceId: string }): Promise<Result<Licence>> {
    const refusal = authorise(actor, 'contracts:order');
    if (refusal) return Promise.resolve(refusal);
    return this.commands.runAcross<Result<Licence>>(actor, 'contracts.cancel-renewal', input, async (tx) => {
      // Held: the next period is opened before, or not at all.
      const licence = await this.contracts.lockLicenceById(tx, input.licenceId);
      if (!licence || licence.buyerId !== actor.tenantId) return notFound('licence');
      if ((licence.state !== 'ACTIVE' && licence.state !== 'SUSPENDED') || !licence.paidFrom) return stateConflict(CONTRACTS_ERRORS.LICENCE_OVER, 'only a licence that has begun and not ended renews', licence.state);
      if (licence.cancelledAt) return licence;
      const { plan } = await this.contracts.frozen(tx, licence.agreementId);
      const cancelledAt = this.clock.now();
      const spans = periodSpans(plan, licence.paidFrom);
      // A renewal that is paid and has not begun yet is in its first period, not in a trial.
      const running = licence.validFrom! > cancelledAt ? 0 : periodAt(spans, cancelledAt);
      if (running !== TRIAL && plan.period === null) return stateConflict(CONTRACTS_ERRORS.NOTHING_RENEWS, 'the licence has one fixed term: nothing renews', licence.state);
      const ends = running === TRIAL ? licence.paidFrom : spans[running]!.until;
      const validUntil = ends < licence.validUntil! ? ends : licence.validUntil!;
      await this.contracts.cancel(tx, licence.id, { cancelledAt, validUntil });
      await this.audit.append(tx, actor, { act: 'licence.cancel-renewal', objectType: 'licence', objectId: licence.id, details: { agreementId: licence.agreementId, validUntil } });
      await this.outbox.publish(tx, actor, RenewalCancelled, licence.id, { licenceId: licence.id, agreementId: licence.agreementId, until: validUntil.toISOString() });
      await this.notices.tell(tx, [licence.vendorId, licence.buyerId], { objectType: 'LICENCE', objectId: licence.id, kind: 'RENEWAL_CANCELLED', text: `The buyer does not renew: the licence ends ${validUntil.toISOString()}`, details: { validUntil: validUntil.toISOString() } });
      return { ...licence, cancelledAt, validUntil };
    });
  }
}
