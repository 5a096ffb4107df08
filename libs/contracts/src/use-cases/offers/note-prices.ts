import { Injectable } from '@nestjs/common';
import { ProductPrices } from '#catalog';
import { Clock, eachSafely, type Tx, UnitOfWork } from '#shared';
import { nextChange, offerFacts } from '../../domain/pricing/offer-facts.js';
import { OfferRepository } from '../../storage/offer.repository.js';

const BATCH = 200;

/** Keeps what the catalogue knows of prices in step with the public offers: with each act that changes them, and when the clock does. */
@Injectable()
export class NotePrices {
  constructor(private readonly uow: UnitOfWork, private readonly offers: OfferRepository, private readonly prices: ProductPrices, private readonly clock: Clock) {}

  /** In the transaction of the act. Of two acts on one product at once the second sees what the first did. */
  async note(tx: Tx, { productId, vendorId }: { readonly productId: string; readonly vendorId: string }): Promise<void> {
    await this.offers.lockClock(tx, productId, vendorId);
    const now = this.clock.now();
    const offers = await this.offers.publicOf(tx, productId, now);
    await this.prices.noteOffers(tx, productId, offerFacts(offers, now));
    await this.offers.setClock(tx, productId, nextChange(offers, now));
  }

  /** Offers that opened, lapsed or were superseded by time. */
  async execute(): Promise<void> {
    await eachSafely('offer-clock', await this.offers.clocksDue(this.clock.now(), BATCH), (product) => this.uow.run((tx) => this.note(tx, product)));
  }
}
