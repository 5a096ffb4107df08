import { Injectable } from '@nestjs/common';
import { ProductPrices } from '#catalog';
import type { Actor } from '#identity';
import { invalid, type Refusal, type Tx } from '#shared';
import { CONTRACTS_ERRORS } from '../../contracts.errors.js';
import { isScenarioMeter } from '../../domain/pricing/meters.js';
import type { PlanTerms } from '../../domain/pricing/price-plan.js';
import type { OfferEffects } from '../../storage/offer-signing.repository.js';
import type { Offer } from '../../storage/offer.repository.js';
import { AgreeByOffer } from '../negotiations/agree-by-offer.js';
import { FitParts } from '../terms/fit-parts.js';
import { NotePrices } from './note-prices.js';
import { ReplaceOffer } from './replace-offer.js';

/** What an offer does when it takes effect: at once, or with its second signature. Everything is looked at as it stands then. */
@Injectable()
export class TakeOfferEffect {
  constructor(
    private readonly replacing: ReplaceOffer, private readonly agreeing: AgreeByOffer, private readonly prices: NotePrices, private readonly products: ProductPrices,
    /** What of the product its terms are about. */
    readonly parts: FitParts,
  ) {}

  /** A meter that scenario packs name has a price where the product claims a pack that names it. */
  async metersProblem(productId: string, plans: readonly PlanTerms[]): Promise<Refusal | undefined> {
    const asked = plans.flatMap((plan, i) => plan.components.flatMap((c, j) => (c.kind === 'USAGE' && isScenarioMeter(c.meter) ? [{ meter: c.meter, path: `plans.${i}.components.${j}.meter` }] : [])));
    if (asked.length === 0) return undefined;
    const counted = await this.products.scenarioMeters(productId);
    const wrong = asked.find((a) => !counted.includes(a.meter));
    return wrong && invalid(CONTRACTS_ERRORS.PLAN, wrong.path, `${wrong.meter} is of scenarios that this product does not claim`);
  }

  async execute(tx: Tx, actor: Actor, offer: Offer, effects: OfferEffects): Promise<Refusal | undefined> {
    return (await this.replacing.execute(tx, offer, effects)) ?? this.agreeing.execute(tx, actor, offer, effects);
  }

  /** Once it stands as ACTIVE: the catalogue knows what the product costs now. */
  async show(tx: Tx, offer: Offer): Promise<void> {
    if (offer.audience === 'PUBLIC') await this.prices.note(tx, offer);
  }
}
