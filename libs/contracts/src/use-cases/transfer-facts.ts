import { Injectable } from '@nestjs/common';
import { Catalog, type ProductForTrade } from '#catalog';
import type { TradeFacts } from '#compliance';
import { Identity, type Organisation } from '#identity';
import { isMadeTo } from '../domain/pricing/offer.js';

/** What the parties agree, or mean to. */
export interface TransferTerms {
  readonly productId: string;
  readonly buyerId: string;
  /** ISO 3166-1 alpha-2. */
  readonly destination: string;
  readonly purpose: string;
  /** What the buyer's declaration of the end use stands under; null where none is made. */
  readonly orderId: string | null;
}

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

  /** Listed now, for this organisation too, by a vendor in good standing. */
  async isOnSale(productId: string, organisationId: string | null): Promise<boolean> {
    const product = await this.catalog.productForTrade(productId);
    return product !== null && product.listed && isMadeTo(product.audience, organisationId) && (await this.identity.byId(product.vendorId))?.state === 'VERIFIED';
  }

  async gather(terms: TransferTerms): Promise<TransferSides | null> {
    return (await this.gatherMany([terms]))[0]!;
  }

  /** In the sequence of the transfers, one read of each room; null where a side is missing or the product is not classified. */
  async gatherMany(transfers: readonly TransferTerms[]): Promise<(TransferSides | null)[]> {
    const products = await this.catalog.productsForTrade([...new Set(transfers.map((t) => t.productId))]);
    const organisations = await this.identity.byIds([...new Set([...[...products.values()].map((p) => p.vendorId), ...transfers.map((t) => t.buyerId)])]);
    return transfers.map((terms) => {
      const product = products.get(terms.productId);
      const vendor = product && organisations.get(product.vendorId);
      const buyer = organisations.get(terms.buyerId);
      return product && vendor && buyer ? { product, vendor, buyer, facts: factsOf(product, vendor, buyer, terms) } : null;
    });
  }
}

const factsOf = (product: ProductForTrade, vendor: Organisation, buyer: Organisation, { productId, destination, purpose, orderId }: TransferTerms): TradeFacts => ({
  exporterId: vendor.id, recipientId: buyer.id, productId, declaredPurpose: purpose, orderId, origin: vendor.jurisdiction, originProvince: vendor.subdivision, registeredIn: vendor.subdivision, destination, recipientJurisdiction: buyer.jurisdiction,
  purpose: 'data_product_sale', sellerVerified: vendor.state === 'VERIFIED', buyerVerified: buyer.state === 'VERIFIED',
  exporterIsCIIO: product.exporterIsCIIO, exporterHasPRCEntity: product.exporterHasPRCEntity, zone: product.exporterZone, exporterInGBA: product.exporterInGBA, recipientInGBA: buyer.jurisdiction === 'HK',
  datasets: product.datasets.map((d) => d.classification),
});
