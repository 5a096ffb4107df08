import pg from 'pg';
import { migrate } from '#shared';
import { emptyDatabase, migrationsBefore } from './support/database.js';

describe('row-level security on a database that has traded before', () => {
  it('gives each decision its recipient where an agreement tells it, and leaves history as it is', async () => {
    const database = await emptyDatabase();
    const before = await migrationsBefore('1791000000900');
    const client = new pg.Client(database.url);
    try {
      await migrate(database.url, before.folder);
      await client.connect();
      const [exporter, buyer, order, delivery, refused, agreement] = Array.from({ length: 6 }, (_, i) => `00000000-0000-7000-8000-00000000000${i}`);
      await client.query('set session_replication_role = replica');
      for (const [id, stage, prior, outcome] of [[order, 'ORDER', null, 'free'], [delivery, 'DELIVERY', order, 'free'], [refused, 'ORDER', null, 'prohibited']]) {
        await client.query(
          `insert into compliance.decision (id, exporter_id, object_id, stage, prior_decision_id, outcome, permitted, mechanisms, filings, obligations, reasons, considered, facts, facts_hash, rulebook_hash, as_of, decided_at)
           values ($1, $2, 'o', $3, $4, $5, $5 = 'free', '{}', '[]', '{}', '[{}]', '{r}', '{}', repeat('a', 64), repeat('b', 64), now(), now())`, [id, exporter, stage, prior, outcome]);
      }
      await client.query(
        `insert into contracts.agreement (id, offer_id, product_id, vendor_id, buyer_id, decision_id, document, hash, currency, one_off_price_minor, per_download_price, purpose, destination, concluded_at)
         values ($1, $1, $1, $2, $3, $4, '{}', repeat('c', 64), 'CNY', 1, '0', 'RESEARCH', 'SG', now())`, [agreement, exporter, buyer, order]);
      await client.query('set session_replication_role = origin');
      const hashes = `select md5(string_agg((to_jsonb(d) - '{recipient_id,needs,missing}'::text[])::text, '' order by id)) as digest from compliance.decision d`;
      const { rows: digest } = await client.query(hashes);

      await migrate(database.url);

      expect((await client.query('select id, recipient_id from compliance.decision order by id')).rows).toEqual([{ id: order, recipient_id: buyer }, { id: delivery, recipient_id: buyer }, { id: refused, recipient_id: null }]);
      expect((await client.query(hashes)).rows).toEqual(digest);
      await expect(client.query('update compliance.decision set recipient_id = null')).rejects.toThrow('refused');
      await client.query(`set role entrepot_app`);
      expect((await client.query('select 1 from compliance.decision')).rowCount).toBe(0);
    } finally {
      await client.end();
      await before.remove();
      await database.drop();
    }
  });
});
