import { Injectable } from '@nestjs/common';
import { LicenceBilling } from '#contracts';
import { type Actor, authorise } from '#identity';
import { Commands, notFound, type Result } from '#shared';
import { CloseUsage, type ClosedPeriod } from './close-usage.js';

/** Vendor or buyer has what was used up to now billed. Periods that end are closed without being asked. */
@Injectable()
export class CloseUsagePeriod {
  constructor(private readonly commands: Commands, private readonly licences: LicenceBilling, private readonly closing: CloseUsage) {}

  async execute(actor: Actor, licenceId: string): Promise<Result<ClosedPeriod>> {
    const refusal = authorise(actor, 'billing:close');
    if (refusal) return refusal;
    return this.commands.runAcross<Result<ClosedPeriod>>(actor, 'billing.close-usage-period', { licenceId }, async (tx) => {
      const terms = await this.licences.termsOf(licenceId);
      if (!terms || (terms.licence.vendorId !== actor.tenantId && terms.licence.buyerId !== actor.tenantId)) return notFound('licence');
      return this.closing.close(tx, actor, terms);
    });
  }
}
