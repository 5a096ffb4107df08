import { Injectable } from '@nestjs/common';
import { Database, type Statement } from '#shared';
import { FRESH_DAYS, type Facet, FACETS, type Look, type Sort } from '../../domain/search/search-query.js';
import type { ProductSummary } from '../product.repository.js';

/** One page to look for among the newest that match. */
export interface SearchWindow {
  readonly look: Look;
  /** Of the words alone, for the ranking; null: none. */
  readonly ranking: string | null;
  /** Only products listed after this one and up to that one. */
  readonly above: bigint;
  readonly upTo: bigint;
  /** The stretches of the listing order that hold them, where those are asked of the index; null: it walks the order itself. */
  readonly stretches: readonly bigint[] | null;
  readonly refreshedSince: string | null;
  readonly refreshedBefore: string | null;
  /** So many are ranked and counted at the most. */
  readonly candidates: number;
  readonly sort: Sort;
  readonly after: readonly [rank: bigint, seq: bigint] | null;
  readonly first: number;
  readonly facets: readonly Facet[];
}
export interface FoundProduct extends ProductSummary {
  readonly rank: bigint;
  readonly seq: bigint;
}
export interface FacetCount {
  readonly facet: Facet;
  readonly value: string;
  readonly count: number;
}
export interface SearchAnswer {
  readonly matched: number;
  readonly products: readonly FoundProduct[];
  readonly counts: readonly FacetCount[];
}

const MOST_VALUES = 50;
/** Whether a product is what is looked for. The one place that says so, in SQL: a search asks it of many products, a listing of many saved searches. */
export const IS_FOUND = (document: string, refreshedOn: string, [query, since, before]: readonly [string, string, string]): string =>
  `(${query} is null or ${document} @@ ${query}) and (${since} is null or ${refreshedOn} >= ${since}) and (${before} is null or ${refreshedOn} < ${before})`;
// The operator uses the index; the function of the same meaning looks at the row, and `seq + 0` too.
const WINDOW = { walked: 's.seq > $3 and s.seq <= $4 and $15::bigint[] is null', skipped: '(array[s.seq >> 10, -1 - (s.seq >> 15)]) && $15::bigint[] and s.seq + 0 > $3 and s.seq + 0 <= $4' };
const FILTER = `${IS_FOUND('s.document', 's.refreshed_on', ['$1::tsquery', '$5::date', '$6::date'])} and ($11::tsquery is null or s.document @@ $11::tsquery) and ($12::tsquery is null or s.document @@ $12::tsquery)
  and ($13::tsquery is null or ts_match_vq(s.document, $13::tsquery))`;
const FACET_OF_ARRAY = (facet: Facet, column: string): string =>
  `select '${facet}' as facet, v as value, sum(n)::int as count from (select ${column} as vs, count(*) as n from candidates group by ${column}) g, unnest(vs) v group by v`;
const FACET_OF = (facet: Facet, expression: string): string => `select '${facet}' as facet, ${expression} as value, count(*)::int as count from candidates group by 2`;
/** Today is the last value, and there where freshness is counted alone. */
const FRESHNESS = `case ${Object.entries(FRESH_DAYS).map(([name, days]) => `when refreshed_on >= $16::date - ${days} then '${name}'`).join(' ')} else 'OLDER' end`;
const COUNTS: Readonly<Record<Facet, string>> = {
  THEME: FACET_OF_ARRAY('THEME', 'themes'), ORIGIN: FACET_OF('ORIGIN', 'origin'), PRICE_MODEL: FACET_OF_ARRAY('PRICE_MODEL', 'price_models'), DELIVERY_METHOD: FACET_OF_ARRAY('DELIVERY_METHOD', 'delivery_methods'),
  LEVEL: FACET_OF('LEVEL', 'level'), LANGUAGE: FACET_OF_ARRAY('LANGUAGE', 'languages'), FORMAT: FACET_OF_ARRAY('FORMAT', 'formats'), VENDOR: FACET_OF('VENDOR', 'vendor_id::text'), FRESHNESS: FACET_OF('FRESHNESS', FRESHNESS),
};
const NO_COUNTS = 'select null::text as facet, null::text as value, 0 as count where false';
/**
 * How near words stand to one another says nothing of a single one, and costs three times the ranking.
 * Candidates first, the newest, so many at the most: a ranking of every match of a common word would take seconds. They are ranked and counted, and of those on the
 * page the rest is read. `seq + 0`: the order is made, not walked through an index, since what looks common may be rare together.
 * Not prepared: how common the words are decides how they are looked for, so it is planned for these words; and planning costs, so nothing stands in it that is not asked.
 */
const SEARCH_COUNTING = (facets: readonly Facet[], window: string): Statement => ({
  name: 'catalog.search', public: true, plannedEachTime: true,
  // oxlint-disable-next-line entrepot/no-dynamic-sql -- of constants of this module: the facets and the window choose which
  text: `with candidates as materialized (
      select s.product_id, s.seq, s.document, s.themes, s.origin, s.level, s.price_models, s.delivery_methods, s.formats, s.languages, s.vendor_id, s.refreshed_on, s.trades from catalog.searchable s where ${FILTER} and ${window} order by s.seq + 0 desc limit $7),
    ranked as (select product_id, seq, case $8 when 'RELEVANCE' then coalesce(((case when numnode($2::tsquery) = 1 then ts_rank(document, $2::tsquery, 1) else ts_rank_cd(document, $2::tsquery, 1) end) * 1000000)::bigint, 0) when 'TRADES' then trades else 0 end as rank from candidates),
    page as (select * from ranked where ($9::bigint is null or (rank, seq) < ($9, $10::bigint)) order by rank desc, seq desc limit $14),
    counts as (${facets.map((f) => COUNTS[f]).join(' union all ') || NO_COUNTS}),
    most as (select facet, value, count from (select *, row_number() over (partition by facet order by count desc, value) as place from counts) c where place <= ${MOST_VALUES} order by facet, count desc, value)
    select (select count(*) from candidates)::int as matched, (select coalesce(jsonb_agg(to_jsonb(m)), '[]') from most m) as counts,
      (select coalesce(jsonb_agg(to_jsonb(f) order by f.rank desc, f.seq desc), '[]') from (
        select g.rank, g.seq, p.id, p.title, p.description, p.language, p.translations, p.themes, p.state, p.listed_at as "listedAt", p.vendor_id as "vendorId", p.vendor_name as "vendorName", p.vendor_jurisdiction as "vendorJurisdiction"
        from page g join catalog.listed_product p on p.id = g.product_id) f) as products`,
});
const FREQUENCIES: Statement = { name: 'catalog.search-frequencies', public: true, text: 'select lexeme, frequency from catalog.search_frequencies()' };
const SIZE: Statement = { name: 'catalog.search-size', public: true, text: 'select rows, newest from catalog.search_size()' };
/** Words that no title has, with the nearest that one has. */
const NEAREST: Statement = {
  name: 'catalog.search-nearest', public: true,
  text: `select a.word as asked, n.word as nearest from unnest($1::text[]) as a (word)
    cross join lateral (select w.word from catalog.search_word w where w.word % a.word and abs(length(w.word) - length(a.word)) <= 3 order by similarity(w.word, a.word) desc, w.word limit 1) n
    where not exists (select 1 from catalog.search_word k where k.word = a.word)`,
};

type Row = { matched: number; counts: FacetCount[]; products: (Omit<FoundProduct, 'rank' | 'seq' | 'listedAt'> & { rank: number; seq: number; listedAt: string })[] };

@Injectable()
export class SearchRepository {
  constructor(private readonly database: Database) {}

  async search(w: SearchWindow, today: string): Promise<SearchAnswer> {
    const [key, ...keys] = w.look.keys;
    const facets = FACETS.filter((f) => w.facets.includes(f));
    const statement = SEARCH_COUNTING(facets, w.stretches ? WINDOW.skipped : WINDOW.walked);
    // oxlint-disable-next-line entrepot/no-dynamic-sql -- looked at where it is made
    const [row] = await this.database.query<Row>(statement, [
      key, w.ranking, w.above, w.upTo, w.refreshedSince, w.refreshedBefore, w.candidates, w.sort, w.after?.[0] ?? null, w.after?.[1] ?? null, ...keys, w.look.rest, w.first + 1, w.stretches, ...(facets.includes('FRESHNESS') ? [today] : []),
    ]);
    return { matched: row!.matched, counts: row!.counts, products: row!.products.map((p) => ({ ...p, rank: BigInt(p.rank), seq: BigInt(p.seq), listedAt: new Date(p.listedAt) })) };
  }

  async frequencies(): Promise<Map<string, number>> {
    const rows = await this.database.query<{ lexeme: string; frequency: string }>(FREQUENCIES);
    return new Map(rows.map((r) => [r.lexeme, Number(r.frequency)]));
  }
  async size(): Promise<{ rows: number; newest: bigint }> {
    const [row] = await this.database.query<{ rows: string; newest: string }>(SIZE);
    return { rows: Number(row!.rows), newest: BigInt(row!.newest) };
  }
  async nearest(words: readonly string[]): Promise<Map<string, string>> {
    const rows = await this.database.query<{ asked: string; nearest: string }>(NEAREST, [words]);
    return new Map(rows.map((r) => [r.asked, r.nearest]));
  }
}
