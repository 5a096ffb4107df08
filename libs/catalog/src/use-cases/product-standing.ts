import { Injectable } from '@nestjs/common';
import { Screenings, whySuspended } from '#compliance';
import { Identity } from '#identity';
import { DatasetRepository } from '../storage/dataset.repository.js';
import type { Product } from '../storage/product.repository.js';

/** What the law in force says of a product by itself, whoever buys it. */
@Injectable()
export class ProductStanding {
  constructor(private readonly datasets: DatasetRepository, private readonly identity: Identity, private readonly screenings: Screenings) {}

  /** Why nobody may buy it; null where that depends on who buys. */
  async prohibition(product: Product): Promise<string | null> {
    const vendor = (await this.identity.byId(product.vendorId))!;
    const datasets = (await this.datasets.datasetsOfProducts([product.id])).flatMap((d) => (d.classification ? [d.classification] : []));
    const { exporterIsCIIO, exporterHasPRCEntity, exporterZone, exporterInGBA } = product;
    const verdict = await this.screenings.prohibitionNow({ exporterIsCIIO, exporterHasPRCEntity, exporterZone, exporterInGBA, origin: vendor.jurisdiction, originProvince: vendor.subdivision, registeredIn: vendor.subdivision, datasets });
    return verdict && whySuspended(verdict);
  }
}
