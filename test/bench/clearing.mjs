import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { signIn } from './list20.mjs';
import { residentMiB } from './support.mjs';

const TRADES = Number(process.env.BENCH_CLEARING_TRADES ?? 100_000);
const VENDORS = 1_000;
const BUYERS = 2_000;

/** From the order of a settlement officer to a closed cycle with a payout for each of a thousand vendors, by the one worker of the server; then until the payouts are confirmed and every trade is settled. */
export async function clearing({ url, sql, server }) {
  await seed(sql);
  const token = await officer(sql, url);
  const before = await residentMiB(server.pid);
  let most = before;
  const begun = performance.now();
  const query = 'mutation($input: RunClearingInput!) { runClearing(input: $input) { __typename ... on ClearingCycle { id state } ... on Problem { code message } } }';
  const response = await fetch(`${url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` }, body: JSON.stringify({ query, variables: { input: { currency: 'CNY' } } }) });
  const { data, errors } = await response.json();
  assert.equal(data?.runClearing?.__typename, 'ClearingCycle', JSON.stringify(errors ?? data));
  const one = async (text, values) => (await sql.query(text, values)).rows[0];
  const until = async (done) => {
    while (!(await done())) {
      most = Math.max(most, await residentMiB(server.pid));
      await pause(100);
    }
    return (performance.now() - begun) / 1_000;
  };
  const { id } = data.runClearing;
  const seconds = await until(async () => (await one('select state from settlement.clearing_cycle where id = $1', [id])).state === 'CLOSED');
  const cycle = await one('select trade_count, payout_count, payout_minor from settlement.clearing_cycle where id = $1', [id]);
  assert.deepEqual([cycle.trade_count, cycle.payout_count, cycle.payout_minor], [TRADES, VENDORS, String(TRADES * 950)]);
  const settled = await until(async () => (await one(`select count(*)::int as n from settlement.trade where state = 'SETTLED' and cycle_id = $1`, [id])).n === TRADES);
  const drifted = await one(`select count(*)::int as n from settlement.guarded_balance g where g.owed_minor <> -coalesce((select sum(amount_minor) from settlement.posting p where p.account_id = g.account_id), 0)`);
  assert.equal(drifted.n, 0, 'every kept balance is the sum of its postings');
  return [
    { name: 'settlement.clearing', value: seconds, unit: `s for ${TRADES} trades of ${VENDORS} vendors`, reference: 'a minute', referenceValue: 60, ratio: seconds / 60, target: 1, higherIsBetter: false },
    { name: 'settlement.clearing.settled', value: settled, unit: 's until each payout is confirmed and each trade settled', reference: null, referenceValue: null, ratio: null, target: null },
    { name: 'settlement.clearing.memory', value: most - before, unit: 'MiB grown at the most', reference: null, referenceValue: null, ratio: null, target: null },
  ];
}

async function officer(sql, url) {
  await sql.query(
    `insert into identity.member (id, organisation_id, issuer, subject, display_name, roles, state, created_at)
     select gen_random_uuid(), organisation_id, issuer, 'bench-settler', 'Bench', '{SETTLEMENT_OFFICER}', 'ACTIVE', now() from identity.member where 'STAFF_ADMIN' = any(roles) limit 1`);
  return signIn(url, 'bench-settler');
}

/** Accepted trades of 10.00 and 6 % tax, each funded in the ledger: a hundred of each vendor. */
async function seed(sql) {
  await sql.query(`
    insert into identity.organisation (id, kind, legal_name, jurisdiction, state, assurance_level, verified_at, verification_due_at, created_at)
      select gen_random_uuid(), 'TRADER', 'Cleared ' || n, 'CN', 'VERIFIED', 2, now(), now() + interval '1 year', now() from generate_series(1, ${VENDORS + BUYERS}) n;
    create temp table party as select id, row_number() over () - 1 as k from identity.organisation where legal_name like 'Cleared %';
    insert into settlement.trade (id, reference, kind, agreement_id, licence_id, vendor_id, buyer_id, currency, net_minor, tax_minor, gross_minor, tax_jurisdiction, tax_treatment, commission_basis_points, commission_minor,
        commission_tax_minor, commission_tax_jurisdiction, commission_tax_treatment, state, payment_id, payment_provider, executed_at, funded_at, delivered_at, accepted_at)
      select gen_random_uuid(), 'bench:' || n, 'PURCHASE', gen_random_uuid(), gen_random_uuid(), v.id, b.id, 'CNY', 1000, 60, 1060, 'CN', '{}', 500, 50, 3, 'CN', '{}', 'ACCEPTED', gen_random_uuid(), 'simulator', now(), now(), now(), now()
      from generate_series(1, ${TRADES}) n join party v on v.k = n % ${VENDORS} join party b on b.k = ${VENDORS} + (n * 7) % ${BUYERS};`);
  const { rows: [{ id: house }] } = await sql.query(`select id from identity.organisation where kind = 'EXCHANGE'`);
  const { rows } = await sql.query(`select id, buyer_id from settlement.trade where reference like 'bench:%'`);
  for (let from = 0; from < rows.length; from += 1_000) {
    const part = rows.slice(from, from + 1_000);
    const owners = [...new Set(part.map((r) => r.buyer_id))];
    const place = new Map(owners.map((o, i) => [o, i + 2]));
    const none = part.map(() => null);
    await sql.query('select count(*) from settlement.post_journals($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)', [
      new Date(), [crypto.randomUUID(), ...owners.map(() => crypto.randomUUID())], [house, ...owners], ['PAYMENT_CLEARING', ...owners.map(() => 'ESCROW')], ['simulator', ...owners.map(() => '')], ['CNY', ...owners.map(() => 'CNY')],
      part.map(() => crypto.randomUUID()), part.map((r) => `fund:${r.id}`), part.map(() => 'FUND'), part.map((r) => r.id), none, none, none, none,
      part.flatMap((_, i) => [i + 1, i + 1]), part.flatMap(() => [0, 1]), part.flatMap((r) => [1, place.get(r.buyer_id)]), part.flatMap(() => [1060, -1060]),
    ]);
  }
  await sql.query('analyze');
}
