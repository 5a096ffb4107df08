import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { Catalog } from '#catalog';
import { type Actor, authorise, secondPersonDiffers } from '#identity';
import { Clock, Commands, isRefused, notFound, type Refusal, type Result, stateConflict, type Tx } from '#shared';
import { CONTRACTS_ERRORS } from '../../contracts.errors.js';
import { offerStates } from '../../domain/licence-state.js';
import { type OfferSigning, OfferSigningRepository } from '../../storage/offer-signing.repository.js';
import { type Offer, OfferRepository } from '../../storage/offer.repository.js';
import { SecondSignature } from '../second-signature.js';
import { TakeOfferEffect } from './offer-effects.js';
import { amountsOf } from './put-offer.js';

/** What an offer that waits for its second signature is kept and signed by. */
@Injectable()
export class OfferDesk {
  constructor(readonly offers: OfferRepository, readonly signings: OfferSigningRepository, readonly signing: SecondSignature, readonly effect: TakeOfferEffect) {}
}

/** The second signature under an offer, of somebody else. Everything is looked at again as it stands now: the product, the authority of both, and whatever takes effect with it. */
@Injectable()
export class SignOffer {
  constructor(private readonly commands: Commands, private readonly desk: OfferDesk, private readonly catalog: Catalog, private readonly audit: Audit, private readonly clock: Clock) {}

  async execute(actor: Actor, input: { readonly offerId: string }): Promise<Result<Offer>> {
    const refusal = authorise(actor, 'contracts:sign-offer');
    if (refusal) return refusal;
    const known = await this.desk.signings.find(input.offerId);
    const lapsed = known && known.vendorId === actor.tenantId ? await this.desk.signing.credentials(actor, known.requestedBy) : undefined;
    return this.commands.runAcross<Result<Offer>>(actor, 'contracts.sign-offer', input, async (tx) => {
      const offer = await this.desk.offers.lock(tx, input.offerId);
      if (!offer || offer.vendorId !== actor.tenantId) return notFound('offer');
      const signing = await this.desk.signings.of(tx, offer.id);
      return this.problem(actor, offer, signing) ?? lapsed ?? this.sign(tx, actor, offer, signing!);
    });
  }

  private async sign(tx: Tx, actor: Actor, offer: Offer, signing: OfferSigning): Promise<Result<Offer>> {
    const product = await this.catalog.productForTrade(offer.productId);
    if (!product?.listed) return stateConflict(CONTRACTS_ERRORS.PRODUCT_NOT_LISTED, 'only a listed product is offered', product?.state ?? 'DRAFT');
    const both = await this.desk.signing.together(tx, actor, 'contracts:offer', { requestedBy: signing.requestedBy, state: offer.state }, amountsOf(offer.plans));
    if (isRefused(both)) return both;
    const [, coSignatory] = both;
    const state = await this.audit.transition(tx, actor, { table: offerStates, state: offer.state, event: 'sign', objectType: 'offer', objectId: offer.id, details: { signatories: both } });
    if (isRefused(state)) return state;
    const signed: Offer = { ...offer, state, coSignatory };
    const refusal = await this.desk.effect.execute(tx, actor, signed, signing);
    if (refusal) return refusal;
    await this.desk.offers.move(tx, signed);
    await this.desk.signings.close(tx, offer.id, actor.memberId, this.clock.now());
    await this.desk.effect.show(tx, signed);
    return signed;
  }

  private problem(actor: Actor, offer: Offer, signing: OfferSigning | null): Refusal | undefined {
    if (offer.state !== 'AWAITING_SIGNATURE' || !signing) return stateConflict(CONTRACTS_ERRORS.OFFER_CLOSED, 'the offer waits for no signature', offer.state);
    const now = this.clock.now();
    if (signing.expiresAt <= now || (offer.validUntil && offer.validUntil <= now)) return stateConflict(CONTRACTS_ERRORS.OFFER_CLOSED, 'the offer has lapsed', 'EXPIRED');
    if (!secondPersonDiffers('contracts:offer', 'contracts:sign-offer', { first: signing.requestedBy, second: actor.memberId })) return stateConflict(CONTRACTS_ERRORS.SECOND_SIGNATORY, 'the second signature is that of somebody else', offer.state);
    return undefined;
  }
}
