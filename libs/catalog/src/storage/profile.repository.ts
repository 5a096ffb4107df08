import { Injectable } from '@nestjs/common';
import type { Classification } from '#compliance';
import { Database, decodeJson, type Tx } from '#shared';
import type { DictionaryColumn } from '../domain/content/dictionary.js';
import type { DatasetProfile, TableSample } from '../domain/profile/profile.js';
import type { Change, ChangeClass } from '../domain/profile/schema-change.js';

export interface ProfiledRevision {
  readonly revisionId: string;
  readonly datasetId: string;
  readonly productId: string;
  readonly vendorId: string;
}
/** The profile of a revision, without its sample. */
export interface StoredProfile extends ProfiledRevision {
  readonly profilerVersion: string;
  readonly content: Omit<DatasetProfile, 'samples'>;
  /** Against the revision before; null of the first one, and where not everything could be read. */
  readonly changeClass: ChangeClass | null;
  readonly changes: readonly Change[];
  readonly createdAt: Date;
}
/** What the vendor says of the dataset, beside what was found in it. */
export interface VendorsWord {
  readonly classification: Classification | null;
  readonly dictionary: readonly DictionaryColumn[];
}
export interface ShownProfile extends StoredProfile, VendorsWord {
  readonly revisionNumber: number;
  readonly finalisedAt: Date;
  /** Null where they were not asked for. */
  readonly samples: readonly TableSample[] | null;
}

const COLUMNS = `p.revision_id as "revisionId", p.dataset_id as "datasetId", p.product_id as "productId", p.vendor_id as "vendorId", p.profiler_version as "profilerVersion", p.content, p.change_class as "changeClass", p.changes, p.created_at as "createdAt"`;
// What a dataset shows is its latest revision that is handed out; before there is one, its latest, which its vendor and staff alone may see.
const NEWEST = `from catalog.dataset d cross join lateral (
    select p.*, r.number, r.finalised_at from catalog.dataset_profile p join catalog.revision r on r.id = p.revision_id
    where p.dataset_id = d.id and r.state = 'FINALISED' order by (r.released_at is not null) desc, r.number desc, p.created_at desc limit 1) p where d.id = any($1::uuid[])`;
const WORD = 'd.classification::text as classification, d.dictionary';
const OF_DATASETS = { name: 'catalog.profiles-of-datasets', text: `select ${COLUMNS}, p.number as "revisionNumber", p.finalised_at as "finalisedAt", case when $2 then p.samples end as samples, ${WORD} ${NEWEST}` };
const BEFORE = `select ${COLUMNS} from catalog.dataset_profile p join catalog.revision r on r.id = p.revision_id
  where p.dataset_id = $1 and r.number < $2 and r.state = 'FINALISED' and r.test_passed is distinct from false and (p.content ->> 'complete')::boolean order by r.number desc, p.created_at desc limit 1`;
const OF_REVISION = `select ${COLUMNS} from catalog.dataset_profile p where p.revision_id = $1 order by p.created_at desc limit 1`;

/** Profiles are history: a row is written once and never changed. */
@Injectable()
export class ProfileRepository {
  constructor(private readonly database: Database) {}

  /** False when this version has read the revision before. */
  async insert(tx: Tx, p: StoredProfile, samples: readonly TableSample[]): Promise<boolean> {
    const rows = (await tx.query(
      `insert into catalog.dataset_profile (revision_id, profiler_version, dataset_id, product_id, vendor_id, content, samples, change_class, changes, created_at)
       values ($1, $2, $3, $4, $5, $6::jsonb, $7::jsonb, $8, $9::jsonb, $10) on conflict (revision_id, profiler_version) do nothing returning revision_id`,
      [p.revisionId, p.profilerVersion, p.datasetId, p.productId, p.vendorId, storable(p.content), storable(samples), p.changeClass, storable(p.changes), p.createdAt],
    )) as unknown[];
    return rows.length === 1;
  }

  /** The profile of the last revision before this number that was read completely and did not fail its test. */
  async before(tx: Tx, datasetId: string, number: number): Promise<StoredProfile | null> {
    return ((await tx.query(BEFORE, [datasetId, number])) as StoredProfile[])[0] ?? null;
  }
  async ofRevision(tx: Tx, revisionId: string): Promise<StoredProfile | null> {
    return ((await tx.query(OF_REVISION, [revisionId])) as StoredProfile[])[0] ?? null;
  }

  /** By dataset; those without a profile are missing. One statement however many are asked for. */
  async ofDatasets(datasetIds: readonly string[], samples: boolean): Promise<Map<string, ShownProfile>> {
    const rows = await this.database.query<Raw<ShownProfile>>(OF_DATASETS, [datasetIds, samples]);
    return new Map(rows.map((r) => [r.datasetId, withWord<ShownProfile>(r)]));
  }
}

type Raw<T extends VendorsWord> = Omit<T, 'classification'> & { classification: string | null } & Record<string, unknown>;
const withWord = <T extends VendorsWord>(row: Raw<T>): T => ({ ...row, classification: row.classification === null ? null : decodeJson<Classification>(row.classification) }) as unknown as T;

/** A zero character is none that PostgreSQL keeps; half a pair of surrogates neither. */
const storable = (value: unknown): string => JSON.stringify(value, (_, v: unknown) => (typeof v === 'string' ? v.toWellFormed().replaceAll('\0', '\ufffd') : v));
