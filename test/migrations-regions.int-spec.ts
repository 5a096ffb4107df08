import pg from 'pg';
import { migrate } from '#shared';
import { emptyDatabase, migrationsBefore } from './support/database.js';

const id = (n: number): string => `00000000-0000-7000-8000-0000000000${String(n).padStart(2, '0')}`;

describe('what was stored before there were regions', () => {
  it('lies in the folder of the exchange, and everybody can read that', async () => {
    const database = await emptyDatabase();
    const before = await migrationsBefore('1793000002000');
    const client = new pg.Client(database.url);
    try {
      await migrate(database.url, before.folder);
      await client.connect();
      await client.query(`insert into delivery.stored_object (asset_id, vendor_id, object_key, byte_length, sha256, stored_at) values ($1, $2, $3, 7, repeat('a', 64), '2026-11-01T00:00:00Z')`, [id(1), id(2), id(3)]);
      await client.query('insert into delivery.pending_object (object_key, asset_id, created_at) values ($1, $2, now())', [id(4), id(5)]);
      await migrate(database.url);
      const { rows: stored } = await client.query('select region from delivery.stored_object union all select region from delivery.pending_object');
      const { rows: homes } = await client.query('select asset_id, region from delivery.home_region');
      expect([stored, homes]).toEqual([[{ region: 'local' }, { region: 'local' }], [{ asset_id: id(1), region: 'local' }]]);
    } finally {
      await client.end();
      await before.remove();
      await database.drop();
    }
  });
});
