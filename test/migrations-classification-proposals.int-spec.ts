import pg from 'pg';
import { migrate } from '#shared';
import { emptyDatabase, migrationsBefore } from './support/database.js';

const VENDOR = '00000000-0000-7000-8000-0000000000ff';
const id = (n: number): string => `00000000-0000-7000-8000-0000000000${String(n).padStart(2, '0')}`;
const product = (n: number, state: string): string => `insert into catalog.product (id, vendor_id, vendor_name, vendor_jurisdiction, vendor_state, title, description, themes, exporter_is_ciio, exporter_has_prc_entity, state, created_at)
  values ('${id(n)}', '${VENDOR}', 'Vendor', 'CN', 'VERIFIED', 't', 'd', '{}', false, true, '${state}', now());
  insert into catalog.dataset (id, product_id, vendor_id, title, description, classification, created_at) values ('${id(n + 10)}', '${id(n)}', '${VENDOR}', 't', 'd', '{"level": "general", "anonymisation": "anonymised", "anonymisationEvidence": "report 7"}', now());`;
const revision = (n: number, dataset: number, number: number, state: string): string =>
  `insert into catalog.revision (id, dataset_id, vendor_id, number, state, digest, finalised_at, created_at) values ('${id(n)}', '${id(dataset)}', '${VENDOR}', ${number}, '${state}', ${state === 'FINALISED' ? "repeat('a', 64), now()" : 'null, null'}, now());`;

describe('classification proposals on a database that has products', () => {
  it('has every finalised revision of a living product read, and leaves what vendors declared as it was', async () => {
    const database = await emptyDatabase();
    const before = await migrationsBefore('1792000000600');
    const client = new pg.Client(database.url);
    try {
      await migrate(database.url, before.folder);
      await client.connect();
      await client.query(`${product(1, 'DRAFT')} ${product(2, 'OPINED')} ${product(3, 'WITHDRAWN')}
        ${revision(21, 11, 1, 'FINALISED')} ${revision(22, 11, 2, 'DRAFT')} ${revision(23, 12, 1, 'FINALISED')} ${revision(24, 12, 2, 'FINALISED')} ${revision(25, 13, 1, 'FINALISED')}`);
      const declared = (await client.query('select id, classification from catalog.dataset order by id')).rows;

      await migrate(database.url);

      expect((await client.query('select revision_id, dataset_id, product_id, vendor_id, finished_at from delivery.profile_job order by revision_id')).rows).toEqual(
        [[21, 11, 1], [23, 12, 2], [24, 12, 2]].map(([r, d, p]) => ({ revision_id: id(r!), dataset_id: id(d!), product_id: id(p!), vendor_id: VENDOR, finished_at: null })));
      expect((await client.query('select id, classification from catalog.dataset order by id')).rows).toEqual(declared);
      expect((await client.query('select distinct source, anonymisation_report, deviation_reasons from catalog.dataset')).rows).toEqual([{ source: null, anonymisation_report: null, deviation_reasons: {} }]);
    } finally {
      await client.end();
      await before.remove();
      await database.drop();
    }
  });
});
