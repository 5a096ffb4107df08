import { Injectable } from '@nestjs/common';
import type { Actor } from '#identity';
import { Catalog } from './catalog.facade.js';
import type { DataService } from './domain/services/data-service.js';
import { DataServiceRepository } from './storage/services/data-service.repository.js';

/** The APIs that products are served by, as they were described and tested. Beside the catalogue, for those who call them. */
@Injectable()
export class DataServices {
  constructor(private readonly services: DataServiceRepository, private readonly catalog: Catalog) {}

  /** Null: the product is not served by an API. For rooms; whoever asks was let in by them. */
  ofProduct(productId: string): Promise<DataService | null> {
    return this.services.ofProduct(productId);
  }

  /** For whoever may see the product. `endpoint`: whether he may see where it lies. */
  async find(actor: Actor, productId: string): Promise<{ readonly service: DataService; readonly endpoint: boolean } | null> {
    const product = (await this.catalog.byIds([productId])).get(productId);
    const service = product && this.catalog.mayOpen(actor, product) ? await this.services.ofProduct(productId) : null;
    return service && product ? { service, endpoint: this.catalog.seesPapers(actor, product.vendorId) } : null;
  }
}
