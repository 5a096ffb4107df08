import { Injectable } from '@nestjs/common';
import { Database, type Page, type PageRequest, toPage } from '#shared';
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
  r.tested_at as "testedAt", r.test_passed as "testPassed", r.test_findings as "testFindings", r.released_at as "releasedAt", r.revoked_at as "revokedAt", r.revocation_reason as "revocationReason", r.dictionary,
  (select coalesce(jsonb_agg(jsonb_build_object('id', a.id, 'revisionId', r.id, 'datasetId', d.id, 'productId', d.product_id, 'vendorId', a.vendor_id, 'fileName', a.file_name, 'mediaType', a.media_type,
    'byteLength', a.byte_length::text, 'sha256', a.sha256, 'state', a.state, 'revisionState', r.state, 'revisionNumber', r.number, 'releasedAt', r.released_at, 'revocationReason', r.revocation_reason) order by a.file_name), '[]')
   from catalog.asset a where a.revision_id = r.id) as assets`;
const OF_PRODUCTS = {
  name: 'catalog.holdings',
  text: `select ${DATASET_COLUMNS}, (select coalesce(jsonb_agg(to_jsonb(o) order by o.number desc), '[]') from (
      select ${REVISION} from catalog.revision r where r.dataset_id = d.id order by r.number desc limit ${SHOWN_REVISIONS}) o) as revisions
    from catalog.dataset d where d.product_id = any($1::uuid[]) order by d.id`,
};

// Datasets with their revisions come as JSON, where every instant is a text.
type Texts<T> = { readonly [K in keyof T]: T[K] extends Date | null ? string | (null extends T[K] ? null : never) : T[K] extends bigint ? string : T[K] };
type RawRevision = Texts<Revision> & { readonly assets: readonly Texts<AssetRecord>[] };

const OF_DATASET = {
  name: 'catalog.revisions-of-dataset',
  text: `select to_jsonb(o) as revision from (select ${REVISION} from catalog.revision r join catalog.dataset d on d.id = r.dataset_id
    where r.dataset_id = $1 and ($2::int is null or r.number < $2) and ($4 or r.released_at is not null) order by r.number desc limit $3) o order by o.number desc`,
};
const BY_IDS = { name: 'catalog.revisions-by-ids', text: `select to_jsonb(o) as revision from (select ${REVISION} from catalog.revision r join catalog.dataset d on d.id = r.dataset_id where r.id = any($1::uuid[])) o` };

/** Datasets with what they hold, in one statement however many products are asked for. */
@Injectable()
export class HoldingsRepository {
  constructor(private readonly database: Database) {}

  async ofProducts(ids: readonly string[]): Promise<Map<string, HeldDataset[]>> {
    const rows = await this.database.query<RawDataset & { revisions: RawRevision[] } & Record<string, unknown>>(OF_PRODUCTS, [ids]);
    return Map.groupBy(rows.map((row): HeldDataset => ({ ...toDataset(row), revisions: row.revisions.map(toHeld) })), (d) => d.productId);
  }

  /** Newest first; without `unreleased` those alone that are, or were, handed out. */
  async revisions(datasetId: string, unreleased: boolean, request: PageRequest): Promise<Page<HeldRevision>> {
    const rows = await this.database.query<{ revision: RawRevision }>(OF_DATASET, [datasetId, request.after?.[0] ?? null, request.first + 1, unreleased]);
    return toPage(rows.map((r) => toHeld(r.revision)), request, (r) => [String(r.number)]);
  }

  async byIds(ids: readonly string[]): Promise<Map<string, HeldRevision>> {
    const rows = await this.database.query<{ revision: RawRevision }>(BY_IDS, [ids]);
    return new Map(rows.map(({ revision }) => [revision.id, toHeld(revision)]));
  }
}

const day = (text: string | null): Date | null => (text === null ? null : new Date(text));
const toHeld = (r: RawRevision): HeldRevision => ({
  ...r, testFindings: [...r.testFindings], createdAt: new Date(r.createdAt), finalisedAt: day(r.finalisedAt), testedAt: day(r.testedAt), releasedAt: day(r.releasedAt), revokedAt: day(r.revokedAt),
  assets: r.assets.map((a): AssetRecord => ({ ...a, byteLength: BigInt(a.byteLength), releasedAt: day(a.releasedAt) })),
});
