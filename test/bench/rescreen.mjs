import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { signIn } from './list20.mjs';

const PRODUCTS = 100_000;
/** One in a hundred is what the new rulebook bans. */
const EVERY = 100;
const BAN = {
  kind: 'rulebook', id: 'bench-ban', version: '1', jurisdiction: 'CN', origins: ['*'], title: 'A ban', timeZone: 'Asia/Shanghai', effectiveFrom: '2021-09-01', effectiveTo: null,
  sources: { BAN: { title: 'Measures on a ban', effectiveFrom: '2021-09-01', effectiveTo: null } },
  rules: [
    { id: 'bench-ban.banned', summary: 'What is banned', outcome: 'prohibited', when: { fact: 'sector', eq: 'fisheries' }, citations: [{ source: 'BAN', article: 'Art. 1', confidence: 'verified' }] },
    { id: 'bench-ban.rest', summary: 'Anything else', outcome: 'free', when: { all: [] }, citations: [{ source: 'BAN', article: 'Art. 2', confidence: 'verified' }] },
  ],
};

/** From the confirmation of a rulebook to the end of the screening of a hundred thousand listed products, by the one worker of the server. */
export async function rescreen100k({ url, sql }) {
  await seed(sql);
  const [one, other] = await Promise.all(['bench-officer-0', 'bench-officer-1'].map((subject) => officer(sql, url, subject)));
  const { hash } = await mutate(one, 'submitLawDocument', 'SubmittedLawDocument', 'hash', { content: JSON.stringify(BAN) });
  const { id: changeId } = await mutate(one, 'proposeLawChange', 'LawChange', 'id', { documentHash: hash, act: 'ACTIVATE', reason: 'bench' });
  const begun = performance.now();
  await mutate(other, 'decideLawChange', 'LawChange', 'id', { changeId, confirm: true, reason: 'bench' });
  const found = await ended(sql, 'LAW');
  const seconds = (performance.now() - begun) / 1_000;
  const { rows: [{ n }] } = await sql.query(`select count(*)::int as n from catalog.product where suspended_by = 'COMPLIANCE'`);
  assert.deepEqual([found.state, n], ['DONE', PRODUCTS / EVERY], 'exactly the affected ones');
  assert.ok(found.done >= PRODUCTS);
  return [{ name: 'compliance.rescreen100k', value: seconds, unit: 's', reference: 'a minute', referenceValue: 60, ratio: seconds / 60, target: 1, higherIsBetter: false }];
}

async function ended(sql, cause) {
  for (;;) {
    const { rows: [row] } = await sql.query(
      `select s.state, sum(p.done)::int as done from compliance.screening s join compliance.screening_part p on p.screening_id = s.id where s.cause = $1 group by s.id order by s.id desc limit 1`, [cause]);
    if (row && row.state !== 'RUNNING') return row;
    await pause(100);
  }
}

async function officer(sql, url, subject) {
  await sql.query(
    `insert into identity.member (id, organisation_id, issuer, subject, display_name, roles, state, created_at)
     select gen_random_uuid(), organisation_id, issuer, $1, 'Bench', '{COMPLIANCE_OFFICER}', 'ACTIVE', now() from identity.member where 'STAFF_ADMIN' = any(roles) limit 1`, [subject]);
  return { url, token: await signIn(url, subject) };
}

async function mutate({ url, token }, name, type, fields, input) {
  const query = `mutation($input: ${name[0].toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $input) { __typename ... on ${type} { ${fields} } ... on Problem { code message } } }`;
  const response = await fetch(`${url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` }, body: JSON.stringify({ query, variables: { input } }) });
  const { data, errors } = await response.json();
  if (data?.[name]?.__typename !== type) throw new Error(`${name}: ${JSON.stringify(errors ?? data)}`);
  return data[name];
}

/** A hundred vendors with a thousand products each, a dataset in each product. */
async function seed(sql) {
  const classification = { level: 'general', importantDataNotified: false, persons: { $bigint: '1200' }, sensitivePersons: { $bigint: '0' }, anonymisation: 'none', anonymisationEvidence: null, collectedIn: 'CN', domesticDataAdded: false, sector: 'retail', sourceStatement: 'own operations' };
  await sql.query(`
    insert into identity.organisation (id, kind, legal_name, jurisdiction, state, assurance_level, verified_at, verification_due_at, created_at)
      select gen_random_uuid(), 'TRADER', 'Screened vendor ' || n, 'CN', 'VERIFIED', 2, now(), now() + interval '1 year', now() from generate_series(1, 100) n;
    insert into catalog.product (id, vendor_id, vendor_name, vendor_jurisdiction, vendor_state, title, description, themes, exporter_is_ciio, exporter_has_prc_entity, state, submission,
        gate_version, demanded_steps, completed_steps, opinion_valid_until, certificate_number, certificate_valid_until, listed_at, search, created_at)
      select gen_random_uuid(), o.id, o.legal_name, 'CN', 'VERIFIED', 'Screened product ' || n, 'Description', '{TRAN}', false, true, 'LISTED', n, 'screened', '{PLATFORM_TEST,CERTIFICATE}', '{PLATFORM_TEST,CERTIFICATE}', now() + interval '1 year',
        5000000 + n, now() + interval '1 year', now(), to_tsvector('simple', 'screened ' || n), now()
      from generate_series(1, ${PRODUCTS}) n join (select id, legal_name, row_number() over () - 1 as k from identity.organisation where legal_name like 'Screened vendor %') o on o.k = n % 100;`);
  await sql.query(
    `insert into catalog.dataset (id, product_id, vendor_id, title, description, classification, created_at)
     select gen_random_uuid(), id, vendor_id, 'Data', 'Data', case when submission % $2 = 0 then jsonb_set($1::jsonb, '{sector}', '"fisheries"') else $1::jsonb end, now() from catalog.product where gate_version = 'screened'`,
    [JSON.stringify(classification), EVERY]);
  await sql.query('analyze');
}
