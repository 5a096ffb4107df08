import { copyFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { migrate } from '#shared';
import { emptyDatabase, type TestDatabase } from './support/database.js';

const OURS = /^(1791000000200-identity-members|1791000000600-contracts-signatures)\.sql$/;
const FIRST = '1791';
const [TRADER, EXCHANGE, ADMIN, OFFICER, KEY, OFFER, AGREEMENT] = ['1', '2', '3', '4', '5', '6', '7'].map((n) => `00000000-0000-7000-8000-00000000000${n}`);

/** What an exchange had before members were invited and orders had two signatures. */
const BEFORE = `
  insert into identity.organisation (id, kind, legal_name, jurisdiction, state, assurance_level, verified_at, created_at) values
    ('${TRADER}', 'TRADER', 'Straits Analytics', 'SG', 'VERIFIED', 2, now(), now()), ('${EXCHANGE}', 'EXCHANGE', 'Exchange', 'CN', 'VERIFIED', 4, now(), now());
  insert into identity.member (id, organisation_id, issuer, subject, display_name, roles, state, created_at) values
    ('${ADMIN}', '${TRADER}', 'urn:issuer', 'boss', 'Boss', '{ORG_ADMIN}', 'ACTIVE', now()), ('${OFFICER}', '${EXCHANGE}', 'urn:issuer', 'officer', 'Officer', '{COMPLIANCE_OFFICER,SETTLEMENT_OFFICER}', 'ACTIVE', now());
  insert into identity.api_key (id, organisation_id, created_by, name, secret_hash, scopes, expires_at, created_at) values ('${KEY}', '${TRADER}', '${ADMIN}', 'k', '${'a'.repeat(64)}', '{contracts:order}', now() + interval '1 day', now());
  insert into contracts.offer (id, product_id, vendor_id, title, currency, one_off_price_minor, per_download_price, licence_days, purposes, destinations, state, created_at)
    values ('${OFFER}', '${OFFER}', '${EXCHANGE}', 'Offer', 'SGD', 100, '0', 30, '{RESEARCH}', '{SG}', 'ACTIVE', now());
  insert into contracts.agreement (id, offer_id, product_id, vendor_id, buyer_id, decision_id, document, hash, currency, one_off_price_minor, per_download_price, purpose, destination, concluded_at)
    values ('${AGREEMENT}', '${OFFER}', '${OFFER}', '${EXCHANGE}', '${TRADER}', '${OFFER}', '{"type": "entrepot-agreement", "version": "1"}', '${'b'.repeat(64)}', 'SGD', 100, '0', 'RESEARCH', 'SG', now());`;
const KEPT = ['identity.member', 'identity.api_key', 'contracts.offer', 'contracts.agreement'];

describe('migrations of members and signatures', () => {
  let database: TestDatabase;
  let client: pg.Client;
  let before: unknown[];
  const contents = async (): Promise<unknown[]> => (await client.query(KEPT.map((t) => `select '${t}' as t, to_jsonb(r) as r from ${t} r`).join(' union all ') + ' order by 1')).rows as unknown[];

  beforeAll(async () => {
    database = await emptyDatabase();
    const folder = await mkdtemp(path.join(process.env['ENTREPOT_TEST_FOLDER']!, 'migrations-'));
    for (const file of (await readdir('migrations')).filter((f) => f < FIRST)) await copyFile(path.join('migrations', file), path.join(folder, file));
    await migrate(database.url, folder);
    client = new pg.Client(database.url);
    await client.connect();
    await client.query(BEFORE);
    before = await contents();
    for (const file of (await readdir('migrations')).filter((f) => OURS.test(f))) await copyFile(path.join('migrations', file), path.join(folder, file));
    expect(await migrate(database.url, folder)).toBe(2);
    await rm(folder, { recursive: true });
  });
  afterAll(async () => {
    await client.end();
    await database.drop();
  });

  it('leave members, keys, offers and agreements as they were', async () => expect(await contents()).toEqual(before));

  it('grant nobody anything: an organisation of before is not governed by mandates, and nobody is elevated or invited', async () => {
    for (const table of ['identity.invitation', 'identity.mandate', 'identity.elevation', 'contracts.pending_order']) expect((await client.query(`select 1 from ${table}`)).rows).toEqual([]);
  });

  const MANDATE = 'insert into identity.mandate (id, organisation_id, member_id, currency, max_minor, mode, valid_from, valid_to, evidence, granted_by, state, created_at) values';
  const INVITATION = 'insert into identity.invitation (id, organisation_id, display_name, roles, issuer, token_hash, state, invited_by, expires_at, closed_at, created_at) values';
  const ELEVATION = 'insert into identity.elevation (id, organisation_id, member_id, role, reason, valid_until, state, created_at) values';
  const PENDING = 'insert into contracts.pending_order (id, buyer_id, offer_id, purpose, destination, currency, one_off_price_minor, per_download_price, requested_by, state, expires_at, closed_by, closed_at, created_at) values';
  const REASON = 'twenty characters and more';
  it.each([
    ['a mandate of nothing', `${MANDATE} ('${KEY}', '${TRADER}', '${ADMIN}', 'SGD', 0, 'ALONE', now(), null, 'board', '${ADMIN}', 'ACTIVE', now())`],
    ['a mandate that ends before it begins', `${MANDATE} ('${KEY}', '${TRADER}', '${ADMIN}', 'SGD', 1, 'ALONE', now(), now() - interval '1 day', 'board', '${ADMIN}', 'ACTIVE', now())`],
    ['an invitation for longer than two weeks', `${INVITATION} ('${KEY}', '${TRADER}', 'X', '{BUYER}', 'urn:issuer', '${'c'.repeat(64)}', 'OPEN', '${ADMIN}', now() + interval '15 days', null, now())`],
    ['an accepted invitation without member', `${INVITATION} ('${KEY}', '${TRADER}', 'X', '{BUYER}', 'urn:issuer', '${'c'.repeat(64)}', 'ACCEPTED', '${ADMIN}', now() + interval '1 day', now(), now())`],
    ['an elevation to AUDITOR', `${ELEVATION} ('${KEY}', '${EXCHANGE}', '${OFFICER}', 'AUDITOR', '${REASON}', now() + interval '5 minutes', 'OPEN', now())`],
    ['an elevation for longer than an hour', `${ELEVATION} ('${KEY}', '${EXCHANGE}', '${OFFICER}', 'LISTING_REVIEWER', '${REASON}', now() + interval '61 minutes', 'OPEN', now())`],
    ['an elevation without reason', `${ELEVATION} ('${KEY}', '${EXCHANGE}', '${OFFICER}', 'LISTING_REVIEWER', 'short', now() + interval '5 minutes', 'OPEN', now())`],
    ['a concluded order without agreement', `${PENDING} ('${KEY}', '${TRADER}', '${OFFER}', 'RESEARCH', 'SG', 'SGD', 100, '0', '${ADMIN}', 'CONCLUDED', now() + interval '1 day', '${OFFICER}', now(), now())`],
    ['a rejected order that nobody rejected', `${PENDING} ('${KEY}', '${TRADER}', '${OFFER}', 'RESEARCH', 'SG', 'SGD', 100, '0', '${ADMIN}', 'REJECTED', now() + interval '1 day', null, now(), now())`],
  ])('refuse %s', async (_, sql) => {
    await expect(client.query(sql)).rejects.toMatchObject({ code: '23514' });
  });

  it('keep what was ordered as it was, and a closed order closed', async () => {
    await client.query(`${PENDING} ('${KEY}', '${TRADER}', '${OFFER}', 'RESEARCH', 'SG', 'SGD', 100, '0', '${ADMIN}', 'AWAITING_SIGNATURE', now() + interval '1 day', null, null, now())`);
    const change = (set: string): Promise<unknown> => client.query(`update contracts.pending_order set ${set} where id = '${KEY}'`);
    await expect(change('one_off_price_minor = 1')).rejects.toThrow(/never changed/);
    await expect(change(`state = 'CONCLUDED', closed_at = now(), closed_by = '${ADMIN}', agreement_id = '${AGREEMENT}'`)).rejects.toMatchObject({ code: '23514' });
    await change(`state = 'CONCLUDED', closed_at = now(), closed_by = '${OFFICER}', agreement_id = '${AGREEMENT}'`);
    await expect(change(`state = 'AWAITING_SIGNATURE', closed_at = null, closed_by = null, agreement_id = null`)).rejects.toThrow(/stays closed/);
    await expect(client.query('delete from contracts.pending_order')).rejects.toThrow(/refused/);
  });
});
