import { Injectable } from '@nestjs/common';
import type { Classification } from '#compliance';
import { type Actor, authorise, organisationOf, permits } from '#identity';
import { type Caller, Clock, notFound, type NotFound, type NotPermitted, type Page, type PageRequest, type Result, type StateConflict, stateConflict, type Tx } from '#shared';
import { CATALOG_ERRORS } from './catalog.errors.js';
import { isListed, type ProductState } from './domain/listing-gate.js';
import { type Audience, isFor } from './domain/search/audience.js';
import { type AssetRecord, type Dataset, DatasetRepository } from './storage/dataset.repository.js';
import { type HeldDataset, type HeldRevision, HoldingsRepository } from './storage/holdings.repository.js';
import { type GateRecord, type Product, type ProductPage, ProductRepository, type ProductSummary } from './storage/product.repository.js';
import { PlatformTests } from './use-cases/desks.js';
import { CountInterest } from './use-cases/market/count-interest.js';
import type { PlatformTestResult } from './use-cases/record-platform-test.js';
import type { RevisionTestResult } from './use-cases/revisions/record-revision-test.js';

/** What an order or a delivery must know of a product at this moment. */
export interface ProductForTrade {
  readonly id: string;
  readonly vendorId: string;
  readonly title: string;
  readonly state: ProductState;
  readonly certificateNumber: bigint | null;
  /** LISTED, with opinion and certificate in force now. */
  readonly listed: boolean;
  /** For whom it is: nobody else finds, opens or orders it. */
  readonly audience: Audience;
  readonly exporterIsCIIO: boolean;
  readonly exporterHasPRCEntity: boolean;
  readonly exporterZone: string | null;
  readonly exporterInGBA: boolean;
  readonly datasets: readonly { readonly id: string; readonly classification: Classification }[];
}

/** What is listed, and how it came to be listed. Authoring and the gate are driven by the API; this is what other rooms may ask. */
@Injectable()
export class Catalog {
  constructor(
    private readonly products: ProductRepository, private readonly datasets: DatasetRepository, private readonly testing: PlatformTests,
    private readonly held: HoldingsRepository,
    /** How many look, try, ask and buy: told by whoever sees it happen. */
    readonly interest: CountInterest, private readonly clock: Clock,
  ) {}

  /** The asset that this actor may upload now, or why not. */
  async assetForUpload(actor: Actor, assetId: string): Promise<AssetRecord | NotFound | NotPermitted | StateConflict> {
    const refusal = authorise(actor, 'delivery:upload');
    if (refusal) return refusal;
    const asset = await this.datasets.assetById(assetId);
    if (!asset || asset.vendorId !== actor.tenantId) return notFound('asset');
    return asset.state === 'AWAITING_UPLOAD' ? asset : stateConflict(CATALOG_ERRORS.ASSET_STORED, 'the asset is uploaded already', asset.state);
  }
  /** Delivery holds the described bytes. In delivery's transaction. */
  markAssetStored(tx: Tx, caller: Caller, assetId: string, stored: { readonly sha256: string; readonly byteLength: bigint }): Promise<Result<AssetRecord>> {
    return this.testing.stored.execute(tx, caller, assetId, stored);
  }
  assetById(assetId: string): Promise<AssetRecord | null> {
    return this.datasets.assetById(assetId);
  }
  assetsOfProduct(productId: string): Promise<AssetRecord[]> {
    return this.datasets.assetsOfProducts([productId]);
  }
  assetsOfProducts(productIds: readonly string[]): Promise<AssetRecord[]> {
    return this.datasets.assetsOfProducts(productIds);
  }
  datasetsOfProducts(productIds: readonly string[]): Promise<Dataset[]> {
    return this.datasets.datasetsOfProducts(productIds);
  }
  /** The files of a submission that its test reads: those of the revisions that stand for their datasets. */
  assetsToTest(productId: string): Promise<AssetRecord[]> {
    return this.datasets.assetsToTest(productId);
  }
  async assetsOfRevision(revisionId: string): Promise<readonly AssetRecord[]> {
    return (await this.held.byIds([revisionId])).get(revisionId)?.assets ?? [];
  }
  /** The test of one revision that a listed product grows by. Late and repeated results change nothing. */
  recordRevisionTest(tx: Tx, caller: Caller, result: RevisionTestResult): Promise<void> {
    return this.testing.revision.execute(tx, caller, result);
  }
  revisionsByIds(ids: readonly string[]): Promise<Map<string, HeldRevision>> {
    return this.held.byIds(ids);
  }
  /** Revisions of a dataset, newest first: those that were handed out, for whoever may see its product; all for its vendor and for staff. */
  async revisions(actor: Actor, datasetId: string, page: PageRequest): Promise<Page<HeldRevision> | null> {
    const product = await this.products.ofDataset(datasetId);
    return product && this.mayOpen(actor, product) ? this.held.revisions(datasetId, this.seesPapers(actor, product.vendorId), page) : null;
  }
  /** The platform's own test of a submission. A result that is late or repeated changes nothing. */
  recordPlatformTest(tx: Tx, caller: Caller, result: PlatformTestResult): Promise<void> {
    return this.testing.submission.execute(tx, caller, result);
  }

  /** Null for a product that was never handed in, or does not exist. */
  async productForTrade(productId: string): Promise<ProductForTrade | null> {
    return (await this.productsForTrade([productId])).get(productId) ?? null;
  }
  /** The same of several at once; those without an answer are missing from the map. */
  async productsForTrade(productIds: readonly string[]): Promise<Map<string, ProductForTrade>> {
    const [products, datasets] = [await this.products.byIds(productIds), Map.groupBy(await this.datasets.datasetsOfProducts(productIds), (d) => d.productId)];
    const now = this.clock.now();
    return new Map([...products.values()].flatMap((product): [string, ProductForTrade][] => {
      const own = datasets.get(product.id) ?? [];
      const classified = own.flatMap((d) => (d.classification ? [{ id: d.id, classification: d.classification }] : []));
      if (classified.length === 0 || classified.length !== own.length) return [];
      const { id, vendorId, title, state, audience, audienceIds, certificateNumber, exporterIsCIIO, exporterHasPRCEntity, exporterZone, exporterInGBA } = product;
      return [[id, { id, vendorId, title, state, certificateNumber, listed: isListed(product, now), audience: { audience, audienceIds }, exporterIsCIIO, exporterHasPRCEntity, exporterZone, exporterInGBA, datasets: classified }]];
    }));
  }

  byIds(ids: readonly string[]): Promise<Map<string, Product>> {
    return this.products.byIds(ids);
  }
  gateRecords(productId: string): Promise<GateRecord[]> {
    return this.products.records(productId);
  }
  /** A product's page as this actor may see it: listed ones everybody, others whoever manages their vendor's products, and staff. */
  async page(actor: Actor, id: string): Promise<ProductPage | null> {
    const product = (await this.products.pages([id])).get(id);
    if (!product || !this.mayOpen(actor, product)) return null;
    if (!this.seesPapers(actor, product.vendorId) && product.vendorId !== actor.tenantId) this.interest.look(id, 'views');
    return product;
  }
  /** Datasets by product, with their latest revisions and the files of those. */
  holdings(productIds: readonly string[]): Promise<Map<string, HeldDataset[]>> {
    return this.held.ofProducts(productIds);
  }
  pages(ids: readonly string[]): Promise<Map<string, ProductPage>> {
    return this.products.pages(ids);
  }
  mayOpen(actor: Actor, { state, vendorState, vendorId, ...audience }: Pick<Product, 'state' | 'vendorState' | 'vendorId'> & Audience): boolean {
    return (state === 'LISTED' && vendorState === 'VERIFIED' && isFor(audience, actor.tenantId)) || this.seesPapers(actor, vendorId);
  }
  /** Whether the actor sees this vendor's products in every state, and how they came through the gate. */
  seesPapers(actor: Actor, vendorId: string): boolean {
    return permits(actor, 'catalog:read-all') || (vendorId === actor.tenantId && permits(actor, 'catalog:manage'));
  }
  /** Listed products that everybody may find, newest first. */
  listed(page: PageRequest): Promise<Page<ProductSummary>> {
    return this.products.listed(page);
  }
  /** Listed products that are for named organisations, the actor's among them. */
  forOrganisation(actor: Actor, vendorId: string | null, page: PageRequest): Promise<Page<ProductSummary>> {
    return this.products.forOrganisation(actor.tenantId, vendorId, page);
  }
  own(actor: Actor, state: ProductState | null, page: PageRequest): Promise<Page<ProductSummary> | null> {
    return permits(actor, 'catalog:manage') ? this.products.ofVendor(organisationOf(actor), state, page) : Promise.resolve(null);
  }
  /** The staff's queue of products in one state. */
  inState(actor: Actor, state: ProductState, page: PageRequest): Promise<Page<ProductSummary> | null> {
    return permits(actor, 'catalog:read-all') ? this.products.inState(state, page) : Promise.resolve(null);
  }
}
