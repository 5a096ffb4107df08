import { Injectable } from '@nestjs/common';
import { Database, type Page, type PageRequest, type Statement, toPage, type Tx } from '#shared';
import { searchWords, wordsOf } from '../domain/search/search-text.js';
import type { Translation } from '../domain/content/texts.js';
import type { GateStep, ProductState } from '../domain/listing-gate.js';
import { columnsOf, contentOf } from '../domain/content/edit-content.js';
import type { Audience } from '../domain/search/audience.js';
import { GateRecordRow, ProductRow } from './catalog.entities.js';

export type Product = Readonly<ProductRow>;
export type GateRecord = Readonly<GateRecordRow>;

/** A line of the product list: what a buyer sees before he opens it. */
export interface ProductSummary {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly language: string;
  readonly translations: Readonly<Record<string, Translation>>;
  readonly themes: readonly string[];
  readonly state: ProductState;
  readonly listedAt: Date | null;
  readonly vendorId: string;
  readonly vendorName: string;
  readonly vendorJurisdiction: string;
}

/** What another product names: shown to whoever may see it. */
export interface NamedProduct extends ProductSummary, Audience {
  readonly vendorState: string;
}
export interface ProductPage extends Product {
  readonly relatedProducts: readonly NamedProduct[];
  /** Findings of the gate, the oldest first, as far as the reader's policies let him see them. */
  readonly gateRecords: readonly GateRecord[];
}

const SUMMARY = `id, title, description, language, translations, themes, state, listed_at as "listedAt", vendor_id as "vendorId", vendor_name as "vendorName", vendor_jurisdiction as "vendorJurisdiction"`;
const CONTENT = `languages, keywords, spatial, temporal_start::text as "temporalStart", temporal_end::text as "temporalEnd", frequency, data_languages as "dataLanguages", publisher, contact, conforms_to as "conformsTo", related, scenario`;
const FULL = `${SUMMARY}, ${CONTENT}, audience, audience_ids as "audienceIds", price_models as "priceModels", vendor_state as "vendorState", exporter_is_ciio as "exporterIsCIIO", exporter_has_prc_entity as "exporterHasPRCEntity", exporter_zone as "exporterZone", exporter_in_gba as "exporterInGBA", submission, gate_version as "gateVersion",
  demanded_steps as "demandedSteps", completed_steps as "completedSteps", opinion_valid_until as "opinionValidUntil", notice_ends_at as "noticeEndsAt",
  certificate_number as "certificateNumber", certificate_valid_until as "certificateValidUntil", suspended_by as "suspendedBy", suspension_reason as "suspensionReason", created_at as "createdAt"`;
// As one JSON text, which is read at once: the driver would read each value by itself.
const LIST: Statement = { name: 'catalog.list', public: true, text: `select json_agg(p) as page from (select ${SUMMARY} from catalog.listed_product where ($1::timestamptz is null or (listed_at, id) < ($1, $2::uuid)) order by listed_at desc, id desc limit $3) p` };
const FOR_ORGANISATION = {
  name: 'catalog.for-organisation',
  text: `select ${SUMMARY} from catalog.product where state = 'LISTED' and vendor_state = 'VERIFIED' and audience = 'NAMED' and audience_ids @> array[$1::uuid] and ($2::uuid is null or id > $2) and ($4::uuid is null or vendor_id = $4) order by id limit $3`,
};
const OF_VENDOR = { name: 'catalog.of-vendor', text: `select ${SUMMARY} from catalog.product where vendor_id = $1 and ($2::uuid is null or id > $2) and ($4::text is null or state = $4) order by id limit $3` };
const IN_STATE = { name: 'catalog.in-state', text: `select ${SUMMARY} from catalog.product where state = $1 and ($2::uuid is null or id > $2) order by id limit $3` };
const BY_IDS = { name: 'catalog.by-ids', text: `select ${FULL} from catalog.product where id = any($1::uuid[])` };
const RECORD = `r.id, r.product_id as "productId", r.submission, r.step, r.passed, r.recorded_by as "recordedBy", r.details, r.valid_until as "validUntil", r.recorded_at as "recordedAt", r.renewal`;
// A product's page: with the gate's findings and what is said of the products that it names, as far as the reader's policies let him see their rows.
const PAGE = {
  name: 'catalog.product-page',
  text: `select ${FULL}, (select coalesce(jsonb_agg(to_jsonb(o)), '[]') from (
      select r.id, r.title, r.description, r.language, r.translations, r.themes, r.state, r.listed_at as "listedAt", r.vendor_id as "vendorId", r.vendor_name as "vendorName", r.vendor_jurisdiction as "vendorJurisdiction", r.vendor_state as "vendorState", r.audience, r.audience_ids as "audienceIds"
      from catalog.product r where r.id = any(p.related) order by r.id) o) as "relatedProducts",
      (select coalesce(jsonb_agg(to_jsonb(g) order by g.submission, g."recordedAt"), '[]') from (select ${RECORD} from catalog.gate_record r where r.product_id = p.id) g) as "gateRecords"
    from catalog.product p where id = any($1::uuid[])`,
};
const VISIBLE = `select id from catalog.product where id = any($2::uuid[]) and (vendor_id = $1 or (state = 'LISTED' and vendor_state = 'VERIFIED' and (audience = 'PUBLIC' or $1 = any (audience_ids))))`;
const OF_DATASET = { name: 'catalog.product-of-dataset', text: `select p.id, p.state, p.vendor_state as "vendorState", p.vendor_id as "vendorId", p.audience, p.audience_ids as "audienceIds" from catalog.product p where p.id = (select product_id from catalog.dataset where id = $1)` };
const PAPERS = `least(coalesce(opinion_valid_until, 'infinity'), certificate_valid_until)`;
const LAPSED = { name: 'catalog.lapsed-papers', text: `select id from catalog.product where state = 'LISTED' and ${PAPERS} <= $1 order by ${PAPERS} limit $2` };
const RENEWED = { name: 'catalog.renewed-papers', text: `select id from catalog.product where suspended_by = 'LAPSE' and ${PAPERS} > $1 order by id limit $2` };
const RECORDS = { name: 'catalog.gate-records', text: `select ${RECORD} from catalog.gate_record r where r.product_id = $1 order by r.submission, r.recorded_at` };

@Injectable()
export class ProductRepository {
  constructor(private readonly database: Database) {}

  async insert(tx: Tx, product: Product): Promise<void> {
    await tx.insert(ProductRow, product);
    await this.index(tx, product);
  }

  /** Saves what the vendor says of a draft. */
  async describe(tx: Tx, product: Product): Promise<void> {
    const { exporterIsCIIO, exporterHasPRCEntity, exporterZone, exporterInGBA } = product;
    await tx.update(ProductRow, { id: product.id }, { ...columnsOf(contentOf(product)), exporterIsCIIO, exporterHasPRCEntity, exporterZone, exporterInGBA });
    await this.index(tx, product);
  }

  /** Its words as they are looked for: those of the titles weigh most, then keywords and themes, then the rest, in every language. */
  private async index(tx: Tx, product: Product): Promise<void> {
    const { titles, keywords, descriptions } = wordsOf(product);
    await tx.query(
      `with words as (select setweight(to_tsvector('simple', $2), 'A') || setweight(to_tsvector('simple', $3), 'B') || setweight(to_tsvector('simple', $4), 'C') || setweight(to_tsvector('simple', $5), 'D') as document)
       update catalog.product set search = words.document from words where id = $1`, [product.id, titles, keywords, descriptions, searchWords(product.vendorName)],
    );
  }

  /** Those of these products that this vendor may name: his own, and what is listed. */
  async visibleIds(tx: Tx, vendorId: string, ids: readonly string[]): Promise<Set<string>> {
    return new Set(((await tx.query(VISIBLE, [vendorId, ids])) as { id: string }[]).map((r) => r.id));
  }

  lock(tx: Tx, id: string): Promise<Product | null> {
    return tx.findOne(ProductRow, { where: { id }, lock: { mode: 'for_no_key_update' } });
  }

  async update(tx: Tx, id: string, change: Partial<ProductRow>): Promise<void> {
    await tx.update(ProductRow, { id }, change);
  }

  /** Adds a finding of the gate; false when this step of this submission was recorded before. */
  async record(tx: Tx, record: GateRecord): Promise<boolean> {
    const rows = (await tx.query(
      `insert into catalog.gate_record (id, product_id, submission, step, passed, recorded_by, details, valid_until, recorded_at, renewal) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
       on conflict (product_id, submission, step, renewal) do nothing returning id`,
      [record.id, record.productId, record.submission, record.step, record.passed, record.recordedBy, JSON.stringify(record.details), record.validUntil, record.recordedAt, record.renewal],
    )) as unknown[];
    return rows.length === 1;
  }

  /** Who recorded the newest finding of a step. */
  async recordedBy(tx: Tx, productId: string, submission: number, step: GateStep): Promise<string | null> {
    return (await tx.findOne(GateRecordRow, { where: { productId, submission, step }, order: { renewal: 'DESC' } }))?.recordedBy ?? null;
  }

  /** How often a step of this submission is on record. */
  renewals(tx: Tx, productId: string, submission: number, step: GateStep): Promise<number> {
    return tx.countBy(GateRecordRow, { productId, submission, step });
  }

  /** Listed products whose opinion or certificate is over. */
  lapsed(now: Date, limit: number): Promise<string[]> {
    return this.ids(LAPSED, [now, limit]);
  }
  /** Those that were suspended for it and whose papers are good again. */
  renewed(now: Date, limit: number): Promise<string[]> {
    return this.ids(RENEWED, [now, limit]);
  }

  async renameVendor(tx: Tx, vendor: { id: string; name: string; jurisdiction: string; state: string }): Promise<void> {
    await tx.query(
      `update catalog.product set vendor_name = $2, vendor_jurisdiction = $3, vendor_state = $4,
         search = case when vendor_name = $2 then search else ts_filter(search, '{a,b,c}') || setweight(to_tsvector('simple', $5), 'D') end where vendor_id = $1`,
      [vendor.id, vendor.name, vendor.jurisdiction, vendor.state, searchWords(vendor.name)],
    );
  }

  async listed(request: PageRequest): Promise<Page<ProductSummary>> {
    const [at, id] = request.after ?? [null, null];
    const [row] = await this.rows<{ readonly page: readonly ProductSummary[] | null }>(LIST, [at, id, request.first + 1]);
    return toPage((row!.page ?? []).map(fromJson), request, (p) => [p.listedAt!.toISOString(), p.id]);
  }

  async forOrganisation(organisationId: string | null, vendorId: string | null, request: PageRequest): Promise<Page<ProductSummary>> {
    return toPage(await this.rows<ProductSummary>(FOR_ORGANISATION, [organisationId, request.after?.[0] ?? null, request.first + 1, vendorId]), request, (p) => [p.id]);
  }

  async ofVendor(vendorId: string, state: ProductState | null, request: PageRequest): Promise<Page<ProductSummary>> {
    return toPage(await this.rows<ProductSummary>(OF_VENDOR, [vendorId, request.after?.[0] ?? null, request.first + 1, state]), request, (p) => [p.id]);
  }

  async inState(state: ProductState, request: PageRequest): Promise<Page<ProductSummary>> {
    return toPage(await this.rows<ProductSummary>(IN_STATE, [state, request.after?.[0] ?? null, request.first + 1]), request, (p) => [p.id]);
  }

  async byIds(ids: readonly string[]): Promise<Map<string, Product>> {
    return byId(await this.rows<Product & { certificateNumber: string | null }>(BY_IDS, [ids]));
  }

  /** With the products that each of them names. */
  async pages(ids: readonly string[]): Promise<Map<string, ProductPage>> {
    const rows = await this.rows<ProductPage & { certificateNumber: string | null }>(PAGE, [ids]);
    return byId(rows.map((r) => ({
      ...r, relatedProducts: r.relatedProducts.map(fromJson),
      gateRecords: r.gateRecords.map((g) => ({ ...g, validUntil: date(g.validUntil), recordedAt: date(g.recordedAt) })),
    })));
  }

  /** The product of a dataset. */
  async ofDataset(datasetId: string): Promise<Pick<Product, 'id' | 'state' | 'vendorState' | 'vendorId' | 'audience' | 'audienceIds'> | null> {
    return (await this.rows<Product>(OF_DATASET, [datasetId]))[0] ?? null;
  }

  records(productId: string): Promise<GateRecord[]> {
    return this.rows<GateRecord>(RECORDS, [productId]);
  }

  private async ids(statement: Statement, values: readonly unknown[]): Promise<string[]> {
    return (await this.rows<{ id: string }>(statement, values)).map((r) => r.id);
  }

  private async rows<T>(statement: Statement, values: readonly unknown[]): Promise<T[]> {
    return (await this.database.query(statement, values)) as T[];
  }
}

const date = <T extends Date | null>(text: T): T => (text === null ? null : new Date(text)) as T;
/** What came in JSON has a text where its date belongs. */
const fromJson = <T extends ProductSummary>(product: T): T => ({ ...product, listedAt: date(product.listedAt) });
const byId = <T extends { readonly id: string; readonly certificateNumber: string | null }>(rows: readonly T[]): Map<string, Omit<T, 'certificateNumber'> & { readonly certificateNumber: bigint | null }> =>
  new Map(rows.map((r) => [r.id, { ...r, certificateNumber: r.certificateNumber === null ? null : BigInt(r.certificateNumber) }]));
