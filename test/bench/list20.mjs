import assert from 'node:assert/strict';
import autocannon from 'autocannon';
import { cpuSeconds, median } from './support.mjs';

const QUERY = 'query List($first: Int!) { products(first: $first) { nodes { id title vendor { id legalName jurisdiction } offers { id title plans { label components { label amount { minor currency formatted } tiers { unitPrice } } } } } } }';
export const listBody = JSON.stringify({ query: QUERY, variables: { first: 20 } });
export const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
const SECONDS = 4;

/** 20 products with vendor, offers and price, signed in and with every guard on, against one join in a raw handler. */
export async function list20({ url, server, sql, reference }) {
  await seedList(sql);
  const token = await signIn(url, BUYERS[0]);
  const raw = await reference('test/bench/raw-list.mjs');
  const targets = { ours: { url: `${url}/graphql`, pid: server.pid, tokens: [token] }, raw: { url: `${raw.url}/`, pid: raw.child.pid } };
  const [a, b] = await Promise.all(Object.values(targets).map((t) => fetch(t.url, { method: 'POST', headers: headers(t.tokens?.[0]), body: listBody }).then((r) => r.json())));
  assert.deepEqual(a, b, 'the two answer the same JSON');
  assert.equal(a.data.products.nodes.length, 20);
  const results = { ours: [], raw: [] };
  for (const t of Object.values(targets)) await load(t, 3);
  for (let round = 0; round < ROUNDS; round++) for (const [name, t] of Object.entries(targets)) results[name].push(await load(t, SECONDS));
  raw.child.kill('SIGTERM');
  const rate = (name) => median(results[name].map((r) => r.rate));
  const cpu = (name) => median(results[name].map((r) => r.cpuMs));
  const ratio = median(results.ours.map((r, i) => r.rate / results.raw[i].rate));
  return [
    { name: 'catalog.list20', value: rate('ours'), unit: 'requests/s', reference: 'raw Fastify + pg, one join', referenceValue: rate('raw'), ratio, target: 0.45 },
    { name: 'catalog.list20.cpu', value: cpu('ours'), unit: 'ms CPU/request', reference: 'raw Fastify + pg, one join', referenceValue: cpu('raw'), ratio: cpu('ours') / cpu('raw'), target: null },
  ];
}

const headers = (token) => ({ 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) });

/** The list asked for by these callers in turn. */
export const loadList = ({ url, server }, tokens, seconds) => load({ url: `${url}/graphql`, pid: server.pid, tokens }, seconds);

async function load(target, duration) {
  const before = await cpuSeconds(target.pid);
  const result = await autocannon({ url: target.url, method: 'POST', body: listBody, connections: 16, duration, requests: (target.tokens ?? [undefined]).map((token) => ({ headers: headers(token) })) });
  const used = (await cpuSeconds(target.pid)) - before;
  if (result.non2xx || result.errors) throw new Error(`${result.non2xx} answers were not 2xx, ${result.errors} errors`);
  return { rate: result.requests.total / result.duration, cpuMs: (used * 1000) / result.requests.total };
}

export async function signIn(url, subject) {
  const response = await fetch(`${url}/dev-issuer/token`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ subject }) });
  return (await response.json()).access_token;
}

/** Members of eight organisations. */
export const BUYERS = Array.from({ length: 8 }, (_, i) => `bench-buyer-${i}`);

/** 20 vendors, eight of them with a buyer, 2,000 listed products with an offer each; once. */
export async function seedList(sql) {
  if ((await sql.query(`select 1 from identity.member where subject = '${BUYERS[0]}'`)).rowCount) return;
  await sql.query(`
    insert into identity.organisation (id, kind, legal_name, jurisdiction, state, assurance_level, verified_at, verification_due_at, created_at)
      select gen_random_uuid(), 'TRADER', 'Vendor ' || n, 'CN', 'VERIFIED', 2, now(), now() + interval '1 year', now() from generate_series(1, 20) n;
    insert into identity.member (id, organisation_id, issuer, subject, display_name, roles, state, created_at)
      select gen_random_uuid(), o.id, (select issuer from identity.member limit 1), 'bench-buyer-' || o.k, 'Bench', '{BUYER}', 'ACTIVE', now() from (select id, row_number() over () - 1 as k from identity.organisation where kind = 'TRADER' limit 8) o;
    insert into catalog.product (id, vendor_id, vendor_name, vendor_jurisdiction, vendor_state, title, description, themes, exporter_is_ciio, exporter_has_prc_entity, state, submission,
        gate_version, demanded_steps, completed_steps, opinion_valid_until, certificate_number, certificate_valid_until, listed_at, search, created_at)
      select gen_random_uuid(), o.id, o.legal_name, 'CN', 'VERIFIED', 'Product ' || n, 'Description of product ' || n, '{TRAN}', false, true, 'LISTED', 1, 'bench', '{PLATFORM_TEST,CERTIFICATE}', '{PLATFORM_TEST,CERTIFICATE}', now() + interval '1 year',
        1000000 + n, now() + interval '1 year', now() - n * interval '1 minute', to_tsvector('simple', 'product ' || n), now()
      from generate_series(1, 2000) n join (select id, legal_name, row_number() over () - 1 as k from identity.organisation where kind = 'TRADER') o on o.k = n % 20;
    insert into contracts.offer (id, product_id, vendor_id, title, plans, entry_minor, purposes, destinations, terms, state, created_at)
      select gen_random_uuid(), id, vendor_id, 'One year', jsonb_build_array(jsonb_build_object('id', gen_random_uuid(), 'label', 'One year', 'currency', 'SGD', 'duration', 'P1Y', 'period', null, 'minimumCommitmentMinor', null, 'trial', null, 'components', jsonb_build_array(
          jsonb_build_object('kind', 'ONE_OFF', 'label', 'Licence', 'minor', (120000 + submission)::text),
          jsonb_build_object('kind', 'USAGE', 'label', 'Downloads', 'meter', 'downloads', 'model', 'FLAT', 'packageSize', null, 'freeQuota', '0', 'tiers', jsonb_build_array(jsonb_build_object('upTo', null, 'unitPrice', '0.80', 'flatFeeMinor', '0')))))),
        120000 + submission, '{RESEARCH}', '{SG}', '{"template": "INTERNAL_USE", "termination": {"vendorNoticeDays": null, "buyerNoticeDays": null}, "policy": {"permissions": [], "prohibitions": [], "obligations": []}}', 'ACTIVE', now() from catalog.product where gate_version = 'bench';
    analyze;`);
}
