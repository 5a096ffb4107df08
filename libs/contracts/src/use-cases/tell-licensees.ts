import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Catalog, ProductAnnounced, ProductAvailabilityChanged, RevisionReleased, RevisionRevoked, SchemaChanged } from '#catalog';
import { Notices } from '#identity';
import { Subscriptions } from '#shared';
import { LicenseesRepository } from '../storage/licensees.repository.js';

/** Changes that a notice names; its details have them all. */
const SHOWN_CHANGES = 5;
/** Files that a notice names, with how many there are in all. */
const TOLD_ASSETS = 50;

/** What happens to a product reaches those who hold licences on it: this room alone knows them. A message that comes twice tells once. */
@Injectable()
export class TellLicensees implements OnModuleInit {
  constructor(private readonly subscriptions: Subscriptions, private readonly licensees: LicenseesRepository, private readonly notices: Notices, private readonly catalog: Catalog) {}

  onModuleInit(): void {
    this.subscriptions.on(RevisionRevoked, 'contracts.tell-revoked', async (tx, { payload }) => {
      const { productId, revisionId, datasetId, number, reason, released } = payload;
      // Nobody has what was never handed out.
      if (!released) return;
      await this.notices.tell(tx, await this.licensees.ever(tx, productId), {
        objectType: 'PRODUCT', objectId: productId, kind: 'REVISION_REVOKED', text: `Revision ${number} was called back by its vendor and must not be used any more: ${reason}`, details: { revisionId, datasetId, number, reason },
      });
    });
    this.subscriptions.on(ProductAvailabilityChanged, 'contracts.tell-availability', async (tx, { payload: { productId, listed, cause, reason } }) => {
      // Of the law each licence is told by its own screening; a product that is listed for the first time has no licensee.
      if (cause === undefined || cause === 'LAW' || (cause === 'VENDOR' && listed)) return;
      await this.notices.tell(tx, await this.licensees.now(tx, productId), {
        objectType: 'PRODUCT', objectId: productId, kind: listed ? 'RESUMED' : 'SUSPENDED', text: listed ? `The product is on sale again: ${reason}` : `Nothing of the product is handed out: ${reason}`, details: { cause },
      });
    });
    this.subscriptions.on(ProductAnnounced, 'contracts.tell-announcement', async (tx, { payload: { announcementId, productId, kind, text, effectiveOn } }) => {
      await this.notices.tell(tx, await this.licensees.now(tx, productId), { objectType: 'PRODUCT', objectId: productId, kind, text, details: { announcementId, effectiveOn } });
    });
    this.subscriptions.on(RevisionReleased, 'contracts.tell-released', async (tx, { payload }) => {
      const { productId, revisionId, datasetId, number } = payload;
      const assets = await this.catalog.assetsOfRevision(revisionId);
      await this.notices.tell(tx, await this.licensees.now(tx, productId), {
        objectType: 'PRODUCT', objectId: productId, kind: 'UPDATED', text: `Revision ${number} can be downloaded.`,
        // What a system of a licensee needs to fetch it, so that it need not ask.
        details: { revisionId, datasetId, number, files: assets.length, assets: assets.slice(0, TOLD_ASSETS).map(({ id, fileName, mediaType, byteLength, sha256 }) => ({ id, fileName, mediaType, byteLength: byteLength.toString(), sha256 })) },
      });
    });
    this.subscriptions.on(SchemaChanged, 'contracts.tell-schema-changed', async (tx, { payload }) => {
      const { productId, revisionId, datasetId, number, class: gravity, changes } = payload;
      const first = changes.slice(0, SHOWN_CHANGES).map((c) => `${c.kind} ${c.column ?? c.table}`).join(', ');
      await this.notices.tell(tx, await this.licensees.now(tx, productId), {
        objectType: 'PRODUCT', objectId: productId, kind: 'SCHEMA_CHANGE', text: `Revision ${number} has another schema, which ${gravity === 'BREAKING' ? 'may break readers' : 'readers by name bear'}: ${first}${changes.length > SHOWN_CHANGES ? ' and more' : ''}.`,
        details: { revisionId, datasetId, number, class: gravity, changes },
      });
    });
  }
}
