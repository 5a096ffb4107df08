import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import type { Actor, Amount } from '#identity';
import { Clock, invalid, isRefused, newId, type Refusal, type Result, type Tx } from '#shared';
import { CONTRACTS_ERRORS } from '../../contracts.errors.js';
import { checkPlan } from '../../domain/pricing/check-plan.js';
import { entryMinor, MAX_NAMED, MAX_PLANS } from '../../domain/pricing/offer.js';
import type { PlanTerms } from '../../domain/pricing/price-plan.js';
import { boundMinor } from '../../domain/pricing/quote.js';
import { NO_EFFECTS, type OfferEffects } from '../../storage/offer-signing.repository.js';
import { type Offer, OfferRepository } from '../../storage/offer.repository.js';
import { SecondSignature } from '../second-signature.js';
import { AwaitOfferSignature } from './await-signature.js';
import { TakeOfferEffect } from './offer-effects.js';

/** The terms of a new offer, its plans without their ids. */
export type OfferDraft = Pick<Offer, 'productId' | 'vendorId' | 'title' | 'audienceIds' | 'purposes' | 'destinations' | 'terms' | 'opensAt' | 'validUntil' | 'supersedesId'> & { readonly plans: readonly PlanTerms[] };

/** What making an offer, changing its prices and agreeing to what was negotiated have in common. */
@Injectable()
export class PutOffer {
  constructor(
    private readonly offers: OfferRepository, private readonly signing: SecondSignature, private readonly waiting: AwaitOfferSignature, private readonly effect: TakeOfferEffect, private readonly audit: Audit, private readonly clock: Clock,
  ) {}

  /** What is wrong with the plans, if anything. */
  checkPlans(plans: readonly PlanTerms[]): Refusal | undefined {
    if (plans.length < 1 || plans.length > MAX_PLANS) return invalid(CONTRACTS_ERRORS.PLAN, 'plans', `1 to ${MAX_PLANS}`);
    for (const [i, plan] of plans.entries()) {
      const problem = checkPlan(plan);
      if (problem) return invalid(CONTRACTS_ERRORS.PLAN, `plans.${i}.${problem.path}`, problem.message);
    }
    return undefined;
  }

  /** Who may be named: others than the vendor, who are there. */
  async checkAudience(vendorId: string, { audienceIds, validUntil }: Pick<Offer, 'audienceIds' | 'validUntil'>): Promise<Refusal | undefined> {
    if (audienceIds.length === 0) return undefined;
    if (audienceIds.length > MAX_NAMED) return invalid(CONTRACTS_ERRORS.AUDIENCE, 'forOrganisations', `at most ${MAX_NAMED}`);
    if (!validUntil) return invalid(CONTRACTS_ERRORS.AUDIENCE, 'validUntil', 'an offer to named organisations ends');
    const known = await this.signing.identity.byIds(audienceIds);
    const wrong = audienceIds.findIndex((id) => id === vendorId || !known.has(id));
    return wrong < 0 ? undefined : invalid(CONTRACTS_ERRORS.AUDIENCE, `forOrganisations.${wrong}`, 'another organisation of the exchange');
  }

  /** Whoever makes an offer signs for its vendor. Where he may only with another, it waits for that one, and nothing takes effect. */
  async put(tx: Tx, actor: Actor, draft: OfferDraft, effects: OfferEffects = NO_EFFECTS): Promise<Result<Offer>> {
    const wrong = await this.effect.metersProblem(draft.productId, draft.plans);
    if (wrong) return wrong;
    const terms = await this.effect.parts.execute(draft.productId, draft.terms);
    if (isRefused(terms)) return terms;
    const signatory = await this.signing.first(tx, actor, amountsOf(draft.plans));
    if (isRefused(signatory)) return signatory;
    const plans = draft.plans.map((p) => ({ id: newId(), ...p, label: p.label.normalize('NFC') }));
    const audienceIds = [...new Set(draft.audienceIds)];
    const offer: Offer = {
      ...draft, terms, id: newId(), title: draft.title.normalize('NFC'), plans, entryMinor: entryMinor(plans), audience: audienceIds.length ? 'NAMED' : 'PUBLIC', audienceIds, purposes: [...new Set(draft.purposes)], destinations: [...new Set(draft.destinations)],
      supersededAt: null, signatory, coSignatory: null, state: signatory.mode === 'ALONE' ? 'ACTIVE' : 'AWAITING_SIGNATURE', createdAt: this.clock.now(),
    };
    await this.offers.insert(tx, offer);
    const refusal = offer.state === 'ACTIVE' ? await this.effect.execute(tx, actor, offer, effects) : await this.waiting.open(tx, offer, signatory, effects);
    if (refusal) return refusal;
    if (offer.state === 'ACTIVE') await this.effect.show(tx, offer);
    const { productId, title, purposes, destinations, opensAt, validUntil, supersedesId, state } = offer;
    await this.audit.append(tx, actor, { act: 'offer.create', objectType: 'offer', objectId: offer.id, details: { productId, title, plans, audienceIds, purposes, destinations, terms, signatory, opensAt, validUntil, supersedesId, state } });
    return offer;
  }
}

/** What an offer binds its vendor to: of each currency the plan that binds the buyer to most. */
export const amountsOf = (plans: readonly PlanTerms[]): Amount[] =>
  [...Map.groupBy(plans, (p) => p.currency)].map(([currency, own]) => ({ currency, minor: own.map(boundMinor).reduce((a, b) => (a > b ? a : b)) }));
