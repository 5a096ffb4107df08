import { Injectable } from '@nestjs/common';
import { Catalog } from '#catalog';
import { Compliance, type Decision, whySuspended } from '#compliance';
import { Contracts, type LicenceForDelivery } from '#contracts';
import { Clock, notFound, type Refusal, type StateConflict, stateConflict, UnitOfWork } from '#shared';
import { DELIVERY_ERRORS } from '../delivery.errors.js';
import type { Delivery } from '../domain/delivery.js';
import { licenceProblem, revisionProblem } from '../domain/standing.js';
import { DeliveryRepository } from '../storage/delivery.repository.js';
import { bearer } from './count-delivery.js';

/** What the law was last asked about a delivery, and what it answered. */
export type Basis = Pick<Delivery, 'decidedBasis' | 'refusalDecisionId'>;

/**
 * Whether licence, product, revision and law let bytes of a delivery leave at this moment. Where nothing has changed since it was decided on, that is a look at a few rows; otherwise
 * the law is asked again, and a refusal is put on record.
 */
@Injectable()
export class LicenceStanding {
  constructor(
    private readonly contracts: Contracts, private readonly catalog: Catalog, private readonly compliance: Compliance, private readonly deliveries: DeliveryRepository,
    private readonly uow: UnitOfWork, private readonly clock: Clock,
  ) {}

  /** `known`: the basis as the caller last saw it. Answers the basis that holds now. */
  async check(delivery: Delivery, known: Basis, requestId: string): Promise<Basis | Refusal> {
    const [standing, asset] = await Promise.all([this.contracts.licenceForDelivery(delivery.licenceId), this.catalog.assetById(delivery.assetId)]);
    const at = this.clock.now();
    const problem = standing ? (licenceProblem(standing, at) ?? revisionProblem(asset) ?? this.contracts.termsLapsed(standing, { at, mediaType: delivery.mediaType, channel: delivery.channelKind })) : notFound('download');
    if (problem || !standing) return problem ?? notFound('download');
    const basis = known.decidedBasis === standing.basis ? known : await this.decideAgain(delivery, standing, requestId);
    return basis.refusalDecisionId === null ? basis : this.refusal(basis.refusalDecisionId);
  }

  /** Once for each basis, whoever asks: what is permitted leaves no record, a refusal leaves its decision. */
  private async decideAgain(delivery: Delivery, standing: LicenceForDelivery, requestId: string): Promise<Basis> {
    return this.uow.runAcross(async (tx) => {
      const { decidedBasis, refusalDecisionId } = await this.deliveries.lock(tx, delivery.id);
      if (decidedBasis === standing.basis) return { decidedBasis, refusalDecisionId };
      const permitted = await this.contracts.stillPermitted(tx, standing);
      const decision = permitted ? null : await this.contracts.redecide(tx, bearer(delivery, requestId), delivery.licenceId, delivery.id);
      const refused = decision && !decision.permitted ? decision.id : null;
      await this.deliveries.decided(tx, delivery.id, standing.basis, refused);
      return { decidedBasis: standing.basis, refusalDecisionId: refused };
    });
  }

  private async refusal(decisionId: string): Promise<StateConflict> {
    const decision: Decision = (await this.compliance.byIds([decisionId])).get(decisionId)!;
    return stateConflict(DELIVERY_ERRORS.DOWNLOAD_REFUSED, `the delivery is not permitted any more: ${whySuspended(decision)}`, 'REFUSED');
  }
}
