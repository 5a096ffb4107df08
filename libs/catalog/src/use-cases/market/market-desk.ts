import { Injectable } from '@nestjs/common';
import { type Actor, permits } from '#identity';
import type { Page, PageRequest } from '#shared';
import { Catalog } from '../../catalog.facade.js';
import { type Announcement, AnnouncementRepository } from '../../storage/announcement.repository.js';
import { type FunnelMonth, FunnelRepository } from '../../storage/funnel.repository.js';
import { Announce } from './announce.js';

export const MOST_MONTHS = 36;

/** What passes between a vendor and the market, apart from trade. */
@Injectable()
export class MarketDesk {
  constructor(readonly announcing: Announce, private readonly catalog: Catalog, private readonly told: AnnouncementRepository, private readonly counts: FunnelRepository) {}

  async announcements(actor: Actor, productId: string, page: PageRequest): Promise<Page<Announcement> | null> {
    const product = (await this.catalog.byIds([productId])).get(productId);
    return product && this.catalog.mayOpen(actor, product) ? this.told.page(productId, page) : null;
  }

  async funnel(actor: Actor, productId: string, months: number): Promise<FunnelMonth[] | null> {
    const product = permits(actor, 'catalog:manage') ? (await this.catalog.byIds([productId])).get(productId) : undefined;
    return product?.vendorId === actor.tenantId ? this.counts.ofProduct(productId, Math.min(Math.max(months, 1), MOST_MONTHS)) : null;
  }
}
