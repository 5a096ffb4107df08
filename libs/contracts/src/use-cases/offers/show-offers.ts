import { Injectable } from '@nestjs/common';
import { type Actor, organisationOf, permits } from '#identity';
import { Clock, invalid, MAX_MINOR, type Page, type PageRequest, type Result } from '#shared';
import { CONTRACTS_ERRORS } from '../../contracts.errors.js';
import type { OfferState } from '../../domain/licence-state.js';
import { isMadeTo, isOpen } from '../../domain/pricing/offer.js';
import type { PricePlan } from '../../domain/pricing/price-plan.js';
import { periodsOf, type Quote, quote } from '../../domain/pricing/quote.js';
import { type Offer, type OfferLine, OfferRepository } from '../../storage/offer.repository.js';
import { TransferFactsOf } from '../transfer-facts.js';

export interface QuoteInput {
  readonly offerId: string;
  readonly planId: string | null;
  /** Units of each period by meter. */
  readonly usage: ReadonlyMap<string, bigint>;
  readonly periods: number;
}
export interface QuotedPlan {
  readonly offer: Offer;
  readonly plan: PricePlan;
  readonly quote: Quote;
}

/** Offers and what they cost, for those who may see them. */
@Injectable()
export class ShowOffers {
  constructor(private readonly offers: OfferRepository, private readonly transfers: TransferFactsOf, private readonly clock: Clock) {}

  /** An offer that can be taken now, for those to whom it is made; any other for its vendor and for staff that oversees trades. */
  async offerFor(actor: Actor, id: string): Promise<Offer | null> {
    const found = await this.offers.byId(id);
    if (!found) return null;
    const own = found.vendorId === actor.tenantId && (permits(actor, 'contracts:offer') || permits(actor, 'contracts:read'));
    if (own || permits(actor, 'oversight:read')) return found;
    const shown = isMadeTo(found, actor.tenantId) && isOpen(found, this.clock.now());
    return shown && (await this.transfers.isOnSale(found.productId, actor.tenantId)) ? found : null;
  }

  /** What a plan comes to, line by line; null where the offer is not for the caller's eyes. */
  async quoteFor(actor: Actor, { offerId, planId, usage, periods }: QuoteInput): Promise<Result<QuotedPlan> | null> {
    const offer = await this.offerFor(actor, offerId);
    if (!offer) return null;
    const plan = planId ? offer.plans.find((p) => p.id === planId) : offer.plans.length === 1 ? offer.plans[0] : undefined;
    if (!plan) return invalid(CONTRACTS_ERRORS.PLAN, 'planId', "one of the offer's plans");
    if (periods > periodsOf(plan)) return invalid(CONTRACTS_ERRORS.QUOTE, 'periods', `1 to ${periodsOf(plan)}, as many as the plan has`);
    const quoted = quote(plan, usage, periods);
    return quoted.totalMinor > MAX_MINOR ? invalid(CONTRACTS_ERRORS.QUOTE, 'usage', 'comes to more than an amount of money can be') : { offer, plan, quote: quoted };
  }

  /** Offers that can be taken now: the cheapest ten of each product that are for everybody, and with them the newest ten that are made to this organisation by name. */
  ofProducts(productIds: readonly string[], organisationId: string | null): Promise<Offer[]> {
    return this.offers.ofProducts(productIds, this.clock.now(), organisationId);
  }
  /** The same, as far as a list of products shows them. */
  linesOfProducts(productIds: readonly string[], organisationId: string | null): Promise<readonly OfferLine[]> {
    return this.offers.linesOfProducts(productIds, this.clock.now(), organisationId);
  }
  /** The actor's own offers, newest first. */
  async ofVendor(actor: Actor, filter: { readonly state: OfferState | null; readonly productId: string | null }, page: PageRequest): Promise<Page<Offer> | null> {
    return permits(actor, 'contracts:read') ? this.offers.ofVendor(organisationOf(actor), filter, page) : null;
  }
  /** Offers made to the actor's organisation by name that can be taken now, newest first. */
  async madeTo(actor: Actor, filter: { readonly productId: string | null; readonly vendorId: string | null }, page: PageRequest): Promise<Page<Offer> | null> {
    return permits(actor, 'contracts:read') ? this.offers.madeTo(organisationOf(actor), this.clock.now(), filter, page) : null;
  }
}
