import { Injectable } from '@nestjs/common';
import type { Tx } from '#shared';
import type { OfferFacts } from '../product-prices.facade.js';

@Injectable()
export class ProductPricesRepository {
  async note(tx: Tx, productId: string, { models, lowest }: OfferFacts): Promise<void> {
    await tx.query('update catalog.product set price_models = $2, price_currencies = $3, lowest_price_minor = $4 where id = $1', [productId, models, lowest.map((l) => l.currency), lowest.map((l) => l.minor.toString())]);
  }
}
