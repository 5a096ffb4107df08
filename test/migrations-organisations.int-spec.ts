import { copyFile, mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { migrate } from '#shared';
import { emptyDatabase, type TestDatabase } from './support/database.js';

const ORGANISATIONS = '1791000000100';

/** Rows that were there before organisations had due dates, owners and allow-lists. */
describe('migrations of organisations and keys', () => {
  const folder = path.join(process.env['ENTREPOT_TEST_FOLDER']!, 'before-organisations');
  let database: TestDatabase;
  let client: pg.Client;

  beforeAll(async () => {
    await mkdir(folder, { recursive: true });
    for (const file of (await readdir('migrations')).filter((f) => f < ORGANISATIONS)) await copyFile(path.join('migrations', file), path.join(folder, file));
    database = await emptyDatabase();
    await migrate(database.url, folder);
    client = new pg.Client(database.url);
    await client.connect();
  });
  afterAll(async () => {
    await client.end();
    await database.drop();
    await rm(folder, { recursive: true });
  });
  const id = (n: number): string => `0191d5a0-0000-7000-8000-00000000000${n}`;

  it('bring old rows to levels and due dates, and keep their keys', async () => {
    await client.query(`insert into identity.organisation (id, kind, legal_name, jurisdiction, state, assurance_level, verified_at, created_at) values
      ($1, 'EXCHANGE', 'Exchange', 'CN', 'VERIFIED', 4, '2026-01-01Z', '2026-01-01Z'), ($2, 'TRADER', 'Pending', 'CN', 'PENDING_VERIFICATION', null, null, '2026-01-01Z'),
      ($3, 'TRADER', 'Verified', 'CN', 'VERIFIED', 3, '2026-02-01Z', '2026-01-01Z'), ($4, 'TRADER', 'Suspended', 'CN', 'SUSPENDED', 2, '2026-03-01Z', '2026-01-01Z'),
      ($5, 'TRADER', 'Too weak', 'CN', 'VERIFIED', 1, '2026-02-01Z', '2026-01-01Z')`, [1, 2, 3, 4, 5].map(id));
    await client.query(`insert into identity.registry_number (organisation_id, scheme, value, checksum, proven) values ($1, 'USCC', '91350100M000100Y43', 'PASSED', true)`, [id(3)]);
    await client.query(`insert into identity.member (id, organisation_id, issuer, subject, display_name, roles, state, created_at) values ($1, $2, 'i', 's', 'n', '{ORG_ADMIN}', 'ACTIVE', now())`, [id(6), id(3)]);
    await client.query(`insert into identity.api_key (id, organisation_id, created_by, name, secret_hash, scopes, expires_at, created_at) values ($1, $2, $3, 'k', $4, '{delivery:download}', now(), now())`, [id(7), id(3), id(6), 'a'.repeat(64)]);

    expect(await migrate(database.url)).toBeGreaterThanOrEqual(2);

    const { rows } = await client.query('select legal_name, state, assurance_level, verification_due_at, verification_announced_at from identity.organisation order by id');
    expect(rows).toEqual([
      { legal_name: 'Exchange', state: 'VERIFIED', assurance_level: 4, verification_due_at: null, verification_announced_at: null },
      { legal_name: 'Pending', state: 'PENDING_VERIFICATION', assurance_level: 1, verification_due_at: null, verification_announced_at: null },
      { legal_name: 'Verified', state: 'VERIFIED', assurance_level: 3, verification_due_at: new Date('2027-02-01Z'), verification_announced_at: null },
      { legal_name: 'Suspended', state: 'SUSPENDED', assurance_level: 2, verification_due_at: new Date('2027-03-01Z'), verification_announced_at: null },
      { legal_name: 'Too weak', state: 'PENDING_VERIFICATION', assurance_level: 1, verification_due_at: new Date('2027-02-01Z'), verification_announced_at: null },
    ]);
    expect((await client.query('select allow_list, successor_id, last_used_at, last_used_address, expiry_announced_at from identity.api_key')).rows)
      .toEqual([{ allow_list: [], successor_id: null, last_used_at: null, last_used_address: null, expiry_announced_at: null }]);
    await client.query(`insert into identity.registry_number (organisation_id, scheme, value, checksum) values ($1, 'EU_VAT', 'RO18', 'FAILED')`, [id(2)]);
  });

  it.each([
    ['a verified trader without a due date', `update identity.organisation set verification_due_at = null where legal_name = 'Verified'`, 'organisation_verified_means'],
    ['a verified trader of level 1', `update identity.organisation set assurance_level = 1 where legal_name = 'Verified'`, 'organisation_verified_means'],
    ['a number of no scheme', `update identity.registry_number set scheme = 'DUNS'`, 'registry_number_scheme_check'],
    ['a key that succeeds itself', 'update identity.api_key set successor_id = id', 'check constraint'],
    ['a proof older than the day it was recorded by three months', `insert into identity.registry_proof select id, id, 'USCC', '9135', 'r', 'x', now() - interval '92 days', 's', now() from identity.organisation limit 1`, 'check constraint'],
  ])('the database refuses %s', (_, sql, why) => expect(client.query(sql)).rejects.toThrow(why));

  it('owners that were declared are replaced or proven, never edited', async () => {
    const declare = (n: number, from: string) => client.query(`insert into identity.ownership_declaration (id, organisation_id, valid_from, state, declared_by, declared_at) values ($1, $2, $3, 'DECLARED', 'member:x', '2026-06-01Z')`, [id(n), id(3), from]);
    await declare(8, '2026-01-01Z');
    await client.query(`insert into identity.ownership_holding (declaration_id, position, organisation_id, holder, name, jurisdiction, share_basis_points, interest, directness) values ($1, 0, $2, 'ENTITY', 'n', 'SG', 10000, 'EQUITY', 'DIRECT')`, [id(8), id(3)]);
    await expect(declare(9, '2026-02-01Z')).rejects.toThrow('ownership_one_current');
    for (const sql of [`update identity.ownership_declaration set valid_from = '2025-01-01Z'`, 'delete from identity.ownership_declaration', 'update identity.ownership_holding set share_basis_points = 1', 'delete from identity.ownership_holding', 'truncate identity.ownership_holding']) {
      await expect(client.query(sql)).rejects.toThrow(/never/);
    }
    await expect(client.query(`update identity.ownership_declaration set state = 'PROVEN'`)).rejects.toThrow('check constraint');
    await client.query(`update identity.ownership_declaration set state = 'PROVEN', proven_by = 'member:y', proven_at = now(), proof = 'seen'`);
    await expect(client.query(`update identity.ownership_declaration set proof = 'other'`)).rejects.toThrow(/never/);
    await client.query(`update identity.ownership_declaration set valid_to = '2026-02-01Z'`);
    await expect(client.query(`update identity.ownership_declaration set valid_to = null`)).rejects.toThrow(/never/);
    await declare(9, '2026-02-01Z');
  });
});
