import { Injectable } from '@nestjs/common';
import type { Tx } from '#shared';
import { ProductPricesRepository } from './storage/product-prices.repository.js';
import { ProductRepository } from './storage/product.repository.js';
import { ScenarioPacks } from './use-cases/scenario/scenario-packs.js';

export type PriceModel = 'ONE_OFF' | 'RECURRING' | 'USAGE' | 'FREE' | 'TRIAL';
/** What search knows of a product's prices. */
export interface OfferFacts {
  readonly models: readonly PriceModel[];
  /** For each currency the least that a first period costs, in minor units, net of tax. */
  readonly lowest: readonly { readonly currency: string; readonly minor: bigint }[];
}

/** Where contracts tells what the public offers of a product come to, in the transaction that changes them, and asks what of it can have a price. */
@Injectable()
export class ProductPrices {
  constructor(private readonly repository: ProductPricesRepository, private readonly products: ProductRepository, private readonly packs: ScenarioPacks) {}

  noteOffers(tx: Tx, productId: string, facts: OfferFacts): Promise<void> {
    return this.repository.note(tx, productId, facts);
  }

  /** The meters of the scenario pack that the product claims, in the version of the claim; none where it claims none. */
  async scenarioMeters(productId: string): Promise<readonly string[]> {
    const claim = (await this.products.byIds([productId])).get(productId)?.scenario;
    return claim ? this.packs.metersOf(claim) : [];
  }
}
