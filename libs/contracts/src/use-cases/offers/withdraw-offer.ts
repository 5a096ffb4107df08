import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type Actor, authorise } from '#identity';
import { Commands, isRefused, notFound, type Result } from '#shared';
import { offerStates } from '../../domain/licence-state.js';
import { type Offer, OfferRepository } from '../../storage/offer.repository.js';
import { NotePrices } from './note-prices.js';

/** Ends an offer. What was agreed under it stays. */
@Injectable()
export class WithdrawOffer {
  constructor(private readonly commands: Commands, private readonly offers: OfferRepository, private readonly prices: NotePrices, private readonly audit: Audit) {}

  async execute(actor: Actor, input: { readonly offerId: string }): Promise<Result<Offer>> {
    const refusal = authorise(actor, 'contracts:offer');
    if (refusal) return refusal;
    return this.commands.run<Result<Offer>>(actor, 'contracts.withdraw-offer', input, async (tx) => {
      const offer = await this.offers.lock(tx, input.offerId);
      if (!offer || offer.vendorId !== actor.tenantId) return notFound('offer');
      const state = await this.audit.transition(tx, actor, { table: offerStates, state: offer.state, event: 'withdraw', objectType: 'offer', objectId: offer.id });
      if (isRefused(state)) return state;
      await this.offers.move(tx, { ...offer, state });
      if (offer.audience === 'PUBLIC') await this.prices.note(tx, offer);
      return { ...offer, state };
    });
  }
}
