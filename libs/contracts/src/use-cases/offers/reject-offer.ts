import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type Actor, authorise, permits } from '#identity';
import { accepted, type Caller, Clock, Commands, eachSafely, isRefused, notFound, type Result, stateConflict, systemCaller, type Tx, UnitOfWork } from '#shared';
import { CONTRACTS_ERRORS } from '../../contracts.errors.js';
import { offerStates } from '../../domain/licence-state.js';
import type { Offer } from '../../storage/offer.repository.js';
import { amountsOf } from './put-offer.js';
import { OfferDesk } from './sign-offer.js';

const BATCH = 100;

/** An offer that waits for its second signature comes to nothing: who offers for his organisation, or could sign it, says no, or its time is over. */
@Injectable()
export class RejectOffer {
  constructor(private readonly commands: Commands, private readonly uow: UnitOfWork, private readonly desk: OfferDesk, private readonly audit: Audit, private readonly clock: Clock) {}

  async execute(actor: Actor, input: { readonly offerId: string; readonly reason: string }): Promise<Result<Offer>> {
    const refusal = authorise(actor, 'contracts:sign-offer');
    if (refusal) return refusal;
    return this.commands.run<Result<Offer>>(actor, 'contracts.reject-offer', input, async (tx) => {
      const offer = await this.desk.offers.lock(tx, input.offerId);
      if (!offer || offer.vendorId !== actor.tenantId) return notFound('offer');
      if (offer.state !== 'AWAITING_SIGNATURE') return stateConflict(CONTRACTS_ERRORS.OFFER_CLOSED, 'the offer waits for no signature', offer.state);
      const could = permits(actor, 'contracts:offer') ? undefined : await this.desk.signing.own(tx, actor, 'contracts:offer', amountsOf(offer.plans));
      if (could && isRefused(could)) return could;
      return this.close(tx, actor, offer, 'reject', actor.memberId, input.reason);
    });
  }

  async expireLapsed(): Promise<void> {
    await eachSafely('offer-signing-expiry', await this.desk.signings.lapsed(this.clock.now(), BATCH), (offerId) => this.uow.run(async (tx) => {
      const offer = await this.desk.offers.lock(tx, offerId);
      if (offer?.state === 'AWAITING_SIGNATURE') accepted(await this.close(tx, systemCaller('offer-signing-expiry'), offer, 'expire', null, null));
    }));
  }

  private async close(tx: Tx, caller: Caller, offer: Offer, event: 'reject' | 'expire', closedBy: string | null, reason: string | null): Promise<Result<Offer>> {
    const state = await this.audit.transition(tx, caller, { table: offerStates, state: offer.state, event, objectType: 'offer', objectId: offer.id, tenantId: offer.vendorId, reason });
    if (isRefused(state)) return state;
    await this.desk.offers.move(tx, { ...offer, state });
    await this.desk.signings.close(tx, offer.id, closedBy, this.clock.now());
    return { ...offer, state };
  }
}
