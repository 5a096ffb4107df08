import pg from 'pg';
import { migrate } from '#shared';
import { emptyDatabase, migrationsBefore } from './support/database.js';

const id = (n: number): string => `00000000-0000-7000-8000-0000000000${String(n).padStart(2, '0')}`;

describe('closings on a database that has billed before', () => {
  it('are what its charges stand under', async () => {
    const database = await emptyDatabase();
    const before = await migrationsBefore('1793000002120');
    const client = new pg.Client(database.url);
    try {
      await migrate(database.url, before.folder);
      await client.connect();
      await client.query(`set session_replication_role = replica`);
      await client.query(`insert into billing.usage_period (id, licence_id, agreement_id, vendor_id, buyer_id, event_count, trade_id, invoice_id, closed_at) values ($1, $2, $2, $3, $4, 1, $2, $2, now())`, [id(1), id(2), id(3), id(4)]);
      await client.query(`insert into billing.billed_usage (licence_id, source, event_id, period_id, quantity) values ($1, 'urn:test', 'a', $2, 5)`, [id(2), id(1)]);
      await client.query(`insert into billing.charge (closing_id, licence_id, period, component, meter, quantity, net_minor) values ($1, $2, 0, 0, 'calls', 5, 500)`, [id(1), id(2)]);
      await client.query(`set session_replication_role = origin`);
      await migrate(database.url);
      expect((await client.query('select id, licence_id, vendor_id, buyer_id from billing.closing')).rows).toEqual([{ id: id(1), licence_id: id(2), vendor_id: id(3), buyer_id: id(4) }]);
      const charge = (closing: string, quantity: number) => client.query(`insert into billing.charge (closing_id, licence_id, period, component, meter, quantity, net_minor) values ($1, $2, 1, 0, 'calls', $3, -100)`, [closing, id(2), quantity]);
      await expect(charge(id(9), -1)).rejects.toMatchObject({ code: '23503' });
      await charge(id(1), -1);
      const bill = (source: string) => client.query(`insert into billing.billed_usage (licence_id, source, event_id, period_id, quantity) values ($1, $2, 'b', $3, -5)`, [id(2), source, id(1)]);
      await expect(bill('urn:test')).rejects.toMatchObject({ code: '23514' });
      await bill('urn:entrepot:correction');
    } finally {
      await client.end();
      await before.remove();
      await database.drop();
    }
  });
});
