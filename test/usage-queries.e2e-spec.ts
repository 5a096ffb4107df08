import { writeFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { newId } from '#shared';
import type { GraphClient } from './support/client.js';
import { TestClock } from './support/clock.js';
import { startExchange, type TestExchange } from './support/exchange.js';
import { csvFile, done, listedProduct, type Market, offerOf, openMarket, planOf } from './support/market.js';
import { order } from './support/trade.js';

const NOW = '2026-12-10T12:30:00Z';
interface Sum { from: string; until: string; licenceId: string; meter: string; value: string | null; events: string; quantity: string }
const byCall = planOf({ label: 'By call', duration: 'P1Y', period: 'P1M', components: [{ kind: 'ONE_OFF', label: 'Access', amountMinor: '500' }, { kind: 'USAGE', label: 'Calls', meter: 'CALLS', tiers: [{ unitPrice: '1.00' }] }] });

describe('questions about usage', () => {
  const clock = new TestClock(new Date(NOW));
  let exchange: TestExchange;
  let market: Market;
  let licenceId: string;
  let key: string;

  const report = async (over: object, data: object = {}): Promise<number> => {
    const event = { specversion: '1.0', type: 'entrepot.usage.v1', source: 'https://api.vendor.example', id: newId(), subject: licenceId, time: NOW, data: { meter: 'calls', quantity: 1, ...data }, ...over };
    return (await fetch(`${exchange.url}/v1/usage-events`, { method: 'POST', headers: { 'content-type': 'application/cloudevents+json', authorization: `Bearer ${key}` }, body: JSON.stringify(event) })).status;
  };
  const keyOf = async (client: GraphClient, scope: string): Promise<string> => (await done<{ secret: string }>(client, 'createApiKey', 'CreatedApiKey', 'secret', { name: 'test', scopes: [scope], expiresAt: new Date(clock.now().getTime() + 60 * 86_400_000).toISOString() })).secret;
  const ask = async (client: GraphClient, over: object = {}): Promise<Sum[] | null> =>
    (await client.ask<{ usage: { nodes: Sum[] } | null }>(
      'query($licenceId: ID, $meter: Meter, $window: UsageWindow!, $from: DateTime!, $until: DateTime!, $dimension: String, $value: String) { usage(first: 100, licenceId: $licenceId, meter: $meter, window: $window, from: $from, until: $until, dimension: $dimension, value: $value) { nodes { from until licenceId meter value events quantity } } }',
      { licenceId, window: 'DAY', from: '2026-12-10T00:00:00Z', until: NOW, ...over })).usage?.nodes ?? null;
  const take = (token: string, query: Record<string, string>) => fetch(`${exchange.url}/v1/usage-exports?${new URLSearchParams({ window: 'day', from: '2026-12-10T00:00:00Z', until: NOW, ...query })}`, { headers: { authorization: `Bearer ${token}` } });

  beforeAll(async () => {
    exchange = await startExchange({ clock });
    market = await openMarket(exchange);
    const { productId } = await listedProduct(exchange, market, [csvFile(3_000, 'calls.csv')]);
    const { id: offerId } = await done(market.vendor, 'createOffer', 'Offer', 'id', offerOf(productId, { plans: [byCall] }));
    const ordered = await order(exchange, market, offerId);
    licenceId = ordered.licenceId;
    await done(market.buyer, 'payTrade', 'Payment', 'id', { tradeId: ordered.purchaseId });
    key = await keyOf(market.vendor, 'METERING_REPORT');
    clock.advance(3_600);
  });
  afterAll(() => exchange.close());

  it('have one answer for both sides, at once and after it was rolled up; others have none', async () => {
    const time = '2026-12-10T13:10:00Z';
    for (const [data, at] of [[{ quantity: 5, dimensions: { region: 'SG', member: 'ana' } }, time], [{ quantity: 7, dimensions: { region: 'CN' } }, time], [{ meter: 'rows', quantity: 2 }, '2026-12-10T13:20:00Z']] as const) expect(await report({ time: at }, data)).toBe(201);
    const day = { from: '2026-12-10T00:00:00.000Z', until: '2026-12-11T00:00:00.000Z', licenceId, value: null };
    const whole = [{ ...day, meter: 'CALLS', events: '2', quantity: '12' }, { ...day, meter: 'ROWS', events: '1', quantity: '2' }];
    const regions = [{ ...day, meter: 'CALLS', value: 'CN', events: '1', quantity: '7' }, { ...day, meter: 'CALLS', value: 'SG', events: '1', quantity: '5' }];
    const stranger = await exchange.client('stranger');
    for (const rolled of [false, true]) {
      if (rolled) await exchange.drain();
      for (const client of [market.vendor, market.buyer]) {
        expect([rolled, await ask(client)]).toEqual([rolled, whole]);
        expect(await ask(client, { licenceId: null, meter: 'ROWS', window: 'HOUR', until: '2026-12-10T14:00:00Z' })).toEqual([{ ...day, from: '2026-12-10T13:00:00.000Z', until: '2026-12-10T14:00:00.000Z', meter: 'ROWS', events: '1', quantity: '2' }]);
        expect((await ask(client, { dimension: 'region' }))!.sort((a, b) => (a.value! < b.value! ? -1 : 1))).toEqual(regions);
        expect(await ask(client, { dimension: 'member', value: 'ana', window: 'MONTH' })).toEqual([{ ...regions[1], from: '2026-12-01T00:00:00.000Z', until: '2027-01-01T00:00:00.000Z', value: 'ana' }]);
        expect(await ask(client, { from: '2026-12-11T00:00:00Z', until: '2026-12-12T00:00:00Z' })).toEqual([]);
      }
      expect(await ask(market.officer)).toEqual(whole);
      expect([await ask(market.officer, { licenceId: null }), await ask(stranger)]).toEqual([null, null]);
    }
  });

  it('are answered as a file to whoever may ask: CSV and Parquet with the same rows', async () => {
    const reader = await keyOf(market.buyer, 'METERING_READ');
    const response = await take(reader, { dimension: 'region' });
    expect([response.status, response.headers.get('content-type'), response.headers.get('content-disposition')]).toEqual([200, 'text/csv; charset=utf-8; header=present', expect.stringContaining('usage-day-2026-12-10.csv')]);
    const text = await response.text();
    expect(text.split('\r\n')[0]).toBe('from,until,licence_id,meter,value,events,quantity');
    const lines = text.trimEnd().split('\r\n').slice(1).sort();
    expect(lines).toEqual([`2026-12-10T00:00:00.000Z,2026-12-11T00:00:00.000Z,${licenceId},calls,CN,1,7`, `2026-12-10T00:00:00.000Z,2026-12-11T00:00:00.000Z,${licenceId},calls,SG,1,5`]);
    const file = path.join(tmpdir(), `${newId()}.parquet`);
    const written = await take(reader, { format: 'parquet', dimension: 'region', licenceId });
    expect([written.status, written.headers.get('content-type')]).toEqual([200, 'application/vnd.apache.parquet']);
    await writeFile(file, Buffer.from(await written.arrayBuffer()));
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    const found = (await connection.runAndReadAll(`select licence_id::text as licence_id, meter, value, events, quantity::bigint as quantity, epoch_ms("from") as at from '${file}' order by value`)).getRowObjectsJson();
    expect(found).toEqual(['CN', 'SG'].map((value, i) => ({ licence_id: licenceId, meter: 'calls', value, events: '1', quantity: ['7', '5'][i], at: String(Date.UTC(2026, 11, 10)) })));
    await rm(file);
    const own = await (await take(await keyOf(market.vendor, 'METERING_READ'), {})).text();
    expect(own.trimEnd().split('\r\n')).toHaveLength(3);
    expect((await take(key, {})).status).toBe(403);
    expect((await take('ek_nobody.wrong', {})).status).toBe(401);
    expect((await take(reader, { licenceId: newId() })).status).toBe(404);
    const wrongs: Record<string, string>[] = [{ window: 'year' }, { format: 'xlsx' }, { from: 'yesterday' }, { until: '2026-02-31T00:00:00' }, { licenceId: 'x' }, { meter: 'miles' }, { dimension: 'A b' }, { value: 'x' }];
    for (const wrong of wrongs) expect([wrong, (await take(reader, wrong)).status]).toEqual([wrong, 422]);
  });

  it('are answered row by row: an export longer than a page is whole', async () => {
    await exchange.owner.query(
      `insert into metering.usage_event (licence_id, recorded_at, id, agreement_id, vendor_id, buyer_id, meter, quantity, source, event_id, occurred_at, dimensions)
       select $1, now(), gen_random_uuid(), $1, l.vendor_id, l.buyer_id, 'records', 1, 'urn:test', 'many-' || n, '2026-12-09T10:00:00Z'::timestamptz, jsonb_build_object('device', 'd' || n) from generate_series(1, 12001) n, contracts.licence l where l.id = $1`, [licenceId]);
    const token = await keyOf(market.buyer, 'METERING_READ');
    for (const rolled of [false, true]) {
      if (rolled) await exchange.drain();
      const lines = (await (await take(token, { dimension: 'device', from: '2026-12-09T00:00:00Z' })).text()).trimEnd().split('\r\n').slice(1);
      expect([rolled, lines.length, new Set(lines).size]).toEqual([rolled, 12_001, 12_001]);
    }
  });
});
