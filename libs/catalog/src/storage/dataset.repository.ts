import { Injectable } from '@nestjs/common';
import type { AnonymisationReport, Classification, DeviationReasons } from '#compliance';
import { Database, decodeJson, encodeJson, type Tx } from '#shared';
import type { DictionaryColumn } from '../domain/content/dictionary.js';
import type { Translation } from '../domain/content/texts.js';
import type { RevisionState } from '../domain/revision.js';
import type { DataSource } from '../domain/source.js';
import { IsNull } from 'typeorm';
import { AssetRow, DatasetRow, RevisionRow } from './catalog.entities.js';

export interface Dataset {
  readonly id: string;
  readonly productId: string;
  readonly vendorId: string;
  readonly title: string;
  readonly description: string;
  readonly language: string;
  readonly translations: Readonly<Record<string, Translation>>;
  readonly dictionary: readonly DictionaryColumn[];
  readonly classification: Classification | null;
  readonly source: DataSource | null;
  readonly anonymisationReport: AnonymisationReport | null;
  /** Why the vendor is milder than the platform's proposal, field by field. */
  readonly deviationReasons: DeviationReasons;
  readonly createdAt: Date;
}
export type Revision = Readonly<RevisionRow>;

/** An asset with the places that it hangs on. */
export interface AssetRecord {
  readonly id: string;
  readonly revisionId: string;
  readonly datasetId: string;
  readonly productId: string;
  readonly vendorId: string;
  readonly fileName: string;
  readonly mediaType: string;
  readonly byteLength: bigint;
  readonly sha256: string;
  readonly state: 'AWAITING_UPLOAD' | 'STORED';
  readonly revisionState: RevisionState;
  readonly revisionNumber: number;
  /** Null: it was never handed out. */
  readonly releasedAt: Date | null;
  readonly revocationReason: string | null;
}

const ASSET = `select a.id, a.revision_id as "revisionId", r.dataset_id as "datasetId", d.product_id as "productId", a.vendor_id as "vendorId", a.file_name as "fileName", a.media_type as "mediaType",
  a.byte_length as "byteLength", a.sha256, a.state, r.state as "revisionState", r.number as "revisionNumber", r.released_at as "releasedAt", r.revocation_reason as "revocationReason"
  from catalog.asset a join catalog.revision r on r.id = a.revision_id join catalog.dataset d on d.id = r.dataset_id`;
export const DATASET_COLUMNS = `id, product_id as "productId", vendor_id as "vendorId", title, description, language, translations, dictionary, classification::text as classification, source, anonymisation_report as "anonymisationReport", deviation_reasons as "deviationReasons", created_at as "createdAt"`;
const DATASET = `select ${DATASET_COLUMNS} from catalog.dataset`;
const BY_ID = { name: 'catalog.asset-by-id', text: `${ASSET} where a.id = $1` };
const OF_PRODUCTS = { name: 'catalog.assets-of-products', text: `${ASSET} where d.product_id = any($1::uuid[]) order by d.id, r.number, a.file_name` };
const TO_TEST = {
  name: 'catalog.assets-to-test',
  text: `${ASSET} where d.product_id = $1 and r.state = 'FINALISED'
    and (r.test_passed is distinct from false or not exists (select 1 from catalog.revision l where l.dataset_id = r.dataset_id and l.state = 'FINALISED' and l.number > r.number)) order by d.id, r.number, a.file_name`,
};
const DATASETS = { name: 'catalog.datasets-of-products', text: `${DATASET} where product_id = any($1::uuid[]) order by id` };

type RawAsset = Omit<AssetRecord, 'byteLength'> & { byteLength: string };
export type RawDataset = Omit<Dataset, 'classification'> & { classification: string | null };

@Injectable()
export class DatasetRepository {
  constructor(private readonly database: Database) {}

  async insertDataset(tx: Tx, dataset: Dataset): Promise<void> {
    const { id, productId, vendorId, title, description, createdAt } = dataset;
    await tx.insert(DatasetRow, { id, productId, vendorId, title, description, classification: null, createdAt });
    await this.describe(tx, dataset);
  }

  /** Saves what the vendor says of a dataset of a draft. */
  async describe(tx: Tx, { id, title, description, language, translations, dictionary }: Dataset): Promise<void> {
    await tx.query('update catalog.dataset set title = $2, description = $3, language = $4, translations = $5::jsonb, dictionary = $6::jsonb where id = $1',
      [id, title, description, language, JSON.stringify(translations), JSON.stringify(dictionary)]);
  }

  /** With its draft revision; answers the assets that went with it. */
  async removeDataset(tx: Tx, id: string): Promise<string[]> {
    const [assets] = (await tx.query('delete from catalog.asset where revision_id in (select id from catalog.revision where dataset_id = $1) returning id', [id])) as [{ id: string }[], number];
    await tx.query('delete from catalog.revision where dataset_id = $1', [id]);
    await tx.query('delete from catalog.dataset where id = $1', [id]);
    return assets.map((a) => a.id);
  }

  async removeAsset(tx: Tx, id: string): Promise<void> {
    await tx.query('delete from catalog.asset where id = $1', [id]);
  }

  async countDatasets(tx: Tx, productId: string): Promise<number> {
    return tx.countBy(DatasetRow, { productId });
  }

  /** Saves what the vendor declares of a dataset. */
  async classify(tx: Tx, { id, classification, source, anonymisationReport, deviationReasons }: Dataset): Promise<void> {
    await tx.query(
      'update catalog.dataset set classification = $2::jsonb, source = $3::jsonb, anonymisation_report = $4::jsonb, deviation_reasons = $5::jsonb where id = $1',
      [id, classification && encodeJson(classification), source && JSON.stringify(source), anonymisationReport && JSON.stringify(anonymisationReport), JSON.stringify(deviationReasons)],
    );
  }

  async dataset(tx: Tx, id: string): Promise<Dataset | null> {
    const [row] = (await tx.query(`${DATASET} where id = $1`, [id])) as RawDataset[];
    return row ? toDataset(row) : null;
  }

  async datasets(tx: Tx, productId: string): Promise<Dataset[]> {
    return ((await tx.query(`${DATASET} where product_id = $1 order by id`, [productId])) as RawDataset[]).map(toDataset);
  }

  async insertRevision(tx: Tx, revision: Revision): Promise<void> {
    await tx.insert(RevisionRow, revision);
  }

  revisionsOf(tx: Tx, datasetId: string): Promise<Revision[]> {
    return tx.find(RevisionRow, { where: { datasetId }, order: { number: 'ASC' } });
  }

  revision(tx: Tx, id: string): Promise<Revision | null> {
    return tx.findOneBy(RevisionRow, { id });
  }

  async finalise(tx: Tx, id: string, closed: { readonly digest: string; readonly finalisedAt: Date; readonly dictionary: readonly DictionaryColumn[] | null }): Promise<void> {
    const { digest, finalisedAt, dictionary } = closed;
    await tx.query(`update catalog.revision set state = 'FINALISED', digest = $2, finalised_at = $3, dictionary = $4::jsonb where id = $1`, [id, digest, finalisedAt, dictionary && JSON.stringify(dictionary)]);
  }
  /** The dictionary that came with a revision. */
  async setDictionary(tx: Tx, id: string, dictionary: readonly DictionaryColumn[]): Promise<void> {
    await tx.query('update catalog.dataset set dictionary = $2::jsonb where id = $1', [id, JSON.stringify(dictionary)]);
  }

  async recordTest(tx: Tx, id: string, testPassed: boolean, findings: readonly string[], testedAt: Date): Promise<void> {
    await tx.update(RevisionRow, { id }, { testPassed, testFindings: [...findings], testedAt });
  }

  async release(tx: Tx, id: string, releasedAt: Date): Promise<void> {
    await tx.update(RevisionRow, { id }, { releasedAt });
  }

  async revoke(tx: Tx, { id, state, revokedAt, revocationReason }: Revision): Promise<void> {
    await tx.update(RevisionRow, { id }, { state, revokedAt, revocationReason });
  }

  async datasetOfRevision(tx: Tx, revisionId: string): Promise<Dataset | null> {
    const [row] = (await tx.query(`${DATASET} where id = (select dataset_id from catalog.revision where id = $1)`, [revisionId])) as RawDataset[];
    return row ? toDataset(row) : null;
  }

  /** Revisions of a dataset that passed their test and are not handed out yet. */
  waitingRevisions(tx: Tx, datasetId: string): Promise<Revision[]> {
    return tx.find(RevisionRow, { where: { datasetId, state: 'FINALISED', testPassed: true, releasedAt: IsNull() }, order: { number: 'ASC' } });
  }

  /** False when the revision has a file of this name. */
  async insertAsset(tx: Tx, asset: AssetRow): Promise<boolean> {
    const rows = (await tx.query(
      `insert into catalog.asset (id, revision_id, vendor_id, file_name, media_type, byte_length, sha256, state, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
       on conflict (revision_id, file_name) do nothing returning id`,
      [asset.id, asset.revisionId, asset.vendorId, asset.fileName, asset.mediaType, asset.byteLength, asset.sha256, asset.state, asset.createdAt],
    )) as unknown[];
    return rows.length === 1;
  }

  async asset(tx: Tx, id: string): Promise<AssetRecord | null> {
    const [row] = (await tx.query(`${ASSET} where a.id = $1`, [id])) as RawAsset[];
    return row ? toAsset(row) : null;
  }

  async assetsOfRevision(tx: Tx, revisionId: string): Promise<AssetRecord[]> {
    return ((await tx.query(`${ASSET} where a.revision_id = $1 order by a.file_name`, [revisionId])) as RawAsset[]).map(toAsset);
  }

  async setStored(tx: Tx, id: string): Promise<void> {
    await tx.update(AssetRow, { id }, { state: 'STORED' });
  }

  async assetById(id: string): Promise<AssetRecord | null> {
    const [row] = await this.database.query<RawAsset & Record<string, unknown>>(BY_ID, [id]);
    return row ? toAsset(row) : null;
  }

  async assetsOfProducts(ids: readonly string[]): Promise<AssetRecord[]> {
    return (await this.database.query<RawAsset & Record<string, unknown>>(OF_PRODUCTS, [ids])).map(toAsset);
  }

  /** Of the revisions that stand for their datasets (`standingRevisions`). */
  async assetsToTest(productId: string): Promise<AssetRecord[]> {
    return (await this.database.query<RawAsset & Record<string, unknown>>(TO_TEST, [productId])).map(toAsset);
  }

  async datasetsOfProducts(ids: readonly string[]): Promise<Dataset[]> {
    return (await this.database.query<RawDataset & Record<string, unknown>>(DATASETS, [ids])).map(toDataset);
  }
}

const toAsset = (row: RawAsset): AssetRecord => ({ ...row, byteLength: BigInt(row.byteLength) });
export const toDataset = <T extends RawDataset>(row: T): Omit<T, 'classification'> & Dataset => ({ ...row, classification: row.classification === null ? null : decodeJson<Classification>(row.classification) });
