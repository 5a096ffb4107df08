import { Injectable } from '@nestjs/common';
import { Notices } from '#identity';
import { Clock, invalid, isRefused, notFound, type Refusal, type Result, stateConflict, type Tx } from '#shared';
import { CONTRACTS_ERRORS } from '../../contracts.errors.js';
import { isOpen } from '../../domain/pricing/offer.js';
import { earliestChange, NOTICE_DAYS } from '../../domain/pricing/price-change.js';
import { LicencePriceRepository } from '../../storage/licence-price.repository.js';
import type { OfferEffects } from '../../storage/offer-signing.repository.js';
import { type Offer, OfferRepository } from '../../storage/offer.repository.js';

/** An offer with new prices takes the place of another; whoever holds a licence that follows is told in the same transaction. */
@Injectable()
export class ReplaceOffer {
  constructor(private readonly offers: OfferRepository, private readonly prices: LicencePriceRepository, private readonly notices: Notices, private readonly clock: Clock) {}

  /** The offer, held, where another one can take its place on these days. */
  async check(tx: Tx, vendorId: string | null, offerId: string, effectiveOn: Date, subscribersFrom: Date | null): Promise<Result<Offer>> {
    const before = await this.offers.lock(tx, offerId);
    if (!before || before.vendorId !== vendorId) return notFound('offer');
    const now = this.clock.now();
    if (before.supersededAt || !isOpen({ ...before, opensAt: null }, now)) return stateConflict(CONTRACTS_ERRORS.OFFER_CLOSED, 'the offer is closed, or another one takes its place already', before.state);
    if (before.validUntil && effectiveOn >= before.validUntil) return invalid(CONTRACTS_ERRORS.PRICE_CHANGE, 'effectiveOn', 'before the offer ends');
    if (subscribersFrom && subscribersFrom < earliestChange(now)) return invalid(CONTRACTS_ERRORS.PRICE_CHANGE, 'subscribersFrom', `whoever is charged is told ${NOTICE_DAYS} days before: ${earliestChange(now).toISOString()} at the earliest`);
    return before;
  }

  /** Signed late, it takes the place of the other from then on. */
  async execute(tx: Tx, offer: Offer, { replaces, subscribersFrom }: OfferEffects): Promise<Refusal | undefined> {
    if (!offer.supersedesId) return undefined;
    const now = this.clock.now();
    const from = offer.opensAt && offer.opensAt > now ? offer.opensAt : now;
    const before = await this.check(tx, offer.vendorId, offer.supersedesId, from, subscribersFrom);
    if (isRefused(before)) return before;
    await this.offers.supersede(tx, before.id, from);
    if (subscribersFrom) await this.announce(tx, before, offer, replaces, subscribersFrom);
    return undefined;
  }

  private async announce(tx: Tx, before: Offer, offer: Offer, replaced: OfferEffects['replaces'], effectiveOn: Date): Promise<void> {
    const announcedAt = this.clock.now();
    for (const [i, replaces] of replaced.entries()) {
      const plan = offer.plans[i]!;
      const buyerIds = await this.prices.announce(tx, { fromPlanIds: replaces, plan, offerId: offer.id, effectiveOn, announcedAt });
      await this.notices.tell(tx, buyerIds, {
        objectType: 'OFFER', objectId: before.id, kind: 'PRICE_CHANGES',
        text: `Prices change: periods of your licences under the plan "${plan.label}" that begin on ${effectiveOn.toISOString()} or later are charged by the new plan. Until then you may cancel the renewal.`,
        details: { productId: before.productId, offerId: offer.id, effectiveOn: effectiveOn.toISOString(), replaces, newPlan: plan },
      });
    }
  }
}
