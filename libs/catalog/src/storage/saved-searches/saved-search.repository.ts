import { Injectable } from '@nestjs/common';
import { ADVISORY_LOCKS, Database, type Page, type PageRequest, toPage, type Tx } from '#shared';
import type { SavedSearch } from '../../domain/saved-searches/saved-search.js';
import type { ProductSummary } from '../product.repository.js';

/** How the search asks documents for it. */
export interface SavedQuery {
  readonly query: string;
  readonly needles: readonly string[];
}

const COLUMNS = `id, organisation_id as "organisationId", name, request as criteria, matches, matches - read_matches as "newMatches", last_notified_at as "lastNotifiedAt", created_at as "createdAt"`;
const PAGE = { name: 'catalog.saved-searches', text: `select ${COLUMNS} from catalog.saved_search where organisation_id = $1 and ($2::uuid is null or id < $2) order by id desc limit $3` };
const BY_ID = { name: 'catalog.saved-search', text: `select ${COLUMNS} from catalog.saved_search where id = $1` };
// What was told of, as far as it is to be seen now.
const MATCHES = {
  name: 'catalog.saved-search-matches',
  text: `select p.id, p.title, p.description, p.language, p.translations, p.themes, p.state, p.listed_at as "listedAt", p.vendor_id as "vendorId", p.vendor_name as "vendorName", p.vendor_jurisdiction as "vendorJurisdiction", m.told_at as "toldAt"
    from catalog.saved_search_match m join catalog.product p on p.id = m.product_id
    where m.saved_search_id = $1 and m.told_at is not null and p.state = 'LISTED' and p.vendor_state = 'VERIFIED' and (p.audience = 'PUBLIC' or m.organisation_id = any (p.audience_ids))
      and ($2::timestamptz is null or (m.told_at, m.product_id) < ($2, $3::uuid)) order by m.told_at desc, m.product_id desc limit $4`,
};
type Row = SavedSearch & Record<string, unknown>;
type MatchRow = ProductSummary & { readonly toldAt: Date } & Record<string, unknown>;

@Injectable()
export class SavedSearchRepository {
  constructor(private readonly database: Database) {}

  /** How many an organisation keeps; nobody saves another one for it until the transaction ends. */
  async count(tx: Tx, organisationId: string): Promise<number> {
    await tx.query('select pg_advisory_xact_lock($1, hashtext($2))', [ADVISORY_LOCKS.savedSearches, organisationId]);
    const [row] = (await tx.query('select count(*)::int as n from catalog.saved_search where organisation_id = $1', [organisationId])) as [{ n: number }];
    return row.n;
  }

  async insert(tx: Tx, { id, organisationId, name, criteria, createdAt }: SavedSearch, { query, needles }: SavedQuery): Promise<void> {
    await tx.query('insert into catalog.saved_search (id, organisation_id, name, request, query, freshness, created_at) values ($1, $2, $3, $4, $5, $6, $7)',
      [id, organisationId, name, JSON.stringify(criteria), query, criteria.freshness, createdAt]);
    await tx.query('insert into catalog.saved_search_needle (lexeme, saved_search_id, organisation_id) select lexeme, $1, $2 from unnest($3::text[]) as lexeme', [id, organisationId, needles]);
  }

  async lock(tx: Tx, id: string): Promise<SavedSearch | null> {
    return ((await tx.query(`select ${COLUMNS} from catalog.saved_search where id = $1 for no key update`, [id])) as SavedSearch[])[0] ?? null;
  }
  async rename(tx: Tx, id: string, name: string): Promise<void> {
    await tx.query('update catalog.saved_search set name = $2 where id = $1', [id, name]);
  }
  async markRead(tx: Tx, id: string): Promise<void> {
    await tx.query('update catalog.saved_search set read_matches = matches where id = $1', [id]);
  }
  async delete(tx: Tx, id: string): Promise<void> {
    await tx.query('delete from catalog.saved_search where id = $1', [id]);
  }

  async page(organisationId: string, request: PageRequest): Promise<Page<SavedSearch>> {
    return toPage(await this.database.query<Row>(PAGE, [organisationId, request.after?.[0] ?? null, request.first + 1]), request, (s) => [s.id]);
  }
  async find(id: string): Promise<SavedSearch | null> {
    return (await this.database.query<Row>(BY_ID, [id]))[0] ?? null;
  }
  /** Products that it found and that can be opened now, latest told first. */
  async matches(id: string, request: PageRequest): Promise<Page<ProductSummary>> {
    const [toldAt, productId] = request.after ?? [null, null];
    return toPage(await this.database.query<MatchRow>(MATCHES, [id, toldAt, productId, request.first + 1]), request, (m) => [m.toldAt.toISOString(), m.id]);
  }
}
