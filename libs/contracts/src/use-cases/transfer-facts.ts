import { Injectable } from '@nestjs/common';
import { Catalog, type ProductForTrade } from '#catalog';
import type { TransferFacts } from '#compliance';
import { Identity, type Organisation } from '#identity';

export interface TransferSides {
  readonly product: ProductForTrade;
  readonly vendor: Organisation;
  readonly buyer: Organisation;
  readonly facts: TransferFacts;
}

export interface PlannedTransfer {
  readonly productId: string;
  readonly buyerId: string;
  /** ISO 3166-1 alpha-2. */
  readonly destination: string;
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
    return (await this.gatherMany([{ productId, buyerId, destination }]))[0]!;
  }

  /** In the sequence of the transfers, one read of each room; null where a side is missing or the product is not classified. */
  async gatherMany(transfers: readonly PlannedTransfer[]): Promise<(TransferSides | null)[]> {
    const products = await this.catalog.productsForTrade([...new Set(transfers.map((t) => t.productId))]);
    const organisations = await this.identity.byIds([...new Set([...[...products.values()].map((p) => p.vendorId), ...transfers.map((t) => t.buyerId)])]);
    return transfers.map(({ productId, buyerId, destination }) => {
      const product = products.get(productId);
      const vendor = product && organisations.get(product.vendorId);
      const buyer = organisations.get(buyerId);
      return product && vendor && buyer ? { product, vendor, buyer, facts: factsOf(product, vendor, buyer, destination) } : null;
    });
  }
}

const factsOf = (product: ProductForTrade, vendor: Organisation, buyer: Organisation, destination: string): TransferFacts => ({
  exporterId: vendor.id, origin: vendor.jurisdiction, originProvince: vendor.subdivision, registeredIn: vendor.subdivision, destination, recipientJurisdiction: buyer.jurisdiction,
  purpose: 'data_product_sale', sellerVerified: vendor.state === 'VERIFIED', buyerVerified: buyer.state === 'VERIFIED',
  exporterIsCIIO: product.exporterIsCIIO, exporterHasPRCEntity: product.exporterHasPRCEntity, zone: null, onward: [], exporterInGBA: false, recipientInGBA: buyer.jurisdiction === 'HK',
  recipient: { restricted: false, schemes: [], coveredPerson: false, ownership: null }, mechanisms: {}, datasets: product.datasets.map((d) => d.classification),
});
