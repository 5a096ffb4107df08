import { Injectable } from '@nestjs/common';
import { Database } from '#shared';
import { type AssetRecord, type Dataset, DATASET_COLUMNS, type RawDataset, type Revision, toDataset } from './dataset.repository.js';

/** What a product's page shows of each dataset; older revisions are read page by page. */
export const SHOWN_REVISIONS = 10;

export interface HeldRevision extends Revision {
  readonly assets: readonly AssetRecord[];
}
/** A dataset with its latest revisions, newest first, and their files. */
export interface HeldDataset extends Dataset {
  readonly revisions: readonly HeldRevision[];
}

const REVISION = `r.id, r.dataset_id as "datasetId", r.vendor_id as "vendorId", r.number, r.state, r.digest, r.finalised_at as "finalisedAt", r.created_at as "createdAt",
  (select coalesce(jsonb_agg(jsonb_build_object('id', a.id, 'revisionId', r.id, 'datasetId', d.id, 'productId', d.product_id, 'vendorId', a.vendor_id, 'fileName', a.file_name, 'mediaType', a.media_type,
    'byteLength', a.byte_length::text, 'sha256', a.sha256, 'state', a.state, 'revisionState', r.state, 'revisionNumber', r.number) order by a.file_name), '[]')
   from catalog.asset a where a.revision_id = r.id) as assets`;
const OF_PRODUCTS = {
  name: 'catalog.holdings',
  text: `select ${DATASET_COLUMNS}, (select coalesce(jsonb_agg(to_jsonb(o) order by o.number desc), '[]') from (
      select ${REVISION} from catalog.revision r where r.dataset_id = d.id order by r.number desc limit ${SHOWN_REVISIONS}) o) as revisions
    from catalog.dataset d where d.product_id = any($1::uuid[]) order by d.id`,
};

type Raw<T> = Omit<T, 'createdAt' | 'finalisedAt' | 'byteLength'> & { readonly createdAt: string; readonly finalisedAt: string | null; readonly byteLength: string };
type RawRevision = Omit<Raw<Revision>, 'byteLength'> & { readonly assets: readonly Raw<AssetRecord>[] };

/** Datasets with what they hold, in one statement however many products are asked for. */
@Injectable()
export class HoldingsRepository {
  constructor(private readonly database: Database) {}

  async ofProducts(ids: readonly string[]): Promise<Map<string, HeldDataset[]>> {
    const rows = await this.database.query<RawDataset & { revisions: RawRevision[] } & Record<string, unknown>>(OF_PRODUCTS, [ids]);
    return Map.groupBy(rows.map((row): HeldDataset => ({ ...toDataset(row), revisions: row.revisions.map(toHeld) })), (d) => d.productId);
  }
}

const toHeld = ({ assets, createdAt, finalisedAt, ...revision }: RawRevision): HeldRevision => ({
  ...revision, createdAt: new Date(createdAt), finalisedAt: finalisedAt === null ? null : new Date(finalisedAt), assets: assets.map((a) => ({ ...a, byteLength: BigInt(a.byteLength) })) as AssetRecord[],
});
