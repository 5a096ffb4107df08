import pg from 'pg';
import { migrate } from '#shared';
import { emptyDatabase, migrationsBefore } from './support/database.js';

const id = (n: number): string => `00000000-0000-7000-8000-0000000000${String(n).padStart(2, '0')}`;
const [VENDOR, BUYER] = [id(98), id(99)];

/** What a database of that day makes of the migrations since. */
async function migrated(since: string, prepare: (client: pg.Client) => Promise<void>, look: (client: pg.Client) => Promise<void>): Promise<void> {
  const database = await emptyDatabase();
  const before = await migrationsBefore(since);
  const client = new pg.Client(database.url);
  try {
    await migrate(database.url, before.folder);
    await client.connect();
    await client.query('set session_replication_role = replica');
    await prepare(client);
    await client.query('set session_replication_role = origin');
    await migrate(database.url);
    await look(client);
  } finally {
    await client.end();
    await before.remove();
    await database.drop();
  }
}

describe('discovery in a database that has traded before', () => {
  it('finds private products for those who are named from now on, and tells nobody of what was listed', () => migrated('1793000000900', async (client) => {
    const product = (n: number, state: string, audience: string): Promise<unknown> => client.query(
      `insert into catalog.product (id, vendor_id, vendor_name, vendor_jurisdiction, vendor_state, title, description, themes, exporter_is_ciio, exporter_has_prc_entity, state, submission, gate_version, demanded_steps, completed_steps,
         opinion_valid_until, certificate_number, certificate_valid_until, listed_at, created_at, audience, audience_ids, search)
       values ($1, $2, 'Vendor', 'CN', 'VERIFIED', 't', 'd', '{TRAN}', false, true, $3, 1, 'v', '{PLATFORM_TEST,CERTIFICATE}', '{PLATFORM_TEST,CERTIFICATE}', now() + interval '1 year', $4, now() + interval '1 year', now(), now(), $5, $6, to_tsvector('simple', 'kraken'))`,
      [id(n), VENDOR, state, n, audience, audience === 'NAMED' ? [BUYER] : []]);
    for (const [n, state, audience] of [[1, 'LISTED', 'NAMED'], [2, 'SUSPENDED', 'NAMED'], [3, 'LISTED', 'PUBLIC']] as const) await product(n, state, audience);
  }, async (client) => {
    expect((await client.query(`select product_id as id, audience_ids as named, document @@ '''kraken'' & ''t:TRAN'''::tsquery as found from catalog.product_aside`)).rows).toEqual([{ id: id(1), named: [BUYER], found: true }]);
    expect((await client.query('select 1 from catalog.product_to_match')).rows).toEqual([]);
  }));

  it('goes on looking searches up by what they were looked up by', () => migrated('1793000000940', async (client) => {
    await client.query(`insert into catalog.saved_search (id, organisation_id, name, request, query, needles, created_at) values ($1, $2, 'n', '{}', '''kraken''', '{kraken}', now()), ($3, $2, 'n', '{}', '''a'' | ''b''', '{a,b,a}', now())`, [id(1), BUYER, id(2)]);
  }, async (client) => {
    expect((await client.query('select lexeme, saved_search_id as id, organisation_id as organisation from catalog.saved_search_needle order by 1')).rows).toEqual([['a', id(2)], ['b', id(2)], ['kraken', id(1)]].map(([lexeme, search]) => ({ lexeme, id: search, organisation: BUYER })));
  }));

  it('counts the licences that began, once each, as if they were told of today', () => migrated('1793000000920', async (client) => {
    const licence = (n: number, state: string, from: string | null): Promise<unknown> => client.query(
      `insert into contracts.licence (id, agreement_id, product_id, vendor_id, buyer_id, state, duration, plan_id, valid_from, paid_from, valid_until, created_at)
       values ($1, $2, $1, $3, $4, $5, 'P30D', $1, $6, $6, $6::timestamptz + interval '30 days', now())`, [id(n), id(n + 10), VENDOR, BUYER, state, from]);
    await licence(1, 'ACTIVE', '2026-03-31T23:59:59.123Z');
    await licence(2, 'PENDING', null);
    await licence(3, 'EXPIRED', '2026-01-01T00:00:00Z');
  }, async (client) => {
    const told = (await client.query(`select o.aggregate_id as id, o.payload, d.subscriber from shared.outbox o join shared.outbox_delivery d on d.seq = o.seq where o.topic = 'contracts.licence-begun.v1' order by o.seq`)).rows as unknown[];
    expect(told).toEqual([[3, '2026-01-01T00:00:00.000Z'], [1, '2026-03-31T23:59:59.123Z']].map(([n, begunAt]) => ({
      id: id(n as number), payload: { licenceId: id(n as number), agreementId: id((n as number) + 10), begunAt }, subscriber: 'contracts.count-value',
    })));
  }));
});
