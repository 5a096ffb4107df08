import pg from 'pg';
import { migrate } from '#shared';
import { emptyDatabase, migrationsBefore } from './support/database.js';

const id = (n: number): string => `00000000-0000-7000-8000-0000000000${String(n).padStart(2, '0')}`;

describe('what was stored before there were regions', () => {
  it('lies in the folder of the exchange, and counts in the quota of its vendor unless it was taken out of a draft', async () => {
    const database = await emptyDatabase();
    const before = await migrationsBefore('1793000002000');
    const client = new pg.Client(database.url);
    try {
      await migrate(database.url, before.folder);
      await client.connect();
      await client.query(`insert into delivery.stored_object (asset_id, vendor_id, object_key, byte_length, sha256, stored_at) values ($1, $2, $3, 7, repeat('a', 64), '2026-11-01T00:00:00Z')`, [id(1), id(2), id(3)]);
      await client.query(`insert into delivery.stored_object (asset_id, vendor_id, object_key, byte_length, sha256, stored_at) values ($1, $2, $3, 5, repeat('a', 64), '2026-11-01T00:00:00Z')`, [id(6), id(2), id(7)]);
      await client.query('set session_replication_role = replica');
      await client.query(`insert into catalog.asset (id, revision_id, vendor_id, file_name, media_type, byte_length, sha256, state, created_at) values ($1, $1, $2, 'f', 'text/csv', 7, repeat('a', 64), 'STORED', now())`, [id(1), id(2)]);
      await client.query('insert into delivery.pending_object (object_key, asset_id, created_at) values ($1, $2, now())', [id(4), id(5)]);
      await migrate(database.url);
      const { rows: stored } = await client.query('select region from delivery.stored_object union all select region from delivery.pending_object');
      const { rows: homes } = await client.query('select asset_id, region from delivery.home_region order by asset_id');
      expect([stored, homes]).toEqual([[{ region: 'local' }, { region: 'local' }, { region: 'local' }], [{ asset_id: id(1), region: 'local' }, { asset_id: id(6), region: 'local' }]]);
      const { rows: held } = await client.query('select holder_id, bytes from delivery.held_bytes');
      expect(held).toEqual([{ holder_id: id(3), bytes: '7' }]);
    } finally {
      await client.end();
      await before.remove();
      await database.drop();
    }
  });
});
