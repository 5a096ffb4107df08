import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type Actor, Identity, type Signatory } from '#identity';
import { Clock, formatMoney, invalid, isRefused, money, newId, type Refusal, type Result, type Tx } from '#shared';
import { CONTRACTS_ERRORS } from '../../contracts.errors.js';
import { checkPlan } from '../../domain/pricing/check-plan.js';
import { entryMinor, MAX_NAMED, MAX_PLANS } from '../../domain/pricing/offer.js';
import type { PlanTerms, PricePlan } from '../../domain/pricing/price-plan.js';
import { boundMinor } from '../../domain/pricing/quote.js';
import { type Offer, OfferRepository } from '../../storage/offer.repository.js';
import { NotePrices } from './note-prices.js';

/** The terms of a new offer, its plans without their ids. */
export type OfferDraft = Pick<Offer, 'productId' | 'vendorId' | 'title' | 'audienceIds' | 'purposes' | 'destinations' | 'terms' | 'opensAt' | 'validUntil' | 'supersedesId'> & { readonly plans: readonly PlanTerms[] };

/** What making an offer and changing its prices have in common. */
@Injectable()
export class PutOffer {
  constructor(private readonly offers: OfferRepository, private readonly prices: NotePrices, private readonly identity: Identity, private readonly audit: Audit, private readonly clock: Clock) {}

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
    const known = await this.identity.byIds(audienceIds);
    const wrong = audienceIds.findIndex((id) => id === vendorId || !known.has(id));
    return wrong < 0 ? undefined : invalid(CONTRACTS_ERRORS.AUDIENCE, `forOrganisations.${wrong}`, 'another organisation of the exchange');
  }

  /** Whoever makes an offer signs for its vendor: refused where he may not alone. */
  async put(tx: Tx, actor: Actor, draft: OfferDraft): Promise<Result<Offer>> {
    const signatory = await this.vendorSignatory(tx, actor, draft.plans);
    if (isRefused(signatory)) return signatory;
    const plans = draft.plans.map((p) => ({ id: newId(), ...p, label: p.label.normalize('NFC') }));
    const audienceIds = [...new Set(draft.audienceIds)];
    const offer: Offer = {
      ...draft, id: newId(), title: draft.title.normalize('NFC'), plans, entryMinor: entryMinor(plans), audience: audienceIds.length ? 'NAMED' : 'PUBLIC', audienceIds,
      purposes: [...new Set(draft.purposes)], destinations: [...new Set(draft.destinations)], supersededAt: null, signatory, state: 'ACTIVE', createdAt: this.clock.now(),
    };
    await this.offers.insert(tx, offer);
    if (offer.audience === 'PUBLIC') await this.prices.note(tx, offer);
    const { productId, title, purposes, destinations, terms, opensAt, validUntil, supersedesId } = offer;
    await this.audit.append(tx, actor, { act: 'offer.create', objectType: 'offer', objectId: offer.id, details: { productId, title, plans, audienceIds, purposes, destinations, terms, signatory, opensAt, validUntil, supersedesId } });
    return offer;
  }

  /** Of each currency the plan that binds the buyer to most. */
  private async vendorSignatory(tx: Tx, actor: Actor, plans: readonly PlanTerms[]): Promise<Result<Signatory>> {
    let signatory: Signatory | null = null;
    for (const [currency, own] of Map.groupBy(plans, (p) => p.currency)) {
      const minor = own.map((p) => boundMinor({ id: 'new', ...p } as PricePlan)).reduce((a, b) => (a > b ? a : b));
      signatory = await this.identity.signatory(tx, actor, { currency, minor });
      if (signatory?.mode !== 'ALONE') return { refused: true, kind: 'NotPermitted', code: CONTRACTS_ERRORS.NO_AUTHORITY, message: `an offer binds its vendor: no mandate of yours covers ${formatMoney(money(minor, currency))} alone` };
    }
    return signatory!;
  }
}
