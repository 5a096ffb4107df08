import pg from 'pg';
import { migrate } from '#shared';
import { emptyDatabase, migrationsBefore } from './support/database.js';

const id = (n: number): string => `00000000-0000-7000-8000-0000000000${String(n).padStart(2, '0')}`;

describe('sums of usage on a database that has counted before', () => {
  it('hold what was recorded, and what comes behind it is told apart from it', async () => {
    const database = await emptyDatabase();
    const before = await migrationsBefore('1793000002100');
    const client = new pg.Client(database.url);
    try {
      await migrate(database.url, before.folder);
      await client.connect();
      const count = (meter: string, quantity: number, at: string, dimensions = '{}') => client.query(
        `insert into metering.usage_event (licence_id, recorded_at, id, agreement_id, vendor_id, buyer_id, meter, quantity, source, event_id, occurred_at, dimensions)
         values ($1, now(), gen_random_uuid(), $1, $2, $3, $4, $5, 'urn:test', gen_random_uuid()::text, $6, $7)`, [id(1), id(2), id(3), meter, quantity, at, dimensions]);
      await count('calls', 5, '2026-10-01T10:15:00Z', '{"region": "SG"}');
      await count('calls', 7, '2026-10-01T10:59:59Z');
      await count('bytes', 11, '2026-10-31T23:30:00+05:30');
      await migrate(database.url);
      const hours = async () => (await client.query(`select meter, dimension, value, to_char(hour at time zone 'UTC', 'DD HH24') as hour, events::int as events, quantity::int as quantity from metering.usage_hour order by 1, 2, 3`)).rows as unknown;
      const kept = [
        { meter: 'bytes', dimension: '', value: '', hour: '31 18', events: 1, quantity: 11 },
        { meter: 'calls', dimension: '', value: '', hour: '01 10', events: 2, quantity: 12 }, { meter: 'calls', dimension: 'region', value: 'SG', hour: '01 10', events: 1, quantity: 5 },
      ];
      expect(await hours()).toEqual(kept);
      await count('calls', 1, '2026-10-01T10:00:00Z');
      expect(await hours()).toEqual(kept);
      expect((await client.query('select count(*)::int as n from metering.usage_event where position >= (select rolled_until from metering.usage_rollup)')).rows).toEqual([{ n: 1 }]);
    } finally {
      await client.end();
      await before.remove();
      await database.drop();
    }
  });
});
