import { Injectable } from '@nestjs/common';
import type { Classification } from '#compliance';
import { decodeJson, type Tx } from '#shared';
import type { ProductState, SuspendedBy } from '../domain/listing-gate.js';

/** What a screening asks of a product: it is listed, or the law has suspended it. */
export interface ScreenedProduct {
  readonly id: string;
  readonly vendorId: string;
  readonly exporterIsCIIO: boolean;
  readonly exporterHasPRCEntity: boolean;
  readonly exporterZone: string | null;
  readonly exporterInGBA: boolean;
  readonly state: ProductState;
  readonly datasets: readonly Classification[];
}
/** A product that a screening may change, held. */
export interface HeldProduct {
  readonly id: string;
  readonly state: ProductState;
  readonly suspendedBy: SuspendedBy | null;
}

const SCREENED = `(state = 'LISTED' or suspended_by = 'COMPLIANCE')`;
const COLUMNS = `p.id, p.vendor_id as "vendorId", p.exporter_is_ciio as "exporterIsCIIO", p.exporter_has_prc_entity as "exporterHasPRCEntity",
  p.exporter_zone as "exporterZone", p.exporter_in_gba as "exporterInGBA", p.state,
  (select coalesce(jsonb_agg(d.classification order by d.id) filter (where d.classification is not null), '[]')::text from catalog.dataset d where d.product_id = p.id) as datasets`;
const PAGE = `select ${COLUMNS} from (select * from catalog.product where ${SCREENED} and ($1::uuid is null or vendor_id = $1) and ($2::uuid is null or id > $2) order by id limit $3) p order by p.id`;
const COUNT = `select count(*)::int as n from catalog.product where ${SCREENED} and ($1::uuid is null or vendor_id = $1)`;

@Injectable()
export class ScreenedProductRepository {
  async count(tx: Tx, vendorId: string | null): Promise<number> {
    const [row] = (await tx.query(COUNT, [vendorId])) as [{ n: number }];
    return row.n;
  }

  async page(tx: Tx, vendorId: string | null, after: string | null, limit: number): Promise<ScreenedProduct[]> {
    const rows = (await tx.query(PAGE, [vendorId, after, limit])) as (Omit<ScreenedProduct, 'datasets'> & { datasets: string })[];
    return rows.map((r) => ({ ...r, datasets: decodeJson<Classification[]>(r.datasets) }));
  }

  /** As they stand now, held until the transaction ends, in one sequence for everybody. */
  async hold(tx: Tx, ids: readonly string[]): Promise<Map<string, HeldProduct>> {
    if (ids.length === 0) return new Map();
    const rows = (await tx.query('select id, state, suspended_by as "suspendedBy" from catalog.product where id = any($1::uuid[]) order by id for no key update', [ids])) as HeldProduct[];
    return new Map(rows.map((r) => [r.id, r]));
  }
}
