import { Injectable } from '@nestjs/common';
import type { Actor } from '#identity';
import { type Refusal, type Tx } from '#shared';
import type { OfferEffects } from '../../storage/offer-signing.repository.js';
import type { Offer } from '../../storage/offer.repository.js';
import { AgreeByOffer } from '../negotiations/agree-by-offer.js';
import { NotePrices } from './note-prices.js';
import { ReplaceOffer } from './replace-offer.js';

/** What an offer does when it takes effect: at once, or with its second signature. Everything is looked at as it stands then. */
@Injectable()
export class TakeOfferEffect {
  constructor(private readonly replacing: ReplaceOffer, private readonly agreeing: AgreeByOffer, private readonly prices: NotePrices) {}

  async execute(tx: Tx, actor: Actor, offer: Offer, effects: OfferEffects): Promise<Refusal | undefined> {
    return (await this.replacing.execute(tx, offer, effects)) ?? this.agreeing.execute(tx, actor, offer, effects);
  }

  /** Once it stands as ACTIVE: the catalogue knows what the product costs now. */
  async show(tx: Tx, offer: Offer): Promise<void> {
    if (offer.audience === 'PUBLIC') await this.prices.note(tx, offer);
  }
}
