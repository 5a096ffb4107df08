import { eventType } from '#shared';

/** A vendor handed a product in; the platform test is due. */
export const ProductSubmitted = eventType<{ productId: string; vendorId: string; submission: number }>('catalog.product-submitted.v1');
/** A revision was closed for ever; its files can be read. */
export const RevisionFinalised = eventType<{ revisionId: string; datasetId: string; productId: string; vendorId: string }>('catalog.revision-finalised.v1');
/** Files were taken out of a draft: their bytes are nobody's any more. */
export const AssetsRemoved = eventType<{ productId: string; assetIds: readonly string[] }>('catalog.assets-removed.v1');
/** A product was listed, suspended, reinstated or withdrawn. */
export const ProductAvailabilityChanged = eventType<{ productId: string; vendorId: string; listed: boolean }>('catalog.product-availability-changed.v1');
