import { Injectable } from '@nestjs/common';
import { Database, type Page, type PageRequest, type Statement, toPage, type Tx } from '#shared';
import { OfferRow } from './contracts.entities.js';

export type Offer = Readonly<OfferRow>;
/** What a list of products shows of an offer. */
export type OfferLine = Pick<Offer, 'id' | 'productId' | 'vendorId' | 'title' | 'plans' | 'audience' | 'state'>;
type StoredJson = Omit<Stored, 'opensAt' | 'supersededAt' | 'validUntil' | 'createdAt'> & Readonly<Record<'opensAt' | 'supersededAt' | 'validUntil', string | null>> & { readonly createdAt: string };
type Stored = Omit<Offer, 'entryMinor'> & { readonly entryMinor: string } & Record<string, unknown>;

interface Listed<T> extends Record<string, unknown> {
  readonly offers: T[] | null;
}

const OFFER = `id, product_id as "productId", vendor_id as "vendorId", title, plans, entry_minor as "entryMinor", audience, audience_ids as "audienceIds", opens_at as "opensAt", supersedes_id as "supersedesId",
  superseded_at as "supersededAt", purposes, destinations, terms, signatory, co_signatory as "coSignatory", state, valid_until as "validUntil", created_at as "createdAt"`;
const OPEN = `state = 'ACTIVE' and (opens_at is null or opens_at <= $2) and (valid_until is null or valid_until > $2) and (superseded_at is null or superseded_at > $2)`;
const TEXTS = OFFER.replace('entry_minor', 'entry_minor::text');
const LINE = `id, product_id as "productId", vendor_id as "vendorId", title, plans, audience, state`;
const CHEAPEST = `from contracts.offer where product_id = p.id and audience = 'PUBLIC' and ${OPEN} order by entry_minor, id limit 10`;
const NEWEST_TO = `from contracts.offer where product_id = p.id and audience = 'NAMED' and $3::uuid = any(audience_ids) and ${OPEN} order by id desc limit 10`;
// They are on every list of products, so they come as one JSON text: read at once, where the driver would read three hundred values one by one.
const OF_PRODUCTS: Statement = {
  name: 'contracts.offers-of-products', public: true,
  text: `select json_agg(to_json(o)) as offers from unnest($1::uuid[]) as p (id) cross join lateral (select ${TEXTS} ${CHEAPEST}) o`,
};
const OF_PRODUCTS_TO: Statement = {
  name: 'contracts.offers-of-products-to',
  text: `select json_agg(to_json(o)) as offers from unnest($1::uuid[]) as p (id) cross join lateral ((select ${TEXTS} ${CHEAPEST}) union all (select ${TEXTS} ${NEWEST_TO})) o`,
};
const LINES_OF_PRODUCTS: Statement = {
  name: 'contracts.offer-lines-of-products', public: true,
  text: `select json_agg(to_json(o)) as offers from unnest($1::uuid[]) as p (id) cross join lateral (select ${LINE} ${CHEAPEST}) o`,
};
const LINES_OF_PRODUCTS_TO: Statement = {
  name: 'contracts.offer-lines-of-products-to',
  text: `select json_agg(to_json(o)) as offers from unnest($1::uuid[]) as p (id) cross join lateral ((select ${LINE} ${CHEAPEST}) union all (select ${LINE} ${NEWEST_TO})) o`,
};
const BY_ID: Statement = { name: 'contracts.offer', text: `select ${OFFER} from contracts.offer where id = $1` };
const OF_VENDOR: Statement = {
  name: 'contracts.offers-of-vendor',
  text: `select ${OFFER} from contracts.offer where vendor_id = $1 and ($2::text is null or state = $2) and ($3::uuid is null or product_id = $3) and ($4::uuid is null or id < $4) order by id desc limit $5`,
};
const MADE_TO: Statement = {
  name: 'contracts.offers-made-to',
  text: `select ${OFFER} from contracts.offer where audience = 'NAMED' and audience_ids @> array[$1::uuid] and ${OPEN} and ($3::uuid is null or id < $3) and ($5::uuid is null or product_id = $5) and ($6::uuid is null or vendor_id = $6) order by id desc limit $4`,
};

const CLOCKS_DUE: Statement = { name: 'contracts.offer-clocks-due', text: 'select product_id as "productId", vendor_id as "vendorId" from contracts.offer_clock where next_at <= $1 order by next_at limit $2' };
/** Of one offer after the other, and of one product at a time: more than any price list has. */
const MOST_CHANGES = 100;
const MOST_OFFERS = 1_000;

@Injectable()
export class OfferRepository {
  constructor(private readonly database: Database) {}

  async insert(tx: Tx, offer: Offer): Promise<void> {
    await tx.insert(OfferRow, offer as OfferRow);
  }
  lock(tx: Tx, id: string): Promise<Offer | null> {
    return tx.findOne(OfferRow, { where: { id }, lock: { mode: 'for_no_key_update' } });
  }
  /** Holds the offer against withdrawal; any number of orders may hold it at once. */
  share(tx: Tx, id: string): Promise<Offer | null> {
    return tx.findOne(OfferRow, { where: { id }, lock: { mode: 'pessimistic_read' } });
  }
  /** From this instant on another offer takes the orders. */
  async supersede(tx: Tx, id: string, supersededAt: Date): Promise<void> {
    await tx.update(OfferRow, { id }, { supersededAt });
  }
  /** An offer and those whose prices it changed, the newest first. */
  async lineage(tx: Tx, id: string): Promise<Offer[]> {
    const rows = (await tx.query(
      `with recursive line as (select o.*, 1 as depth from contracts.offer o where id = $1 union all select o.*, depth + 1 from contracts.offer o join line on line.supersedes_id = o.id where depth < $2)
       select ${OFFER} from line order by depth`, [id, MOST_CHANGES],
    )) as Stored[];
    return rows.map(toOffer);
  }
  /** Public offers of a product that take orders now, or will. */
  async publicOf(tx: Tx, productId: string, now: Date): Promise<Offer[]> {
    const rows = (await tx.query(
      `select ${OFFER} from contracts.offer where product_id = $1 and state = 'ACTIVE' and audience = 'PUBLIC' and (valid_until is null or valid_until > $2) and (superseded_at is null or superseded_at > $2) order by id desc limit $3`, [productId, now, MOST_OFFERS],
    )) as Stored[];
    return rows.map(toOffer);
  }
  /** Acts on the offers of a product go one after the other. */
  async lockClock(tx: Tx, productId: string, vendorId: string): Promise<void> {
    await tx.query('insert into contracts.offer_clock (product_id, vendor_id) values ($1, $2) on conflict (product_id) do update set vendor_id = excluded.vendor_id', [productId, vendorId]);
  }
  async setClock(tx: Tx, productId: string, nextAt: Date | null): Promise<void> {
    await tx.query('update contracts.offer_clock set next_at = $2 where product_id = $1', [productId, nextAt]);
  }
  clocksDue(now: Date, limit: number): Promise<{ readonly productId: string; readonly vendorId: string }[]> {
    return this.database.query(CLOCKS_DUE, [now, limit]);
  }
  async move(tx: Tx, { id, state, coSignatory }: Pick<Offer, 'id' | 'state' | 'coSignatory'>): Promise<void> {
    await tx.update(OfferRow, { id }, { state, coSignatory: coSignatory as OfferRow['coSignatory'] });
  }

  async byId(id: string): Promise<Offer | null> {
    return (await this.read(BY_ID, [id]))[0] ?? null;
  }
  /** Those that can be taken now: the cheapest ten of each product that are for everybody, and with them the newest ten that are made to this organisation by name. */
  async ofProducts(productIds: readonly string[], now: Date, organisationId: string | null): Promise<Offer[]> {
    return (await this.listed<StoredJson>(organisationId === null ? OF_PRODUCTS : OF_PRODUCTS_TO, productIds, now, organisationId)).map(fromJson);
  }
  /** The same offers, as far as a list of products shows them: half the work. */
  linesOfProducts(productIds: readonly string[], now: Date, organisationId: string | null): Promise<readonly OfferLine[]> {
    return this.listed(organisationId === null ? LINES_OF_PRODUCTS : LINES_OF_PRODUCTS_TO, productIds, now, organisationId);
  }
  async ofVendor(vendorId: string, filter: { readonly state: string | null; readonly productId: string | null }, request: PageRequest): Promise<Page<Offer>> {
    return toPage(await this.read(OF_VENDOR, [vendorId, filter.state, filter.productId, request.after?.[0] ?? null, request.first + 1]), request, (o) => [o.id]);
  }
  async madeTo(organisationId: string, now: Date, filter: { readonly productId: string | null; readonly vendorId: string | null }, request: PageRequest): Promise<Page<Offer>> {
    return toPage(await this.read(MADE_TO, [organisationId, now, request.after?.[0] ?? null, request.first + 1, filter.productId, filter.vendorId]), request, (o) => [o.id]);
  }

  private async listed<T>(statement: Statement, productIds: readonly string[], now: Date, organisationId: string | null): Promise<readonly T[]> {
    const [row] = await this.database.query<Listed<T>>(statement, organisationId === null ? [productIds, now] : [productIds, now, organisationId]);
    return row!.offers ?? [];
  }
  private async read(statement: Statement, values: readonly unknown[]): Promise<Offer[]> {
    return (await this.database.query<Stored>(statement, values)).map(toOffer);
  }
}

const date = (text: string | null): Date | null => (text === null ? null : new Date(text));
const fromJson = ({ opensAt, supersededAt, validUntil, createdAt, ...row }: StoredJson): Offer =>
  toOffer({ ...row, opensAt: date(opensAt), supersededAt: date(supersededAt), validUntil: date(validUntil), createdAt: new Date(createdAt) } as unknown as Stored);
const toOffer = (row: Stored): Offer => ({ ...row, entryMinor: BigInt(row.entryMinor) });
