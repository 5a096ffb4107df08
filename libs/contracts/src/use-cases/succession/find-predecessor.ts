import { Injectable } from '@nestjs/common';
import { Clock, invalid, type Refusal, type Result, stateConflict, type Tx } from '#shared';
import { CONTRACTS_ERRORS } from '../../contracts.errors.js';
import { ContractsRepository } from '../../storage/contracts.repository.js';
import { NegotiationRepository } from '../../storage/negotiation.repository.js';
import type { Offer } from '../../storage/offer.repository.js';
import { type SupersessionKind, SupersessionRepository } from '../../storage/supersession.repository.js';

/** What an order takes the place of. */
export interface Predecessor {
  readonly agreementId: string;
  readonly hash: string;
  readonly kind: SupersessionKind;
}
interface Deal {
  readonly productId: string;
  readonly vendorId: string;
  readonly buyerId: string;
}

/** Which agreement another one may take the place of: of the same sides about the same product, running, and with no successor yet. */
@Injectable()
export class FindPredecessor {
  constructor(private readonly supersessions: SupersessionRepository, private readonly contracts: ContractsRepository, private readonly negotiations: NegotiationRepository, private readonly clock: Clock) {}

  /** Of an order: what the buyer renews by it, or what both sides negotiated that it replaces. Its licence is held until the transaction ends: of two successors one is placed. */
  async of(tx: Tx, buyerId: string, offer: Offer, renewsAgreementId: string | null): Promise<Result<Predecessor | null>> {
    const negotiated = offer.audience === 'NAMED' ? ((await this.negotiations.lockByOffer(tx, offer.id))?.proposal.replacesAgreementId ?? null) : null;
    if (negotiated && renewsAgreementId) return invalid(CONTRACTS_ERRORS.SUPERSESSION, 'renewsAgreementId', 'left out: it was negotiated that this replaces another agreement');
    const agreementId = renewsAgreementId ?? negotiated;
    if (!agreementId) return null;
    const path = renewsAgreementId ? 'renewsAgreementId' : 'offerId';
    const problem = await this.problem(tx, agreementId, { productId: offer.productId, vendorId: offer.vendorId, buyerId }, path);
    if (problem) return problem;
    const { hash } = (await this.contracts.agreements([agreementId])).get(agreementId)!;
    return { agreementId, hash, kind: renewsAgreementId ? 'RENEWAL' : 'REPLACEMENT' };
  }

  async problem(tx: Tx, agreementId: string, deal: Deal, path: string): Promise<Refusal | undefined> {
    const licence = await this.contracts.lockLicence(tx, agreementId);
    if (!licence || licence.buyerId !== deal.buyerId || licence.vendorId !== deal.vendorId || licence.productId !== deal.productId) return invalid(CONTRACTS_ERRORS.SUPERSESSION, path, 'an agreement of the same two sides about the same product');
    const runs = (licence.state === 'ACTIVE' || licence.state === 'SUSPENDED') && licence.validUntil! > this.clock.now();
    if (!runs) return stateConflict(CONTRACTS_ERRORS.SUPERSESSION, 'only an agreement whose licence has begun and not ended is renewed or replaced', licence.state);
    const successor = await this.supersessions.successorOf(tx, agreementId);
    return successor ? stateConflict(CONTRACTS_ERRORS.SUPERSESSION, `agreement ${successor.agreementId} takes its place already`, 'SUPERSEDED') : undefined;
  }
}
