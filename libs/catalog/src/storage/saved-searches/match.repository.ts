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
const LOCK = `select q.product_id as id from catalog.product_to_match q join catalog.product p on p.id = q.product_id and p.state = 'LISTED' and p.vendor_state = 'VERIFIED' order by q.product_id limit 1 for update of q skip locked`;
const ASKED = ['s.query', 'f.since', 'f.before'] as const;
/**
 * The searches that find a product now and did not before, so many after the last: the ones that have their rarest lexeme in common with
 * it are asked the question of the search itself. A private product is held against those of the organisations that are named alone;
 * nobody is told of a product of his own.
 */
const MATCH = `
  with asked as (
      select q.product_id, q.was_document, q.was_refreshed_on, q.was_ids, q.after_id, d.document, d.refreshed_on, d.vendor_id, d.audience_ids
      from catalog.product_to_match q
      cross join lateral (
        select document, refreshed_on, vendor_id, null::uuid[] as audience_ids from catalog.product_search where product_id = q.product_id
        union all select document, refreshed_on, vendor_id, audience_ids from catalog.product_aside where product_id = q.product_id and audience_ids is not null) d
      where q.product_id = $1),
    found as materialized (
      select s.id, s.organisation_id from asked a join catalog.saved_search s on s.needles && tsvector_to_array(a.document)
      left join jsonb_to_recordset($2::jsonb) as f (freshness text, since date, before date) on f.freshness = s.freshness
      where (a.after_id is null or s.id > a.after_id) and s.organisation_id <> a.vendor_id and (a.audience_ids is null or s.organisation_id = any (a.audience_ids))
        and ${IS_FOUND('a.document', 'a.refreshed_on', ASKED)}
        and not coalesce((a.was_ids is null or s.organisation_id = any (a.was_ids)) and ${IS_FOUND('a.was_document', 'a.was_refreshed_on', ASKED)}, false)
      order by s.id limit $4),
    kept as (insert into catalog.saved_search_match (saved_search_id, product_id, organisation_id, matched_at) select id, $1, organisation_id, $3 from found on conflict do nothing)
  select count(*)::int as n, (select id from found order by id desc limit 1) as last, exists (select 1 from asked) as visible from found`;
const VISIBLE = `p.state = 'LISTED' and p.vendor_state = 'VERIFIED' and (p.audience = 'PUBLIC' or m.organisation_id = any (p.audience_ids))`;
const DUE = `
  select s.id from catalog.saved_search s where (s.last_notified_at is null or s.last_notified_at <= $1)
    and s.id in (select m.saved_search_id from catalog.saved_search_match m join catalog.product p on p.id = m.product_id where m.told_at is null and ${VISIBLE})
  order by s.id limit 1 for no key update of s skip locked`;
const TELL = `
  with due as (select m.product_id, p.title from catalog.saved_search_match m join catalog.product p on p.id = m.product_id where m.saved_search_id = $1 and m.told_at is null and ${VISIBLE} order by m.matched_at, m.product_id limit $3),
    told as (update catalog.saved_search_match m set told_at = $2 from due where m.saved_search_id = $1 and m.product_id = due.product_id),
    counted as (update catalog.saved_search set matches = matches + (select count(*) from due)::int, last_notified_at = $2 where id = $1 returning id, organisation_id as "organisationId", name)
  select c.*, (select jsonb_agg(jsonb_build_object('id', product_id, 'title', title)) from due) as products from counted c`;

/** Holds what changed against the searches that are kept. */
@Injectable()
export class MatchRepository {
  /** A product that nobody else looks at; null: there is none. */
  async next(tx: Tx): Promise<string | null> {
    return ((await tx.query(LOCK)) as { id: string }[])[0]?.id ?? null;
  }

  /** Notes the next searches that find it, at most so many, and where to go on; afterwards it is done with where they were fewer. */
  async match(tx: Tx, productId: string, days: readonly FreshDays[], now: Date, limit: number): Promise<void> {
    const [{ n, last, visible }] = (await tx.query(MATCH, [productId, JSON.stringify(days), now, limit])) as [{ n: number; last: string | null; visible: boolean }];
    // Suspended at this moment: it waits.
    if (!visible) return;
    if (n < limit) await tx.query('delete from catalog.product_to_match where product_id = $1', [productId]);
    else await tx.query('update catalog.product_to_match set after_id = $2 where product_id = $1', [productId, last]);
  }

  /** A search, held, that found something its organisation was not told of and that was quiet since then; null: there is none. */
  async due(tx: Tx, quietSince: Date): Promise<string | null> {
    return ((await tx.query(DUE, [quietSince])) as { id: string }[])[0]?.id ?? null;
  }

  /** Marks what it found as told, at most so many, counts it, and answers it. */
  async take(tx: Tx, savedSearchId: string, now: Date, limit: number): Promise<Findings> {
    return ((await tx.query(TELL, [savedSearchId, now, limit])) as [Findings])[0];
  }
}
