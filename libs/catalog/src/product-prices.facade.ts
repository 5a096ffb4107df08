import { Injectable } from '@nestjs/common';
import type { Tx } from '#shared';
import { ProductPricesRepository } from './storage/product-prices.repository.js';

export type PriceModel = 'ONE_OFF' | 'RECURRING' | 'USAGE' | 'FREE' | 'TRIAL';
/** What search knows of a product's prices. */
export interface OfferFacts {
  readonly models: readonly PriceModel[];
  /** For each currency the least that a first period costs, in minor units, net of tax. */
  readonly lowest: readonly { readonly currency: string; readonly minor: bigint }[];
}

/** Where contracts tells what the public offers of a product come to, in the transaction that changes them. */
@Injectable()
export class ProductPrices {
  constructor(private readonly repository: ProductPricesRepository) {}

  noteOffers(tx: Tx, productId: string, facts: OfferFacts): Promise<void> {
    return this.repository.note(tx, productId, facts);
  }
}
