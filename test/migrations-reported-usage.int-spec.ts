import pg from 'pg';
import { migrate } from '#shared';
import { emptyDatabase, migrationsBefore } from './support/database.js';

const id = (n: number): string => `00000000-0000-7000-8000-0000000000${String(n).padStart(2, '0')}`;
const [LICENCE, VENDOR, OTHER] = [id(1), id(2), id(3)];

describe('names of usage events on a database that has counted before', () => {
  it('are those of their vendor, each once, and stay unchangeable', async () => {
    const database = await emptyDatabase();
    const before = await migrationsBefore('1793000001200');
    // Later the names are told in another form.
    const until = await migrationsBefore('1793000002520');
    const client = new pg.Client(database.url);
    try {
      await migrate(database.url, before.folder);
      await client.connect();
      const count = async (licenceId: string, vendorId: string, eventId: string): Promise<void> => {
        await client.query(`insert into metering.usage_event_key (licence_id, source, event_id, digest, recorded_at) values ($1, 'urn:entrepot:delivery', $2, repeat('a', 64), now())`, [licenceId, eventId]);
        await client.query(
          `insert into metering.usage_event (licence_id, recorded_at, id, agreement_id, vendor_id, buyer_id, meter, quantity, source, event_id, occurred_at, subject_id)
           values ($1, now(), gen_random_uuid(), $1, $2, $1, 'downloads', 1, 'urn:entrepot:delivery', $3, now(), $1)`, [licenceId, vendorId, eventId]);
      };
      await count(LICENCE, VENDOR, 'a');
      await count(LICENCE, VENDOR, 'b');
      await count(id(4), OTHER, 'c');
      await migrate(database.url, until.folder);
      expect((await client.query('select vendor_id, licence_id, event_id from metering.usage_event_key order by event_id')).rows).toEqual([
        { vendor_id: VENDOR, licence_id: LICENCE, event_id: 'a' }, { vendor_id: VENDOR, licence_id: LICENCE, event_id: 'b' }, { vendor_id: OTHER, licence_id: id(4), event_id: 'c' },
      ]);
      expect((await client.query('select dimensions, reported_by from metering.usage_event')).rows).toEqual(Array.from({ length: 3 }, () => ({ dimensions: {}, reported_by: null })));
      const again = (licenceId: string) => client.query(`insert into metering.usage_event_key (vendor_id, licence_id, source, event_id, digest, recorded_at) values ($1, $2, 'urn:entrepot:delivery', 'a', repeat('b', 64), now())`, [VENDOR, licenceId]);
      await expect(again(id(5))).rejects.toMatchObject({ code: '23505' });
      await expect(client.query('update metering.usage_event_key set digest = digest')).rejects.toThrow();
    } finally {
      await client.end();
      await before.remove();
      await until.remove();
      await database.drop();
    }
  });
});
