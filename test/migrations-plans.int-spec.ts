import pg from 'pg';
import { migrate } from '#shared';
import { emptyDatabase, migrationsBefore } from './support/database.js';

const id = (n: number): string => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const [VENDOR, BUYER, PRICED, FLAT] = [id(1), id(2), id(3), id(4)];

describe('the migration of prices to plans', () => {
  it('says the same in plans, leaves documents and hashes as they were, and keeps terms and people as strict as before', async () => {
    const database = await emptyDatabase();
    const before = await migrationsBefore('1793000000500');
    await migrate(database.url, before.folder);
    await before.remove();
    const client = new pg.Client(database.url);
    await client.connect();
    try {
      const offer = (n: string, minor: number, per: string, days: number): Promise<unknown> => client.query(
        `insert into contracts.offer (id, product_id, vendor_id, title, currency, one_off_price_minor, per_download_price, licence_days, purposes, destinations, state, created_at) values ($1, $1, $2, 'Offer', 'SGD', $3, $4, $5, '{RESEARCH}', '{SG}', 'ACTIVE', now())`, [n, VENDOR, minor, per, days]);
      await offer(PRICED, 10_000, '0.25', 365);
      await offer(FLAT, 500, '0.00', 30);
      await client.query(
        `insert into contracts.agreement (id, offer_id, product_id, vendor_id, buyer_id, decision_id, document, hash, currency, one_off_price_minor, per_download_price, purpose, destination, concluded_at)
         values ($1, $2, $2, $3, $4, $2, '{"version": "2", "terms": {"oneOffPriceMinor": "10000"}}', $5, 'SGD', 10000, '0.25', 'RESEARCH', 'SG', now())`, [id(10), PRICED, VENDOR, BUYER, 'a'.repeat(64)]);
      await client.query(
        `insert into contracts.licence (id, agreement_id, product_id, vendor_id, buyer_id, state, days, valid_from, valid_until, created_at)
         values ($1, $2, $3, $4, $5, 'ACTIVE', 365, '2026-01-01Z', '2027-01-01Z', now())`, [id(11), id(10), PRICED, VENDOR, BUYER]);
      await client.query(
        `insert into contracts.pending_order (id, buyer_id, offer_id, purpose, destination, currency, one_off_price_minor, per_download_price, requested_by, state, expires_at, created_at, vendor_id, signed_by)
         values ($1, $2, $3, 'RESEARCH', 'SG', 'SGD', 500, '0', $2, 'AWAITING_SIGNATURE', now() + interval '1 day', now(), $4, array[$2::uuid])`, [id(12), BUYER, FLAT, VENDOR]);
      // A closing of before and its invoice; constraints of other rooms are not the matter here.
      await client.query('set session_replication_role = replica');
      await client.query(
        `insert into billing.invoice (id, issuer_id, series, number, kind, trade_id, agreement_id, customer_id, issuer, customer, currency, net_minor, tax_minor, total_minor, tax_treatment, line_count, issued_at)
         values ($1, $2, 'INV-2026', 1, 'USAGE', $1, $3, $4, '{}', '{}', 'SGD', 75, 0, 75, '{}', 1, now())`, [id(20), VENDOR, id(10), BUYER]);
      await client.query(
        `insert into billing.usage_period (id, licence_id, agreement_id, vendor_id, buyer_id, meter, unit_price, quantity, event_count, trade_id, invoice_id, closed_at)
         values ($1, $2, $3, $4, $5, 'downloads', '0.25', 3, 3, $6, $6, now())`, [id(21), id(11), id(10), VENDOR, BUYER, id(20)]);
      await client.query('set session_replication_role = origin');
      await migrate(database.url);

      const rows = async (sql: string): Promise<unknown[]> => (await client.query(sql)).rows as unknown[];
      const plan = (ofOffer: string, minor: string, days: number, per?: string): object => ({
        id: ofOffer, label: 'Standard', currency: 'SGD', duration: `P${days}D`, period: null, minimumCommitmentMinor: null, trial: null,
        components: [{ kind: 'ONE_OFF', label: 'Licence', minor }, ...(per ? [{ kind: 'USAGE', label: 'Downloads', meter: 'downloads', model: 'FLAT', packageSize: null, freeQuota: '0', tiers: [{ upTo: null, unitPrice: per, flatFeeMinor: '0' }] }] : [])],
      });
      expect(await rows('select plans, entry_minor, audience from contracts.offer order by id')).toEqual([
        { plans: [plan(PRICED, '10000', 365, '0.25')], entry_minor: '10000', audience: 'PUBLIC' }, { plans: [plan(FLAT, '500', 30)], entry_minor: '500', audience: 'PUBLIC' },
      ]);
      expect(await rows('select plan, hash, document from contracts.agreement')).toEqual([{ plan: plan(PRICED, '10000', 365, '0.25'), hash: 'a'.repeat(64), document: { version: '2', terms: { oneOffPriceMinor: '10000' } } }]);
      expect(await rows('select plan from contracts.pending_order')).toEqual([{ plan: plan(FLAT, '500', 30) }]);
      expect(await rows(`select duration, plan_id, paid_from = valid_from as same from contracts.licence`)).toEqual([{ duration: 'P365D', plan_id: PRICED, same: true }]);
      expect(await rows('select closing_id, licence_id, period, component, meter, quantity, net_minor from billing.charge')).toEqual([{ closing_id: id(21), licence_id: id(11), period: 0, component: 1, meter: 'downloads', quantity: '3', net_minor: '75' }]);
      expect(await rows('select licence_id, next_period, due_at from billing.schedule')).toEqual([{ licence_id: id(11), next_period: 1, due_at: new Date('2027-01-01Z') }]);
      expect(await rows('select product_id, vendor_id, next_at is not null as due from contracts.offer_clock order by 1')).toEqual([{ product_id: PRICED, vendor_id: VENDOR, due: true }, { product_id: FLAT, vendor_id: VENDOR, due: true }]);
      expect(await rows('select 1 from contracts.licence_price')).toEqual([]);

      await expect(client.query(`update contracts.offer set plans = '[{}]' where id = '${PRICED}'`)).rejects.toThrow(/never changed/);
      await expect(client.query(`update contracts.offer set audience_ids = array['${BUYER}'::uuid] where id = '${PRICED}'`)).rejects.toThrow(/never changed/);
      await client.query(`update contracts.offer set superseded_at = now() where id = '${PRICED}'`);
      await expect(client.query(`update contracts.offer set superseded_at = null where id = '${PRICED}'`)).rejects.toThrow(/never changed/);
      await expect(client.query(`update contracts.agreement set plan = '{}'`)).rejects.toThrow(/refused/);
      await expect(client.query(`update contracts.pending_order set plan = '{}'`)).rejects.toThrow(/never changed/);
      const offerRow = (audience: string, ids: string, until: string): Promise<unknown> => client.query(
        `insert into contracts.offer (id, product_id, vendor_id, title, plans, entry_minor, audience, audience_ids, purposes, destinations, terms, state, valid_until, created_at) values (gen_random_uuid(), $1, $1, 'x', '[{}]', 0, $2, $3, '{RESEARCH}', '{SG}', '{}', 'ACTIVE', $4, now())`, [VENDOR, audience, ids, until || null]);
      for (const wrong of [offerRow('NAMED', '{}', '2030-01-01'), offerRow('PUBLIC', `{${BUYER}}`, '2030-01-01'), offerRow('NAMED', `{${BUYER}}`, '')]) await expect(wrong).rejects.toMatchObject({ code: '23514' });
    } finally {
      await client.end();
      await database.drop();
    }
  });
});
