import { eventType } from '#shared';
import type { AnnouncementKind } from './domain/market/announcement.js';
import type { Change } from './domain/profile/schema-change.js';

/** A vendor handed a product in; the platform test is due. */
export const ProductSubmitted = eventType<{ productId: string; vendorId: string; submission: number }>('catalog.product-submitted.v1');
/** A revision was closed for ever; its files can be read. */
export const RevisionFinalised = eventType<{
  revisionId: string; datasetId: string; productId: string; vendorId: string;
  /** Its product came through the gate before: it is tested by itself. Left out by messages that precede it. */
  later?: boolean;
}>('catalog.revision-finalised.v1');
/** The files of a revision may be handed out from now on. */
export const RevisionReleased = eventType<{ revisionId: string; datasetId: string; productId: string; vendorId: string; number: number }>('catalog.revision-released.v1');
/** A revision must not be used any more. `released`: it was handed out before. */
export const RevisionRevoked = eventType<{ revisionId: string; datasetId: string; productId: string; vendorId: string; number: number; released: boolean; reason: string }>('catalog.revision-revoked.v1');
/** Files were taken out of a draft: their bytes are nobody's any more. */
export const AssetsRemoved = eventType<{ productId: string; assetIds: readonly string[] }>('catalog.assets-removed.v1');
/** A vendor tells the licensees of a product. */
export const ProductAnnounced = eventType<{ announcementId: string; productId: string; vendorId: string; kind: AnnouncementKind; text: string; effectiveOn: string | null }>('catalog.product-announced.v1');
/** A product was listed, suspended, reinstated or withdrawn. */
export const ProductAvailabilityChanged = eventType<{
  productId: string; vendorId: string; listed: boolean;
  /** Why, and by whose doing: left out by messages that precede it. Of the law each side of a licence is told by its own screening. */
  cause?: 'VENDOR' | 'STAFF' | 'LAPSE' | 'LAW'; reason?: string;
}>('catalog.product-availability-changed.v1');
/** The revision that is handed out now has another schema than the one before. */
export const SchemaChanged = eventType<{ productId: string; datasetId: string; revisionId: string; number: number; class: 'COMPATIBLE' | 'BREAKING'; changes: readonly Change[] }>('catalog.schema-changed.v1');
