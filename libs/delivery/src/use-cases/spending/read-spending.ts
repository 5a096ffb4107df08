import { Injectable } from '@nestjs/common';
import { Contracts, LicenceSpending, type Reckoning, type SpendingCap } from '#contracts';
import { type Actor, permits } from '#identity';
import { Clock, UnitOfWork } from '#shared';
import { type Spent, SpendingLimit } from './spending-limit.js';

export interface LicenceSpent extends Spent {
  readonly cap: SpendingCap | null;
  readonly reckoning: Reckoning;
}

/** What a licence has cost in the period of its cap, or of its plan where it has none. */
@Injectable()
export class SpendingReader {
  constructor(private readonly contracts: Contracts, private readonly spending: LicenceSpending, private readonly limit: SpendingLimit, private readonly uow: UnitOfWork, private readonly clock: Clock) {}

  /** Null for everybody but the buyer and those who oversee, and where nothing is charged at the moment. */
  async execute(actor: Actor, licenceId: string): Promise<LicenceSpent | null> {
    const oversees = permits(actor, 'oversight:read');
    if (!oversees && !permits(actor, 'contracts:cap-spending')) return null;
    const licence = await this.contracts.licenceById(licenceId);
    if (!licence || (!oversees && licence.buyerId !== actor.tenantId)) return null;
    const cap = await this.spending.capOf(licenceId);
    const now = this.clock.now();
    const reckoning = await this.spending.reckoning(licenceId, cap?.period ?? 'LICENCE_PERIOD', now);
    return reckoning && { cap, reckoning, ...(await this.uow.run((tx) => this.limit.spent(tx, licenceId, reckoning, now))) };
  }
}
