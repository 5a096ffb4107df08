import { Injectable } from '@nestjs/common';
import { Database, type Page, type PageRequest, toPage, type Tx } from '#shared';
import type { AnnouncementKind } from '../domain/market/announcement.js';

export interface Announcement {
  readonly id: string;
  readonly productId: string;
  readonly vendorId: string;
  readonly kind: AnnouncementKind;
  readonly text: string;
  /** `YYYY-MM-DD`. */
  readonly effectiveOn: string | null;
  readonly announcedBy: string;
  readonly announcedAt: Date;
}

const PAGE = {
  name: 'catalog.announcements',
  text: `select id, product_id as "productId", vendor_id as "vendorId", kind, text, effective_on::text as "effectiveOn", announced_by as "announcedBy", announced_at as "announcedAt"
         from catalog.announcement where product_id = $1 and ($2::uuid is null or id < $2) order by id desc limit $3`,
};

@Injectable()
export class AnnouncementRepository {
  constructor(private readonly database: Database) {}

  async insert(tx: Tx, a: Announcement): Promise<void> {
    await tx.query('insert into catalog.announcement (id, product_id, vendor_id, kind, text, effective_on, announced_by, announced_at) values ($1, $2, $3, $4, $5, $6, $7, $8)',
      [a.id, a.productId, a.vendorId, a.kind, a.text, a.effectiveOn, a.announcedBy, a.announcedAt]);
  }
  async countSince(tx: Tx, productId: string, since: Date): Promise<number> {
    const [row] = (await tx.query('select count(*)::int as n from catalog.announcement where product_id = $1 and announced_at > $2', [productId, since])) as [{ n: number }];
    return row.n;
  }
  async page(productId: string, request: PageRequest): Promise<Page<Announcement>> {
    return toPage(await this.database.query<Announcement & Record<string, unknown>>(PAGE, [productId, request.after?.[0] ?? null, request.first + 1]), request, (a) => [a.id]);
  }
}
