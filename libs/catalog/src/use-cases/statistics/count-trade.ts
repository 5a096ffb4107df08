import { Injectable } from '@nestjs/common';
import { Identity } from '#identity';
import type { Tx } from '#shared';
import { monthOf } from '../../domain/statistics/months.js';
import { ProductRepository } from '../../storage/product.repository.js';
import { type Ended, StatisticsRepository } from '../../storage/statistics/statistics.repository.js';

/** An agreement whose licence began: concluded, and paid where anything was due. */
export interface BegunTrade {
  readonly agreementId: string;
  readonly productId: string;
  readonly vendorId: string;
  readonly buyerId: string;
  /** When what is paid for begins: the end of a trial, of a renewal the end of what it renews. */
  readonly paidFrom: Date;
  readonly currency: string;
  /** Minor units, net of tax: what is agreed on for the whole term, use left out. */
  readonly valueMinor: bigint;
  /** The agreement whose place it took while that ran, and how that ended. */
  readonly replaces: Ended | null;
}

/** Counts a trade for the statistics of the exchange, once, as it is at that moment: countries as registered, the sector as described. */
@Injectable()
export class CountTrade {
  constructor(private readonly statistics: StatisticsRepository, private readonly products: ProductRepository, private readonly identity: Identity) {}

  async execute(tx: Tx, { agreementId, productId, vendorId, buyerId, paidFrom, currency, valueMinor, replaces }: BegunTrade): Promise<void> {
    const sides = await this.identity.byIds([vendorId, buyerId]);
    const product = (await this.products.byIds([productId])).get(productId);
    await this.statistics.count(tx, {
      agreementId, vendorId, buyerId, vendorCountry: sides.get(vendorId)!.jurisdiction, buyerCountry: sides.get(buyerId)!.jurisdiction, sector: product?.themes[0] ?? '', currency, valueMinor,
    }, monthOf(paidFrom), replaces);
  }

  over(tx: Tx, over: Ended): Promise<void> {
    return this.statistics.over(tx, over);
  }
}
