import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type Actor, authorise } from '#identity';
import { Clock, Commands, invalid, isDay, newId, Outbox, type Result, stateConflict } from '#shared';
import { CATALOG_ERRORS } from '../../catalog.errors.js';
import { ProductAnnounced } from '../../catalog.events.js';
import { type AnnouncementKind, MOST_A_DAY } from '../../domain/market/announcement.js';
import { type Announcement, AnnouncementRepository } from '../../storage/announcement.repository.js';
import { ProductRepository } from '../../storage/product.repository.js';
import { ownProduct } from '../own-draft.js';

export interface AnnounceInput {
  readonly productId: string;
  readonly kind: AnnouncementKind;
  readonly text: string;
  /** From which day on, `YYYY-MM-DD`; null: it is so now. */
  readonly effectiveOn: string | null;
}
const DAY_MS = 86_400_000;

/** A vendor tells everybody who holds a licence on a product of his. */
@Injectable()
export class Announce {
  constructor(
    private readonly commands: Commands, private readonly products: ProductRepository, private readonly announcements: AnnouncementRepository, private readonly audit: Audit,
    private readonly outbox: Outbox, private readonly clock: Clock,
  ) {}

  async execute(actor: Actor, input: AnnounceInput): Promise<Result<Announcement>> {
    const refusal = authorise(actor, 'catalog:manage');
    if (refusal) return refusal;
    const { productId, kind, text, effectiveOn } = input;
    if (effectiveOn !== null && !isDay(effectiveOn)) return invalid(CATALOG_ERRORS.ANNOUNCEMENT, 'effectiveOn', 'a day, YYYY-MM-DD');
    return this.commands.run<Result<Announcement>>(actor, 'catalog.announce', input, async (tx) => {
      const product = await ownProduct(tx, this.products, actor, productId);
      if ('refused' in product) return product;
      if (product.listedAt === null) return stateConflict(CATALOG_ERRORS.ANNOUNCEMENT, 'a product that was never listed has no licensees', product.state);
      const announcedAt = this.clock.now();
      if ((await this.announcements.countSince(tx, productId, new Date(announcedAt.getTime() - DAY_MS))) >= MOST_A_DAY) return stateConflict(CATALOG_ERRORS.ANNOUNCEMENT, `at most ${MOST_A_DAY} in a day`, product.state);
      const announcement: Announcement = { id: newId(), productId, vendorId: product.vendorId, kind, text, effectiveOn, announcedBy: actor.subject, announcedAt };
      await this.announcements.insert(tx, announcement);
      await this.audit.append(tx, actor, { act: 'product.announce', objectType: 'product', objectId: productId, details: { announcementId: announcement.id, kind, effectiveOn } });
      await this.outbox.publish(tx, actor, ProductAnnounced, productId, { announcementId: announcement.id, productId, vendorId: product.vendorId, kind, text, effectiveOn });
      return announcement;
    });
  }
}
