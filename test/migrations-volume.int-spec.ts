import pg from 'pg';
import { migrate } from '#shared';
import { emptyDatabase, migrationsBefore } from './support/database.js';

const id = (n: number): string => `00000000-0000-7000-8000-0000000000${String(n).padStart(2, '0')}`;
const [EXPORTER, BUYER, VENDOR_OFFER] = [id(1), id(2), id(3)];

describe('the volume ledger and waiting orders on a database that has traded before', () => {
  it('keeps every reservation, confirms what was delivered and gives back what ended undelivered; orders keep their signatures', async () => {
    const database = await emptyDatabase();
    const before = await migrationsBefore('1792000000400');
    const client = new pg.Client(database.url);
    try {
      await migrate(database.url, before.folder);
      await client.connect();
      await client.query('set session_replication_role = replica');
      const decision = (decisionId: string, prior: string | null, asOf: string): Promise<unknown> => client.query(
        `insert into compliance.decision (id, exporter_id, recipient_id, object_id, stage, prior_decision_id, outcome, permitted, mechanisms, filings, obligations, reasons, considered, facts, facts_hash, rulebook_hash, as_of, decided_at)
         values ($1, $2, $3, 'o', $4, $5, 'exempt', true, '{}', '[]', '{}', '[{}]', '{r}', '{}', repeat('a', 64), repeat('b', 64), $6, $6)`, [decisionId, EXPORTER, BUYER, prior ? 'DELIVERY' : 'ORDER', prior, asOf]);
      const reserve = (year: number, decisionId: string, orderId: string, persons: number, sensitive = 0): Promise<unknown> =>
        client.query('insert into compliance.volume_reservation (exporter_id, year, decision_id, order_decision_id, persons, sensitive_persons, reserved_at) values ($1, $2, $3, $4, $5, $6, now())', [EXPORTER, year, decisionId, orderId, persons, sensitive]);
      const trade = async (n: number, decisionId: string, state: string): Promise<void> => {
        await client.query(
          `insert into contracts.agreement (id, offer_id, product_id, vendor_id, buyer_id, decision_id, document, hash, currency, one_off_price_minor, per_download_price, purpose, destination, concluded_at)
           values ($1, $1, $1, $2, $3, $4, '{}', repeat($5, 64), 'CNY', 1, '0', 'RESEARCH', 'SG', now())`, [id(n), EXPORTER, BUYER, decisionId, String(n % 10)]);
        await client.query(
          `insert into contracts.licence (id, agreement_id, product_id, vendor_id, buyer_id, state, days, valid_from, valid_until, created_at)
           values ($1, $1, $1, $2, $3, $4, 1, now() - interval '1 day', now(), now())`, [id(n), EXPORTER, BUYER, state]);
      };
      const deliver = (n: number, decisionId: string, startedAt: string | null): Promise<unknown> => client.query(
        `insert into delivery.delivery (id, licence_id, agreement_id, agreement_hash, decision_id, product_id, vendor_id, buyer_id, asset_id, object_key, file_name, media_type, byte_length, sha256, token_hash, state, budget_left, requested_at, expires_at, started_at)
         values ($1, $1, $1, repeat('a', 64), $2, $1, $3, $4, $1, $1, 'f', 'text/csv', 1, repeat('a', 64), repeat($6, 64), 'OPEN', 1, now(), now(), $5)`, [id(n), decisionId, EXPORTER, BUYER, startedAt, String(n % 10)]);
      // Delivered in the new year by Shanghai's calendar; ordered in the old; a licence that ended unused; one that waits.
      const [delivered, laterYear, ended, waiting, deliveredIn, endedToken] = [id(10), id(11), id(12), id(13), id(14), id(15)];
      await decision(delivered, null, '2025-12-01T00:00:00Z');
      await decision(deliveredIn, delivered, '2025-12-02T00:00:00Z');
      await decision(laterYear, delivered, '2025-12-31T17:00:00Z');
      await decision(ended, null, '2025-12-01T00:00:00Z');
      await decision(endedToken, ended, '2025-12-02T00:00:00Z');
      await decision(waiting, null, '2025-12-01T00:00:00Z');
      await client.query(`insert into compliance.volume_year values ($1, 2025, 181, 6), ($1, 2026, 100, 5)`, [EXPORTER]);
      await reserve(2025, delivered, delivered, 70);
      await reserve(2025, deliveredIn, delivered, 30, 5);
      await reserve(2026, laterYear, delivered, 100, 5);
      await reserve(2025, ended, ended, 80, 1);
      await reserve(2025, waiting, waiting, 1);
      await deliver(20, laterYear, '2026-01-01T00:00:00+08:00');
      await deliver(21, endedToken, null);
      await trade(30, delivered, 'ACTIVE');
      await trade(31, ended, 'EXPIRED');
      await trade(32, waiting, 'ACTIVE');
      await client.query(
        `insert into contracts.offer (id, product_id, vendor_id, title, currency, one_off_price_minor, per_download_price, licence_days, purposes, destinations, state, created_at)
         values ($1, $1, $2, 'o', 'CNY', 1, '0', 1, '{RESEARCH}', '{SG}', 'ACTIVE', now())`, [VENDOR_OFFER, EXPORTER]);
      const pending = (n: number, state: string, closedBy: string | null, agreementId: string | null): Promise<unknown> => client.query(
        `insert into contracts.pending_order (id, buyer_id, offer_id, purpose, destination, currency, one_off_price_minor, per_download_price, requested_by, state, expires_at, closed_by, closed_at, agreement_id, created_at)
         values ($1, $2, $3, 'RESEARCH', 'SG', 'CNY', 1, '0', $4, $5, now() + interval '1 day', $6, $7, $8, now())`, [id(n), BUYER, VENDOR_OFFER, id(50), state, closedBy, closedBy ? new Date() : null, agreementId]);
      await pending(40, 'AWAITING_SIGNATURE', null, null);
      await pending(41, 'CONCLUDED', id(51), id(30));
      await pending(42, 'REJECTED', id(51), null);
      await client.query('set session_replication_role = origin');

      await migrate(database.url);

      const rows = async (sql: string): Promise<unknown[]> => (await client.query(sql)).rows as unknown[];
      expect(await rows('select year, reserved_persons::int as r, reserved_sensitive_persons::int as rs, confirmed_persons::int as c, confirmed_sensitive_persons::int as cs from compliance.volume_year order by year')).toEqual([
        { year: 2025, r: 101, rs: 5, c: 0, cs: 0 }, { year: 2026, r: 0, rs: 0, c: 100, cs: 5 },
      ]);
      expect(await rows(`select year, kind, order_decision_id as o, sum(persons)::int as n from compliance.volume_movement group by 1, 2, 3 order by 1, 2, 3`)).toEqual([
        { year: 2025, kind: 'RELEASE', o: ended, n: 80 }, { year: 2025, kind: 'RESERVE', o: delivered, n: 100 }, { year: 2025, kind: 'RESERVE', o: ended, n: 80 }, { year: 2025, kind: 'RESERVE', o: waiting, n: 1 },
        { year: 2026, kind: 'CONFIRM', o: delivered, n: 100 }, { year: 2026, kind: 'RESERVE', o: delivered, n: 100 },
      ]);
      expect(await rows(`select id, vendor_id, signed_by, needs, decision_id from contracts.pending_order order by id`)).toEqual([
        { id: id(40), vendor_id: EXPORTER, signed_by: [id(50)], needs: [], decision_id: null }, { id: id(41), vendor_id: EXPORTER, signed_by: [id(50), id(51)], needs: [], decision_id: null }, { id: id(42), vendor_id: EXPORTER, signed_by: [id(50)], needs: [], decision_id: null },
      ]);
      await expect(client.query('update compliance.volume_movement set persons = 0')).rejects.toThrow('refused');
      const change = (set: string, n = 40): Promise<unknown> => client.query(`update contracts.pending_order set ${set} where id = '${id(n)}'`);
      await expect(change(`state = 'AWAITING_CLEARANCE'`)).rejects.toMatchObject({ code: '23514' });
      await expect(change(`expires_at = expires_at + interval '1 day'`)).rejects.toThrow('never changed');
      await expect(change(`vendor_id = '${BUYER}'`)).rejects.toThrow('never changed');
      await expect(change(`blocked_by = 'x'`, 42)).rejects.toThrow('stays closed');
      await change(`state = 'AWAITING_CLEARANCE', decision_id = '${waiting}', next_try_at = now(), expires_at = expires_at + interval '180 days'`);
      const seen = async (tenant: string): Promise<unknown[]> => {
        await client.query(`set role entrepot_app`);
        await client.query(`select set_config('entrepot.reach', 'tenant', false), set_config('entrepot.tenant', $1, false)`, [tenant]);
        const found = await rows('select id from contracts.pending_order order by id');
        await client.query('reset role');
        return found;
      };
      expect(await seen(EXPORTER)).toEqual([{ id: id(40) }]);
      expect(await seen(BUYER)).toHaveLength(3);
      expect(await seen(id(60))).toEqual([]);
    } finally {
      await client.end();
      await before.remove();
      await database.drop();
    }
  });
});
