import { TestClock } from '../../../../../test/support/clock.js';
import { startExchange, type TestExchange } from '../../../../../test/support/exchange.js';
import { pageRequest, trustCallsOutsideRequests } from '#shared';
import type { SearchRequest, Sort } from '../../domain/search/search-query.js';
import { SearchProducts, type SearchResult } from './search-products.js';

trustCallsOutsideRequests();

const LISTED = 12_000;
const FIRST = 50;

/** So many products that a search looks among the newest, held against what every product says. */
describe('searching among thousands of products', () => {
  let exchange: TestExchange;
  let search: SearchProducts;

  /** Each carries the words of what divides its number, as `of7`. */
  const list = (from: number, to: number): Promise<unknown> => exchange.owner.transaction(async (tx) => {
    // Rows come with what the triggers would make of them.
    await tx.query('set local session_replication_role = replica');
    await tx.query(`with made as (insert into catalog.product (id, vendor_id, vendor_name, vendor_jurisdiction, vendor_state, title, description, themes, exporter_is_ciio, exporter_has_prc_entity, state, submission, gate_version, demanded_steps, completed_steps,
         opinion_valid_until, certificate_number, certificate_valid_until, listed_at, created_at, search)
       select lpad(n::text, 32, '0')::uuid, lpad('9', 32, '0')::uuid, 'Vendor', case when n % 3 = 0 then 'SG' else 'CN' end, 'VERIFIED', 'Product ' || n, 'd', '{TRAN}', false, true, 'LISTED', 1, 'v', '{PLATFORM_TEST,CERTIFICATE}', '{PLATFORM_TEST,CERTIFICATE}',
         now() + interval '1 year', n, now() + interval '1 year', now(), now(), to_tsvector('simple', concat_ws(' ', 'all', (select string_agg('of' || d, ' ') from unnest(array[2, 10, 11, 60, 700]) d where n % d = 0)))
       from generate_series($1::int, $2::int) n returning *)
     insert into catalog.product_search (product_id, vendor_id, seq, document, themes, origin, level, price_models, delivery_methods, formats, languages, refreshed_on)
     select id, vendor_id, nextval('catalog.listing_order'), search || catalog.facet_lexemes(themes, vendor_jurisdiction, 'GENERAL', '{FREE}', '{HTTP_DOWNLOAD}', '{text/csv}', '{en}', vendor_id, now()::date),
       themes, vendor_jurisdiction, 'GENERAL', '{FREE}', '{HTTP_DOWNLOAD}', '{text/csv}', '{en}', now()::date from made order by certificate_number`, [from, to]);
  });
  const asked = (text: string, sort: Sort, origin?: string): SearchRequest => ({ text, filters: origin ? [{ facet: 'ORIGIN', values: [origin] }] : [], freshness: null, sort, facets: ['ORIGIN'] });
  const numbers = ({ products }: SearchResult): number[] => products.map((p) => Number(p.title.slice('Product '.length)));
  const newest = (divisor: number, origin?: 'SG'): number[] => Array.from({ length: LISTED }, (_, i) => LISTED - i).filter((n) => n % divisor === 0 && (!origin || n % 3 === 0));

  beforeAll(async () => {
    exchange = await startExchange({ clock: new TestClock(new Date()) });
    search = exchange.app.get(SearchProducts);
    await list(1, LISTED);
    await exchange.owner.query('vacuum analyze catalog.product_search');
  });
  afterAll(() => exchange.close());

  it.each([['all', 1], ['of2', 2], ['of10', 10], ['of11', 11], ['of60', 60], ['of700', 700]])('%s: every product of it once, the newest first, page by page', async (word, divisor) => {
    const found: number[] = [];
    for (let after: string | null = null, more = true; more && found.length < 2_000;) {
      const page: SearchResult = await search.execute(asked(word, 'NEWEST'), pageRequest(FIRST, after, 3));
      found.push(...numbers(page));
      more = page.hasNextPage;
      after = more ? page.cursorOf(page.products.at(-1)!) : null;
    }
    expect(found).toEqual(newest(divisor).slice(0, found.length));
    expect(found.length).toBe(Math.min(2_000, newest(divisor).length));
  });

  it('ranks and counts among the newest alone, and says that its total is a guess', async () => {
    const page = await search.execute(asked('of10', 'RELEVANCE'), { first: FIRST, after: null });
    // The window of the newest 600, give or take how the words fall.
    expect(newest(10).slice(0, 650)).toEqual(expect.arrayContaining(numbers(page)));
    expect(page.products.length).toBe(FIRST);
    expect(page.exact).toBe(false);
    expect(Math.abs(page.total - LISTED / 10)).toBeLessThan(LISTED / 100);
    const counted = page.counts.reduce((sum, c) => sum + c.count, 0);
    expect(counted).toBeGreaterThan(400);
    expect(counted).toBeLessThanOrEqual(1_200);
  });

  it('words and facets together', async () => {
    expect(numbers(await search.execute(asked('of11', 'NEWEST', 'SG'), { first: FIRST, after: null }))).toEqual(newest(11, 'SG').slice(0, FIRST));
    expect(numbers(await search.execute(asked('of10 of11', 'NEWEST', 'SG'), { first: FIRST, after: null }))).toEqual(newest(110, 'SG').slice(0, FIRST));
  });

  it('finds what was listed since the statistics were read', async () => {
    await list(LISTED + 1, LISTED + 60);
    expect(numbers(await search.execute(asked('of60', 'RELEVANCE'), { first: 1, after: null }))).toEqual([LISTED + 60]);
    expect(numbers(await search.execute(asked('of10', 'NEWEST'), { first: 2, after: null }))).toEqual([LISTED + 60, LISTED + 50]);
  });
});
