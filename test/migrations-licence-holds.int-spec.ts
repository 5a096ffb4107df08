import pg from 'pg';
import { migrate } from '#shared';
import { emptyDatabase, migrationsBefore } from './support/database.js';

const id = (n: number): string => `00000000-0000-7000-8000-0000000000${String(n).padStart(2, '0')}`;

describe('holds on licences in a database that suspended before', () => {
  it('keeps why each rests, and refuses a licence that rests without a cause', async () => {
    const database = await emptyDatabase();
    const before = await migrationsBefore('1793000000700');
    const client = new pg.Client(database.url);
    try {
      await migrate(database.url, before.folder);
      await client.connect();
      await client.query('set session_replication_role = replica');
      const licence = (n: number, state: string, by: string | null, reason: string | null, decision: string | null): Promise<unknown> => client.query(
        `insert into contracts.licence (id, agreement_id, product_id, vendor_id, buyer_id, state, duration, plan_id, valid_from, paid_from, valid_until, suspended_by, state_reason, suspension_decision_id, created_at)
         values ($1, $1, $1, $2, $3, $4, 'P1D', $1, now(), now(), now() + interval '1 day', $5, $6, $7, now())`, [id(n), id(90), id(91), state, by, reason, decision]);
      await licence(1, 'SUSPENDED', 'COMPLIANCE', 'prohibited', id(80));
      await licence(2, 'SUSPENDED', 'STAFF', 'a complaint', null);
      await licence(3, 'ACTIVE', null, null, null);
      await migrate(database.url);
      const { rows } = await client.query('select licence_id, vendor_id, buyer_id, cause, reason, decision_id, lifted_at from contracts.licence_hold order by licence_id');
      expect(rows).toEqual([
        { licence_id: id(1), vendor_id: id(90), buyer_id: id(91), cause: 'COMPLIANCE', reason: 'prohibited', decision_id: id(80), lifted_at: null },
        { licence_id: id(2), vendor_id: id(90), buyer_id: id(91), cause: 'STAFF', reason: 'a complaint', decision_id: null, lifted_at: null },
      ]);
      await client.query('set session_replication_role = origin');
      await expect(client.query(`update contracts.licence set state = 'SUSPENDED', state_reason = 'nobody says' where id = $1`, [id(3)])).rejects.toThrow(/is SUSPENDED with 0 open holds/);
      await expect(client.query(`update contracts.licence set state = 'ACTIVE' where id = $1`, [id(1)])).rejects.toThrow(/is ACTIVE with 1 open holds/);
      await expect(client.query(`update contracts.licence_hold set reason = 'another' where licence_id = $1`, [id(1)])).rejects.toThrow(/never changed/);
    } finally {
      await client.end();
      await before.remove();
      await database.drop();
    }
  });
});
