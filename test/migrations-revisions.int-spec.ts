import pg from 'pg';
import { migrate } from '#shared';
import { emptyDatabase, migrationsBefore } from './support/database.js';

const VENDOR = '00000000-0000-7000-8000-0000000000ff';
const id = (n: number): string => `00000000-0000-7000-8000-0000000000${String(n).padStart(2, '0')}`;
const product = (n: number, state: string): string => `insert into catalog.product (id, vendor_id, vendor_name, vendor_jurisdiction, vendor_state, title, description, themes, exporter_is_ciio, exporter_has_prc_entity, state, submission, created_at)
  values ('${id(n)}', '${VENDOR}', 'Vendor', 'CN', 'VERIFIED', 't', 'd', '{}', false, true, '${state}', 1, now());
  insert into catalog.dataset (id, product_id, vendor_id, title, description, created_at) values ('${id(n + 10)}', '${id(n)}', '${VENDOR}', 't', 'd', now());
  insert into delivery.platform_test (product_id, submission, requested_at, held_until) values ('${id(n)}', 1, now(), now());`;
const revision = (n: number, dataset: number, number: number, closed: string | null): string =>
  `insert into catalog.revision (id, dataset_id, vendor_id, number, state, digest, finalised_at, created_at) values ('${id(n)}', '${id(dataset)}', '${VENDOR}', ${number}, '${closed ? 'FINALISED' : 'DRAFT'}', ${closed ? `repeat('a', 64), '${closed}'` : 'null, null'}, now());`;
const tested = (n: number, p: number, passed: boolean): string => `insert into catalog.gate_record (id, product_id, submission, step, passed, recorded_by, details, recorded_at) values ('${id(n)}', '${id(p)}', 1, 'PLATFORM_TEST', ${passed}, 'platform-test', '{}', '2026-02-01T00:00:00Z');`;

describe('revisions on a database that has products', () => {
  it('hands out on what was tested with its product, and keeps back what was not', async () => {
    const database = await emptyDatabase();
    const before = await migrationsBefore('1793000000100');
    const client = new pg.Client(database.url);
    try {
      await migrate(database.url, before.folder);
      await client.connect();
      const [early, late] = ['2026-01-01T00:00:00Z', '2026-03-01T00:00:00Z'];
      await client.query(`${product(1, 'OPINED')} ${product(2, 'DRAFT')} ${product(3, 'SUBMITTED')} ${product(4, 'WITHDRAWN')}
        ${revision(21, 11, 1, early)} ${revision(22, 11, 2, late)} ${revision(23, 12, 1, early)} ${revision(24, 12, 2, null)} ${revision(25, 13, 1, early)} ${revision(26, 14, 1, early)}
        ${tested(31, 1, true)} ${tested(32, 2, false)} ${tested(34, 4, true)}`);

      await migrate(database.url);

      const { rows } = await client.query<{ id: string; state: string; test_passed: boolean | null; released_at: Date | null }>('select id, state, test_passed, released_at from catalog.revision order by id');
      expect(rows.map((r) => [r.id, r.state, r.test_passed, r.released_at?.toISOString() ?? null])).toEqual([
        [id(21), 'FINALISED', true, '2026-02-01T00:00:00.000Z'], [id(22), 'FINALISED', null, null], [id(23), 'FINALISED', null, null], [id(24), 'DRAFT', null, null], [id(25), 'FINALISED', null, null],
        [id(26), 'FINALISED', true, '2026-02-01T00:00:00.000Z'],
      ]);
      await expect(client.query(`update catalog.revision set digest = repeat('b', 64) where id = '${id(21)}'`)).rejects.toThrow('never changed');
      expect((await client.query('select count(distinct id)::int as jobs, count(revision_id)::int as revisions from delivery.platform_test')).rows).toEqual([{ jobs: 4, revisions: 0 }]);
      expect((await client.query('select distinct language, languages, translations, keywords from catalog.product')).rows).toEqual([{ language: 'und', languages: ['und'], translations: {}, keywords: [] }]);
    } finally {
      await client.end();
      await before.remove();
      await database.drop();
    }
  });

  it('enters every certificate that was issued in the register, with its life', async () => {
    const database = await emptyDatabase();
    const before = await migrationsBefore('1793000000100');
    const client = new pg.Client(database.url);
    try {
      await migrate(database.url, before.folder);
      await client.connect();
      const steps = `'{PLATFORM_TEST,OPINION,REVIEW,NOTICE,CERTIFICATE}'`;
      await client.query(`${product(1, 'DRAFT')} ${product(2, 'DRAFT')} ${product(3, 'DRAFT')}`);
      await client.query(`update catalog.product set state = 'LISTED', gate_version = '2026-11-01', demanded_steps = ${steps}, completed_steps = ${steps}, opinion_valid_until = '2027-01-01T00:00:00Z', certificate_number = 7, certificate_valid_until = '2027-02-01T00:00:00Z' where id = '${id(1)}'`);
      await client.query(`update catalog.product set state = 'WITHDRAWN', gate_version = '2026-11-01', certificate_number = 8, certificate_valid_until = '2027-02-01T00:00:00Z' where id = '${id(2)}'`);

      await migrate(database.url);

      expect((await client.query('select number::int, product_id, holder_id, state from catalog.listing_certificate order by number')).rows).toEqual([{ number: 7, product_id: id(1), holder_id: VENDOR, state: 'ACTIVE' }, { number: 8, product_id: id(2), holder_id: VENDOR, state: 'CANCELLED' }]);
      expect((await client.query('select number::int, act from catalog.listing_certificate_event order by number, recorded_at, act desc')).rows).toEqual([{ number: 7, act: 'issue' }, { number: 8, act: 'issue' }, { number: 8, act: 'cancel' }]);
      await expect(client.query(`update catalog.product set demanded_steps = '{PLATFORM_TEST,CERTIFICATE}' where id = '${id(1)}'`)).rejects.toThrow('product_gate');
    } finally {
      await client.end();
      await before.remove();
      await database.drop();
    }
  });
});
