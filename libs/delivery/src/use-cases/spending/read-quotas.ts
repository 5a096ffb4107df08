import { Injectable } from '@nestjs/common';
import { Contracts } from '#contracts';
import { type Actor, permits } from '#identity';
import { Clock, UnitOfWork } from '#shared';
import { QuotaLimit, type QuotaUse } from './quota-limit.js';

/** The quotas of a licence, as both sides and the exchange's overseers see them. */
@Injectable()
export class QuotaReader {
  constructor(private readonly contracts: Contracts, private readonly limit: QuotaLimit, private readonly uow: UnitOfWork, private readonly clock: Clock) {}

  /** Null for others. */
  async execute(actor: Actor, licenceId: string): Promise<QuotaUse[] | null> {
    const oversees = permits(actor, 'oversight:read');
    if (!oversees && !permits(actor, 'metering:read')) return null;
    const licence = await this.contracts.licenceById(licenceId);
    if (!licence || (!oversees && licence.buyerId !== actor.tenantId && licence.vendorId !== actor.tenantId)) return null;
    return this.uow.run((tx) => this.limit.use(tx, licenceId, this.clock.now()));
  }
}
