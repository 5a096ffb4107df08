import { Injectable } from '@nestjs/common';
import { invalid, type Refusal, type Result, stateConflict, type Tx } from '#shared';
import { CONTRACTS_ERRORS } from '../contracts.errors.js';
import type { PricePlan } from '../domain/pricing/price-plan.js';
import { DeletionRepository } from '../storage/deletion.repository.js';
import type { Offer } from '../storage/offer.repository.js';
import { FindPredecessor, type Predecessor } from './succession/find-predecessor.js';
import { TrialRepository } from '../storage/trial.repository.js';

/**
 * What an organisation's past with a vendor says of another order. Who is late with a deletion places no new order with that vendor: the mildest
 * thing that matters. What is paid for goes on, other vendors are not touched, and it is over with the certificate.
 */
@Injectable()
export class BuyerRecord {
  constructor(private readonly trials: TrialRepository, private readonly deletions: DeletionRepository, private readonly predecessors: FindPredecessor) {}

  async problem(tx: Tx, buyerId: string, { vendorId, productId }: Offer, plan: PricePlan): Promise<Refusal | undefined> {
    if (plan.trial && (await this.trials.hasTried(tx, buyerId, productId))) return stateConflict(CONTRACTS_ERRORS.TRIAL_USED, 'your organisation has tried this product: take a plan without a trial', 'TRIED');
    const late = await this.deletions.overdueBetween(tx, vendorId, buyerId);
    return late ? stateConflict(CONTRACTS_ERRORS.DELETION_OVERDUE, `what was had under licence ${late.licenceId} of this vendor was to be deleted by ${late.dueAt.toISOString()}: certify that first`, 'OVERDUE') : undefined;
  }

  /** Which agreement of theirs the order takes the place of. Whoever goes on from one tries nothing. */
  async predecessor(tx: Tx, buyerId: string, offer: Offer, plan: PricePlan, renewsAgreementId: string | null): Promise<Result<Predecessor | null>> {
    if (renewsAgreementId && plan.trial) return invalid(CONTRACTS_ERRORS.SUPERSESSION, 'planId', 'a renewal has no trial: another plan');
    return this.predecessors.of(tx, buyerId, offer, renewsAgreementId);
  }
}
