import fc from 'fast-check';
import pg from 'pg';
import { migrate } from '#shared';
import { nameOf } from '../libs/metering/src/domain/usage-event.js';
import { emptyDatabase, migrationsBefore } from './support/database.js';

const id = (n: number): string => `00000000-0000-7000-8000-0000000000${String(n).padStart(2, '0')}`;
const [LICENCE, VENDOR, OTHER] = [id(1), id(2), id(3)];

describe('names of usage events in 16 bytes, on a database that has counted before', () => {
  it('are the same as those of the application, stay taken and unchangeable', async () => {
    const database = await emptyDatabase();
    const before = await migrationsBefore('1793000002520');
    const client = new pg.Client(database.url);
    try {
      await migrate(database.url, before.folder);
      await client.connect();
      const events = [[VENDOR, 'urn:a', 'one'], [VENDOR, 'urn:a', '{"two"}'], [OTHER, 'urn:a', 'one']] as const;
      for (const event of events) await client.query(`insert into metering.usage_event_key (vendor_id, source, event_id, licence_id, digest, recorded_at) values ($1, $2, $3, $4, repeat('ab', 32), '2026-11-01T00:00:00Z')`, [...event, LICENCE]);
      await migrate(database.url);
      const rows = (await client.query(`select name, licence_id, encode(digest, 'hex') as digest, recorded_at from metering.usage_event_key`)).rows;
      expect(new Set(rows.map((r) => r.name))).toEqual(new Set(events.map(([vendorId, source, eventId]) => nameOf({ vendorId, source, eventId }))));
      expect(rows[0]).toMatchObject({ licence_id: LICENCE, digest: 'ab'.repeat(32), recorded_at: new Date('2026-11-01') });
      await expect(client.query(`insert into metering.usage_event_key values ($1, $2, now(), sha256('x'))`, [nameOf({ vendorId: VENDOR, source: 'urn:a', eventId: 'one' }), LICENCE])).rejects.toMatchObject({ code: '23505' });
      for (const change of ['update metering.usage_event_key set digest = digest', 'delete from metering.usage_event_key', 'truncate metering.usage_event_key']) await expect(client.query(change)).rejects.toThrow('never changed');
      const printable = fc.string({ minLength: 1, maxLength: 200, unit: fc.constantFrom(...Array.from({ length: 94 }, (_, i) => String.fromCharCode(33 + i))) });
      await fc.assert(fc.asyncProperty(fc.uuid(), printable, printable, async (vendorId, source, eventId) => {
        expect((await client.query('select metering.event_name($1, $2, $3) as name', [vendorId, source, eventId])).rows).toEqual([{ name: nameOf({ vendorId, source, eventId }) }]);
      }));
    } finally {
      await client.end();
      await before.remove();
      await database.drop();
    }
  });
});
