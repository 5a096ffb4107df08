export { toAssetType, toDatasetType, toGateRecordType, toProductType } from './api/catalog.mapping.js';
export { Asset as AssetType, Dataset as DatasetType, GateRecord as GateRecordType, Product as ProductType } from './api/catalog.types.js';
export { Catalog, type ProductForTrade } from './catalog.facade.js';
export { AssetsRemoved, ProductAvailabilityChanged, ProductSubmitted, RevisionFinalised, RevisionReleased, RevisionRevoked } from './catalog.events.js';
export { CatalogModule } from './catalog.module.js';
export { MEDIA_TYPES, type MediaType } from './domain/asset-rules.js';
export type { ProductState } from './domain/listing-gate.js';
export type { AssetRecord } from './storage/dataset.repository.js';
export type { Product } from './storage/product.repository.js';
