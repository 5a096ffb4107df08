import { Injectable } from '@nestjs/common';
import { Catalog, type ProductForTrade } from '#catalog';
import type { TradeFacts } from '#compliance';
import { Identity, type Organisation } from '#identity';

export interface TransferSides {
  readonly product: ProductForTrade;
  readonly vendor: Organisation;
  readonly buyer: Organisation;
  readonly facts: TradeFacts;
}

/** Gathers what the law asks about a transfer, as it stands now: compliance decides from facts it is handed. */
@Injectable()
export class TransferFactsOf {
  constructor(private readonly catalog: Catalog, private readonly identity: Identity) {}

  /** Listed now, by a vendor in good standing. */
  async isOnSale(productId: string): Promise<boolean> {
    const product = await this.catalog.productForTrade(productId);
    return product !== null && product.listed && (await this.identity.byId(product.vendorId))?.state === 'VERIFIED';
  }

  async gather(productId: string, buyerId: string, destination: string): Promise<TransferSides | null> {
    const product = await this.catalog.productForTrade(productId);
    if (!product) return null;
    const organisations = await this.identity.byIds([product.vendorId, buyerId]);
    const vendor = organisations.get(product.vendorId);
    const buyer = organisations.get(buyerId);
    if (!vendor || !buyer) return null;
    return {
      product, vendor, buyer,
      facts: {
        exporterId: vendor.id, recipientId: buyer.id, productId, origin: vendor.jurisdiction, originProvince: vendor.subdivision, registeredIn: vendor.subdivision, destination, recipientJurisdiction: buyer.jurisdiction,
        purpose: 'data_product_sale', sellerVerified: vendor.state === 'VERIFIED', buyerVerified: buyer.state === 'VERIFIED',
        exporterIsCIIO: product.exporterIsCIIO, exporterHasPRCEntity: product.exporterHasPRCEntity, zone: product.exporterZone, exporterInGBA: product.exporterInGBA,
        recipientInGBA: buyer.jurisdiction === 'HK', datasets: product.datasets.map((d) => d.classification),
      },
    };
  }
}
