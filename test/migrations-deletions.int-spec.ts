import pg from 'pg';
import { migrate } from '#shared';
import { emptyDatabase, migrationsBefore } from './support/database.js';

const id = (n: number): string => `00000000-0000-7000-8000-0000000000${String(n).padStart(2, '0')}`;

describe('licences under which something was delivered before', () => {
  it('know when the first byte left, so that their end asks for deletion', async () => {
    const database = await emptyDatabase();
    const before = await migrationsBefore('1793000000950');
    const client = new pg.Client(database.url);
    try {
      await migrate(database.url, before.folder);
      await client.connect();
      await client.query('set session_replication_role = replica');
      for (const n of [1, 2]) {
        await client.query(`insert into contracts.licence (id, agreement_id, product_id, vendor_id, buyer_id, state, duration, plan_id, valid_from, paid_from, valid_until, created_at) values ($1, $1, $1, $2, $3, 'ACTIVE', 'P30D', $1, now(), now(), now() + interval '30 days', now())`, [id(n), id(90), id(91)]);
      }
      for (const [n, at] of [[11, '2026-11-02T00:00:00Z'], [12, '2026-11-01T00:00:00Z'], [13, null]] as const) {
        await client.query(
          `insert into delivery.delivery (id, licence_id, agreement_id, agreement_hash, decision_id, product_id, vendor_id, buyer_id, asset_id, object_key, file_name, media_type, byte_length, sha256, token_hash, state, budget_left, requested_at, expires_at, started_at)
           values ($1, $2, $2, repeat('a', 64), $2, $2, $3, $4, $2, $2, 'f', 'text/csv', 1, repeat('a', 64), repeat('a', 62) || $5, 'EXPIRED', 0, now(), now() + interval '5 minutes', $6)`, [id(n), id(n === 13 ? 2 : 1), id(90), id(91), String(n), at]);
      }
      await migrate(database.url);
      const { rows } = await client.query('select first_delivered_at as at from contracts.licence order by id');
      expect(rows).toEqual([{ at: new Date('2026-11-01T00:00:00Z') }, { at: null }]);
    } finally {
      await client.end();
      await before.remove();
      await database.drop();
    }
  });
});
