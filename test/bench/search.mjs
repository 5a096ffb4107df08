import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { readFile } from 'node:fs/promises';
import { iso31661 } from 'iso-3166';
import { median } from './support.mjs';
import { BUYERS, seedList, signIn } from './list20.mjs';

const QUERY = 'query Search($search: SearchInput!) { searchProducts(first: 20, search: $search, facets: [THEME, ORIGIN, PRICE_MODEL]) { total exact facets { facet value count } nodes { id title vendor { id legalName jurisdiction } } } }';
/** Arrivals a second: what a busy hour of a large catalogue sees. */
const RATE = Number(process.env.BENCH_SEARCH_RATE ?? 20);
const SECONDS = Number(process.env.BENCH_SEARCH_SECONDS ?? 20);

export const search200k = (bench) => search(bench, 200_000, 'catalog.search200k', 50);
export const search1m = (bench) => search(bench, 1_000_000, 'catalog.search1m', 150);

/** Searches with three facets, arriving whether or not the ones before are answered; latency counts from the arrival. The reference is the same question in SQL on a bare connection. */
async function search({ url, sql }, size, name, target) {
  await seedList(sql);
  const words = await seed(sql, size);
  const token = await signIn(url, BUYERS[0]);
  const ask = async (over) => {
    const response = await fetch(`${url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` }, body: JSON.stringify({ query: QUERY, variables: { search: over } }) });
    const { data, errors } = await response.json();
    assert.ok(data?.searchProducts, JSON.stringify(errors));
    return data.searchProducts;
  };
  const { commonest, asked } = await questions(sql, words);
  const first = await ask({ text: commonest });
  assert.ok(first.nodes.length === 20 && first.facets.length > 10 && first.total > size / 10, `the commonest word finds ${first.total}`);
  for (const q of asked.slice(0, 20)) await ask(q);
  const latencies = await openLoop(asked, ask);
  const closed = [];
  const bare = [];
  for (const q of asked.slice(0, 60)) {
    closed.push(await timed(() => ask(q)));
    bare.push(await timed(() => bareSearch(sql, q)));
  }
  const p99 = quantile(latencies, 0.99);
  const ratio = median(closed) / median(bare);
  const machine = await arithmetic();
  return [
    { name, value: p99, unit: `ms p99 at ${RATE}/s open loop`, reference: 'target in ms', referenceValue: target, ratio: p99 / target, target: 1, higherIsBetter: false },
    { name: `${name}.median`, value: median(latencies), unit: 'ms', reference: null, referenceValue: null, ratio: null, target: null },
    { name: `${name}.sql`, value: median(closed), unit: 'ms one at a time', reference: 'the same question, bare pg', referenceValue: median(bare), ratio, target: 3, higherIsBetter: false },
    { name: `${name}.machine`, value: quantile(machine, 0.99), unit: 'ms p99 of mere arithmetic, as often', reference: 'its median', referenceValue: median(machine), ratio: quantile(machine, 0.99) / median(machine), target: null },
  ];
}

/** What the machine itself adds to a tail: the same arithmetic again and again, in the rhythm of the arrivals. */
async function arithmetic() {
  const took = [];
  for (let i = 0; i < RATE * 10; i++) {
    await pause(1000 / RATE);
    took.push(await timed(() => { let x = i; for (let n = 0; n < 4_000_000; n++) x = (x * 31 + n) | 0; return x; }));
  }
  return took.slice(RATE);
}

async function openLoop(asked, ask) {
  const latencies = [];
  const running = [];
  const begin = performance.now();
  for (let i = 0; i < RATE * SECONDS; i++) {
    const due = begin + (i * 1000) / RATE;
    if (due > performance.now()) await pause(due - performance.now());
    running.push(ask(asked[i % asked.length]).then(() => latencies.push(performance.now() - due)));
  }
  await Promise.all(running);
  return latencies;
}
const timed = async (work) => { const begin = performance.now(); await work(); return performance.now() - begin; };
const quantile = (values, q) => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.ceil(values.length * q) - 1)];

/** The commonest word first and often, others as often as they are, alone, in pairs and with facets. */
async function questions(sql, words) {
  const { rows } = await sql.query(`select e as word, f from (select unnest(most_common_elems::text::text[]) e, unnest(most_common_elem_freqs[1:cardinality(most_common_elems::text::text[])]) f from pg_stats where schemaname = 'catalog' and tablename = 'product_search' and attname = 'document') x where e !~ ':' order by f desc`);
  const common = rows.map((r) => r.word);
  const random = generator(7);
  const pick = (list) => list[Math.floor(random() ** 2 * list.length)];
  const facets = [{}, { themes: ['TRAN', 'ECON'] }, { origins: ['CN'] }, { priceModels: ['USAGE'], levels: ['GENERAL'] }, { themes: ['ENVI'], origins: ['SG', 'HK'], languages: ['en'] }];
  const asked = Array.from({ length: 200 }, (_, i) => ({ text: i % 5 === 0 ? common[0] : i % 5 === 1 ? `${pick(common)} ${pick(common)}` : i % 5 === 2 ? pick(words) : pick(common), ...facets[Math.floor(random() * facets.length)] }));
  return { commonest: common[0], asked };
}

/** The same question in plain SQL, with the plan made anew as the application does, over a window that a statistician would choose. */
async function bareSearch(sql, q) {
  const lexemes = [...q.text.toLowerCase().split(' ').map((w) => `'${w}'`), ...[['t', q.themes], ['o', q.origins], ['p', q.priceModels], ['l', q.levels], ['g', q.languages]].filter(([, v]) => v).map(([k, v]) => `(${v.map((x) => `'${k}:${x}'`).join(' | ')})`)].join(' & ');
  const ranking = q.text.toLowerCase().split(' ').map((w) => `'${w}'`).join(' & ');
  const { rows: [{ newest }] } = await sql.query('select max(seq) as newest from catalog.product_search');
  const { rows: [{ share }] } = await sql.query(`select exp(sum(ln(greatest(f, 0.00001))))::float8 as share from (select coalesce((select u.f from pg_stats s, unnest(s.most_common_elems::text::text[], s.most_common_elem_freqs[1:cardinality(s.most_common_elems::text::text[])]) u (e, f) where s.schemaname = 'catalog' and s.tablename = 'product_search' and s.attname = 'document' and u.e = w), 0.0005) as f from unnest($1::text[]) w) x`, [q.text.toLowerCase().split(' ')]);
  return sql.query(
    `with c as materialized (select * from catalog.product_search s where s.document @@ $1::tsquery and s.seq > $2 order by s.seq + 0 desc limit 1200),
       p as (select product_id, seq, ts_rank_cd(document, $3::tsquery, 1) as rank from c order by 3 desc, 2 desc limit 21)
     select (select jsonb_agg(to_jsonb(r)) from p join catalog.product r on r.id = p.product_id) as products, (select count(*) from c), (select jsonb_agg(x) from (select unnest(themes) as v, count(*) from c group by 1 union all select origin, count(*) from c group by 1 union all select unnest(price_models), count(*) from c group by 1) x)`,
    [lexemes, String(Math.max(0, Math.floor(Number(newest) - 600 / share))), ranking]);
}

/** Products out of real vocabularies: countries in English and Chinese, languages, currencies, data themes and what they hold, as skewed as catalogues are. Once; grown where a larger one is asked for. */
async function seed(sql, size) {
  const have = Number((await sql.query(`select count(*) as n from catalog.product where gate_version = 'bench-search'`)).rows[0].n);
  const vocabulary = await vocabularies();
  if (have >= size) return vocabulary.subjects;
  // Rows come with what the triggers would make of them, in bulk, and so do the entries of the indexes that are slow to grow.
  const { rows: indexes } = await sql.query(`select indexname, indexdef from pg_indexes where schemaname = 'catalog' and tablename in ('product', 'product_search') and indexdef like '% USING gin %'`);
  for (const { indexname } of indexes) await sql.query(`drop index catalog.${indexname}`);
  await sql.query('alter table catalog.product disable trigger user');
  await sql.query(
    `insert into catalog.product (id, vendor_id, vendor_name, vendor_jurisdiction, vendor_state, title, description, themes, data_languages, price_models, exporter_is_ciio, exporter_has_prc_entity, state, submission,
        gate_version, demanded_steps, completed_steps, opinion_valid_until, certificate_number, certificate_valid_until, listed_at, search, created_at)
      select gen_random_uuid(), o.id, o.legal_name, w.origin, 'VERIFIED', w.title, w.description, array[w.theme], array[w.language], array[w.price], false, true, 'LISTED', 1, 'bench-search', '{PLATFORM_TEST,CERTIFICATE}', '{PLATFORM_TEST,CERTIFICATE}', now() + interval '1 year',
        10000000 + n, now() + interval '1 year', now() - interval '1 year' + n * interval '1 second', setweight(to_tsvector('simple', w.title), 'A') || setweight(to_tsvector('simple', w.description), 'C'), now()
      from generate_series($1::int, $2::int) n
      join (select id, legal_name, row_number() over (order by id) - 1 as k from identity.organisation where kind = 'TRADER') o on o.k = n % 20,
      lateral (select $3::text[] as subjects, $4::text[] as places, $5::text[] as chinese, $6::text[] as languages, $7::text[] as themes, $8::text[] as codes) v,
      lateral (select v.subjects[1 + floor(random() ^ 3 * cardinality(v.subjects))::int] || ' ' || v.subjects[1 + floor(random() ^ 3 * cardinality(v.subjects))::int] || ' ' || v.places[1 + floor(random() ^ 2 * cardinality(v.places))::int]
            || ' ' || v.chinese[1 + floor(random() ^ 2 * cardinality(v.chinese))::int] as title,
          array_to_string(array(select v.subjects[1 + floor(random() ^ 3 * cardinality(v.subjects))::int] from generate_series(1, 12) g where g + n > 0), ' ') as description,
          v.themes[1 + floor(random() ^ 2 * cardinality(v.themes))::int] as theme, v.codes[1 + floor(random() ^ 3 * cardinality(v.codes))::int] as origin, v.languages[1 + floor(random() ^ 3 * cardinality(v.languages))::int] as language,
          (array['ONE_OFF', 'RECURRING', 'USAGE', 'FREE'])[1 + floor(random() * 4)::int] as price) w`,
    [have + 1, size, vocabulary.subjects, vocabulary.places, vocabulary.chinese, vocabulary.languages, vocabulary.themes, vocabulary.codes]);
  await sql.query('alter table catalog.product enable trigger user');
  await sql.query(
    `insert into catalog.product_search (product_id, vendor_id, seq, document, themes, origin, level, price_models, delivery_methods, formats, languages, refreshed_on)
     select p.id, p.vendor_id, nextval('catalog.listing_order'), p.search || catalog.facet_lexemes(p.themes, p.vendor_jurisdiction, 'GENERAL', p.price_models, '{HTTP_DOWNLOAD}', '{text/csv}', p.data_languages, p.vendor_id, p.listed_at::date),
       p.themes, p.vendor_jurisdiction, 'GENERAL', p.price_models, '{HTTP_DOWNLOAD}', '{text/csv}', p.data_languages, p.listed_at::date
     from (select * from catalog.product where gate_version = 'bench-search' order by listed_at) p where not exists (select 1 from catalog.product_search s where s.product_id = p.id)`);
  for (const { indexdef } of indexes) await sql.query(indexdef);
  await sql.query('vacuum analyze catalog.product_search');
  await sql.query('vacuum analyze catalog.product');
  // What seeding left to be written is not what a search waits for.
  await sql.query('checkpoint');
  // The application looks at the statistics once a minute.
  await pause(61_000);
  return vocabulary.subjects;
}

async function vocabularies() {
  const themes = Object.keys(JSON.parse(await readFile('libs/catalog/vocabularies/data-theme.json', 'utf8')).codes);
  const [english, chinese] = ['en', 'zh'].map((l) => new Intl.DisplayNames(l, { type: 'region' }));
  const codes = [...new Set(['CN', 'SG', 'HK', ...iso31661.filter((c) => c.state === 'assigned').map((c) => c.alpha2)])];
  const names = new Intl.DisplayNames('en', { type: 'language' });
  const currencies = new Intl.DisplayNames('en', { type: 'currency' });
  const subjects = [...SUBJECTS.split(' '), ...Intl.supportedValuesOf('currency').flatMap((c) => currencies.of(c).toLowerCase().split(/[^a-z]+/)), ...Intl.supportedValuesOf('timeZone').flatMap((z) => z.toLowerCase().split(/[^a-z]+/))].filter((w, i, all) => w.length > 2 && all.indexOf(w) === i);
  const languages = ['en', 'zh', 'fr', 'de', 'ja', 'ko', 'ms', 'ta', 'es', 'ar'].filter((l) => names.of(l));
  return { themes, codes, subjects, languages, places: codes.map((c) => english.of(c)), chinese: codes.map((c) => chinese.of(c)) };
}
/** What data products are about, the commonest first. */
const SUBJECTS = 'data shipping trade customs price vessel port container freight logistics tariff warehouse invoice payment retail consumer index inflation credit bank insurance fraud weather rainfall temperature satellite land crop soil fishery forest energy electricity gas oil coal carbon emission traffic mobility vehicle road rail flight airport tourism hotel restaurant health hospital clinical drug disease genome education school labour wage employment census population housing construction cadastre patent trademark court tender procurement tax budget livestream video music game advertising telecom network sensor machine factory steel chip battery mineral water waste air quality noise biodiversity';

/** The same questions in every run. */
function generator(state) {
  return () => { state = (state * 1_103_515_245 + 12_345) % 2_147_483_648; return state / 2_147_483_648; };
}
