import { Injectable } from '@nestjs/common';
import type { Tx } from '#shared';
import type { Freshness } from '../../domain/search/search-query.js';
import { IS_FOUND } from '../search/search.repository.js';

/** The days between which a newest revision is so fresh; null: any. */
export interface FreshDays {
  readonly freshness: Freshness;
  readonly since: string | null;
  readonly before: string | null;
}
/** What one saved search found and its organisation is to be told of. */
export interface Findings {
  readonly id: string;
  readonly organisationId: string;
  readonly name: string;
  readonly products: readonly { readonly id: string; readonly title: string }[];
}

// What rests waits until it is visible again.
const LOCK = `select q.product_id as id from catalog.product_to_match q join catalog.product p on p.id = q.product_id and p.state = 'LISTED' and p.vendor_state = 'VERIFIED' order by q.product_id limit $1 for update of q skip locked`;
const ASKED = ['s.query', 'f.since', 'f.before'] as const;
/**
 * The searches that find each of these products now and did not before, so many after the last: the ones that have their rarest lexeme in
 * common with it are asked the question of the search itself. A private product is held against those of the organisations that are named
 * alone; nobody is told of a product of his own. A product is done with where there were fewer, and goes on there with the next turn.
 * `offset 0`: they are looked up by that lexeme first, and not gone through in the sequence of the page.
 */
const MATCH = `
  with asked as materialized (
      select q.product_id, q.was_document, q.was_refreshed_on, q.was_ids, q.after_id, d.document, d.refreshed_on, d.vendor_id, d.audience_ids
      from catalog.product_to_match q
      cross join lateral (
        select document, refreshed_on, vendor_id, null::uuid[] as audience_ids from catalog.product_search where product_id = q.product_id
        union all select document, refreshed_on, vendor_id, audience_ids from catalog.product_aside where product_id = q.product_id and audience_ids is not null) d
      where q.product_id = any ($1::uuid[])),
    found as materialized (
      select a.product_id, m.id, m.organisation_id from asked a cross join lateral (
        select s.id, s.organisation_id
        from (select distinct n.saved_search_id as id from unnest(tsvector_to_array(a.document)) as l (lexeme) join catalog.saved_search_needle n on n.lexeme = l.lexeme offset 0) c join catalog.saved_search s on s.id = c.id
        left join jsonb_to_recordset($2::jsonb) as f (freshness text, since date, before date) on f.freshness = s.freshness
        where (a.after_id is null or s.id > a.after_id) and s.organisation_id <> a.vendor_id and (a.audience_ids is null or s.organisation_id = any (a.audience_ids))
          and ${IS_FOUND('a.document', 'a.refreshed_on', ASKED)}
          and not coalesce((a.was_ids is null or s.organisation_id = any (a.was_ids)) and ${IS_FOUND('a.was_document', 'a.was_refreshed_on', ASKED)}, false)
        order by s.id limit $4) m),
    kept as (insert into catalog.saved_search_match (saved_search_id, product_id, organisation_id, matched_at) select id, product_id, organisation_id, $3 from found order by id, product_id on conflict do nothing),
    turns as (select a.product_id, count(f.id) as n, (array_agg(f.id order by f.id desc))[1] as last from asked a left join found f on f.product_id = a.product_id group by a.product_id),
    done as (delete from catalog.product_to_match q using turns t where q.product_id = t.product_id and t.n < $4)
  update catalog.product_to_match q set after_id = t.last from turns t where q.product_id = t.product_id and t.n = $4`;
const VISIBLE = `p.state = 'LISTED' and p.vendor_state = 'VERIFIED' and (p.audience = 'PUBLIC' or m.organisation_id = any (p.audience_ids))`;
const DUE = `
  with untold as materialized (select distinct m.saved_search_id as id from catalog.saved_search_match m join catalog.product p on p.id = m.product_id where m.told_at is null and ${VISIBLE})
  select s.id from untold u join catalog.saved_search s on s.id = u.id where s.last_notified_at is null or s.last_notified_at <= $1 order by s.id limit $2 for no key update of s skip locked`;
const TELL = `
  with due as (
      select * from (
        select m.saved_search_id, m.product_id, p.title, row_number() over (partition by m.saved_search_id order by m.matched_at, m.product_id) as place
        from catalog.saved_search_match m join catalog.product p on p.id = m.product_id where m.saved_search_id = any ($1::uuid[]) and m.told_at is null and ${VISIBLE}) d where place <= $3),
    told as (update catalog.saved_search_match m set told_at = $2 from due d where m.saved_search_id = d.saved_search_id and m.product_id = d.product_id),
    of as (select saved_search_id, count(*)::int as n, jsonb_agg(jsonb_build_object('id', product_id, 'title', title) order by place) as products from due group by saved_search_id),
    counted as (update catalog.saved_search s set matches = s.matches + o.n, last_notified_at = $2 from of o where s.id = o.saved_search_id returning s.id, s.organisation_id as "organisationId", s.name, o.products)
  select * from counted order by id`;

/** Holds what changed against the searches that are kept. */
@Injectable()
export class MatchRepository {
  /** Visible products that nobody else looks at, so many at the most. */
  async next(tx: Tx, limit: number): Promise<string[]> {
    return ((await tx.query(LOCK, [limit])) as { id: string }[]).map((r) => r.id);
  }

  /** Notes the next searches that find them, so many of each at the most. What is suspended at this moment waits. */
  async match(tx: Tx, productIds: readonly string[], days: readonly FreshDays[], now: Date, limit: number): Promise<void> {
    await tx.query(MATCH, [productIds, JSON.stringify(days), now, limit]);
  }

  /** Searches, held, that found something their organisations were not told of and that were quiet since then, so many at the most. */
  async due(tx: Tx, quietSince: Date, limit: number): Promise<string[]> {
    return ((await tx.query(DUE, [quietSince, limit])) as { id: string }[]).map((r) => r.id);
  }

  /** Marks what they found as told, so many of each at the most, counts it, and answers it. */
  async take(tx: Tx, savedSearchIds: readonly string[], now: Date, limit: number): Promise<Findings[]> {
    return (await tx.query(TELL, [savedSearchIds, now, limit])) as Findings[];
  }
}
