import pg from 'pg';
import { migrate } from '#shared';
import { emptyDatabase, migrationsBefore } from './support/database.js';

const VENDOR = '00000000-0000-7000-8000-0000000000ff';
const id = (n: number): string => `00000000-0000-7000-8000-0000000000${String(n).padStart(2, '0')}`;
const product = (n: number, state: string): string => `insert into catalog.product (id, vendor_id, vendor_name, vendor_jurisdiction, vendor_state, title, description, themes, exporter_is_ciio, exporter_has_prc_entity, state, created_at)
  values ('${id(n)}', '${VENDOR}', 'Vendor', 'CN', 'VERIFIED', 't', 'd', '{}', false, true, '${state}', now());`;
const job = (revision: number, of: number, finished: boolean): string => `insert into delivery.profile_job (revision_id, dataset_id, product_id, vendor_id, requested_at, held_until, attempts, finished_at)
  values ('${id(revision)}', '${id(of + 10)}', '${id(of)}', '${VENDOR}', '2026-01-02Z', '2026-01-03Z', 3, ${finished ? `'2026-01-03Z'` : 'null'});`;

describe('profiles on a database whose revisions were read before', () => {
  it('has those of living products read anew, with the day of their request, and leaves the others', async () => {
    const database = await emptyDatabase();
    const before = await migrationsBefore('1793000000300');
    const client = new pg.Client(database.url);
    try {
      await migrate(database.url, before.folder);
      await client.connect();
      await client.query(`${product(1, 'DRAFT')} ${product(2, 'WITHDRAWN')} ${job(21, 1, true)} ${job(22, 1, false)} ${job(23, 2, true)}`);

      await migrate(database.url);

      expect((await client.query(`select revision_id as revision, finished_at is not null as finished, attempts, requested_at = '2026-01-02Z' as kept, findings from delivery.profile_job order by revision_id`)).rows).toEqual([
        { revision: id(21), finished: false, attempts: 0, kept: true, findings: {} }, { revision: id(22), finished: false, attempts: 3, kept: true, findings: {} }, { revision: id(23), finished: true, attempts: 3, kept: true, findings: {} },
      ]);
      expect((await client.query('select count(*)::int as n from catalog.dataset_profile')).rows).toEqual([{ n: 0 }]);
    } finally {
      await client.end();
      await before.remove();
      await database.drop();
    }
  });
});
