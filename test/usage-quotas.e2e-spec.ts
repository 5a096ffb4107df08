import { newId } from '#shared';
import type { GraphClient } from './support/client.js';
import { TestClock } from './support/clock.js';
import { startExchange, type TestExchange } from './support/exchange.js';
import { brokenInvariants } from './support/invariants.js';
import { csvFile, done, listedProduct, type Market, offerOf, openMarket, planOf } from './support/market.js';
import { order } from './support/trade.js';

const NOW = '2026-12-10T12:00:00Z';
const DAY = 86_400;
type Answer = { url?: string; code?: string; current?: string; message?: string; quantity?: string; fields?: { path: string }[] };
interface Quota { quota: { side: string; meter: string; quantity: string; hard: boolean; period: string }; from: string; until: string; used: string; open: string; left: string }

const monthly = (quotas: object[] = []) => planOf({ duration: 'P1Y', period: 'P1M', components: [{ kind: 'RECURRING', label: 'Base', amountMinor: '100' }, { kind: 'USAGE', label: 'Downloads', meter: 'DOWNLOADS', tiers: [{ unitPrice: '0.25' }] }], quotas });

describe('quotas of use', () => {
  const clock = new TestClock(new Date(NOW));
  let exchange: TestExchange;
  let market: Market;
  let productId: string;
  let assetIds: readonly string[];

  beforeAll(async () => {
    exchange = await startExchange({ clock, env: { RATE_LIMIT_PER_MINUTE: '1000000' } });
    market = await openMarket(exchange);
    ({ productId, assetIds } = await listedProduct(exchange, market, Array.from({ length: 7 }, (_, i) => csvFile(3_000, `calls-${i}.csv`))));
  });
  afterAll(() => exchange.close());

  const licensed = async (plan: object = monthly()): Promise<string> => {
    const { id: offerId } = await done(market.vendor, 'createOffer', 'Offer', 'id', offerOf(productId, { plans: [plan] }));
    const ordered = await order(exchange, market, offerId);
    await done(market.buyer, 'payTrade', 'Payment', 'id', { tradeId: ordered.purchaseId });
    return ordered.licenceId;
  };
  const setQuota = (licenceId: string, over: object = {}, client = market.buyer) => client.mutate<Answer>('setUsageQuota', 'UsageQuota', 'quantity', { licenceId, meter: 'DOWNLOADS', quantity: '3', period: 'MONTH', hard: true, ...over });
  const ask = (licenceId: string, asset = 0) => market.buyer.mutate<Answer>('requestDownload', 'DownloadGrant', 'url', { licenceId, assetId: assetIds[asset] });
  const quotas = async (licenceId: string, client = market.buyer) =>
    (await client.ask<{ licenceQuotas: Quota[] | null }>('query($id: ID!) { licenceQuotas(licenceId: $id) { quota { side meter quantity hard period } from until used open left } }', { id: licenceId })).licenceQuotas;
  const told = async (licenceId: string, client = market.buyer) =>
    (await client.ask<{ notices: { nodes: { details: string }[] } }>('query($id: ID!) { notices(objectId: $id, kinds: [QUOTA]) { nodes { details } } }', { id: licenceId })).notices.nodes.map((n) => JSON.parse(n.details) as { percent: number; beyond: boolean; meter: string }).reverse();

  it('are agreed with a plan, or the buyer’s own, and both sides see what is left', async () => {
    const wrong = await market.vendor.mutate<Answer>('createOffer', 'Offer', 'id', offerOf(productId, { plans: [monthly([{ meter: 'CALLS', quantity: '5' }, { meter: 'CALLS', quantity: '6' }])] }));
    expect(wrong).toMatchObject({ __typename: 'InvalidInput', fields: [{ path: 'plans.0.quotas.1.meter' }] });
    const licenceId = await licensed(monthly([{ meter: 'DOWNLOADS', quantity: '5' }]));
    expect(await setQuota(licenceId, {}, market.vendor)).toMatchObject({ __typename: 'NotFound' });
    expect(await setQuota(licenceId, { quantity: '0' })).toMatchObject({ __typename: 'InvalidInput' });
    expect(await setQuota(licenceId, { meter: 'BYTES', quantity: '9000', hard: false })).toMatchObject({ quantity: '9000' });
    const { url } = await ask(licenceId);
    await (await fetch(url!)).arrayBuffer();
    await ask(licenceId, 1);
    for (const client of [market.vendor, market.buyer, market.officer]) {
      expect(await quotas(licenceId, client)).toEqual([
        { quota: { side: 'VENDOR', meter: 'DOWNLOADS', quantity: '5', hard: true, period: 'LICENCE_PERIOD' }, from: expect.any(String), until: expect.any(String), used: '1', open: '1', left: '3' },
        { quota: { side: 'BUYER', meter: 'BYTES', quantity: '9000', hard: false, period: 'MONTH' }, from: '2026-12-01T00:00:00.000Z', until: '2027-01-01T00:00:00.000Z', used: expect.any(String), open: expect.any(String), left: expect.any(String) },
      ]);
    }
    expect(await quotas(licenceId, await exchange.client('stranger'))).toBeNull();
    const lift = (meter: string) => market.buyer.mutate<Answer>('liftUsageQuota', 'UsageQuota', 'quantity', { licenceId, meter });
    expect([(await lift('BYTES')).quantity, (await lift('BYTES')).code, (await lift('DOWNLOADS')).code]).toEqual(['9000', 'contracts.usage_quota', 'contracts.usage_quota']);
    expect(await quotas(licenceId)).toHaveLength(1);
    expect(await exchange.owner.query(`select act from audit.entry where object_id = $1 and act like 'usage-quota%' order by recorded_at, id`, [licenceId])).toEqual([{ act: 'usage-quota.set' }, { act: 'usage-quota.lift' }]);
  });

  it('let exactly as many through as they give when a hundred ask at once, and none is lost', async () => {
    const licenceId = await licensed(monthly([{ meter: 'DOWNLOADS', quantity: '7' }]));
    const answers = await Promise.all(Array.from({ length: 100 }, (_, i) => ask(licenceId, i % 7)));
    expect(answers.filter((a) => a.url)).toHaveLength(7);
    expect([...new Set(answers.filter((a) => !a.url).map((a) => `${a.code} ${a.current}`))]).toEqual(['delivery.quota QUOTA']);
    // What nobody fetched is free again, and the hundred after it get exactly that.
    await Promise.all(answers.filter((a) => a.url).slice(0, 4).map(async (a) => (await fetch(a.url!)).arrayBuffer()));
    clock.advance(301);
    const again = await Promise.all(Array.from({ length: 100 }, (_, i) => ask(licenceId, i % 7)));
    expect(again.filter((a) => a.url)).toHaveLength(3);
    await Promise.all(again.filter((a) => a.url).map(async (a) => (await fetch(a.url!)).arrayBuffer()));
    await exchange.drain();
    expect(await quotas(licenceId)).toMatchObject([{ used: '7', open: '0', left: '0' }]);
    expect((await ask(licenceId)).message).toMatch(/^the quota of 7 downloads for .* leaves 0$/);
    expect(await brokenInvariants(exchange)).toEqual({});
  });

  it('count bytes as they count downloads, and tell at 50, 80 and 100 percent without refusing where they are soft', async () => {
    const licenceId = await licensed();
    await setQuota(licenceId, { quantity: '2', hard: false });
    await setQuota(licenceId, { meter: 'BYTES', quantity: '7000' });
    const take = async (): Promise<Answer> => {
      const given = await ask(licenceId);
      if (given.url) await (await fetch(given.url)).arrayBuffer();
      await exchange.drain();
      return given;
    };
    const percents = async (client?: GraphClient) => (await told(licenceId, client)).filter((t) => t.meter === 'downloads').map((t) => t.percent);
    expect([(await take()).url !== undefined, await percents()]).toEqual([true, [50]]);
    expect([(await take()).url !== undefined, await percents()]).toEqual([true, [50, 100]]);
    // The third would be within no byte quota, though the one of downloads only tells.
    expect(await take()).toMatchObject({ code: 'delivery.quota', message: expect.stringContaining('bytes') });
    expect(await percents(market.vendor)).toEqual([]);
    clock.advance(31 * DAY);
    market = { ...market, vendor: await exchange.client('vendor'), buyer: await exchange.client('buyer'), officer: await exchange.client('officer') };
    await exchange.drain();
    expect(await take()).toMatchObject({ __typename: 'DownloadGrant' });
    expect(await percents()).toEqual([50, 100, 50]);
  });

  it('count what vendors report though it goes beyond, and tell both sides of it', async () => {
    const licenceId = await licensed(monthly([{ meter: 'CALLS', quantity: '100' }]));
    const { secret } = await done<{ secret: string }>(market.vendor, 'createApiKey', 'CreatedApiKey', 'secret', { name: 'gateway', scopes: ['METERING_REPORT'], expiresAt: new Date(clock.now().getTime() + 60 * DAY * 1_000).toISOString() });
    const report = async (quantity: number): Promise<number> => {
      const event = { specversion: '1.0', type: 'entrepot.usage.v1', source: 'https://api.vendor.example', id: newId(), subject: licenceId, time: clock.now().toISOString(), data: { meter: 'calls', quantity } };
      return (await fetch(`${exchange.url}/v1/usage-events`, { method: 'POST', headers: { 'content-type': 'application/cloudevents+json', authorization: `Bearer ${secret}` }, body: JSON.stringify(event) })).status;
    };
    for (const [quantity, percents] of [[50, [50]], [29, [50]], [1, [50, 80]], [70, [50, 80, 100]], [5, [50, 80, 100]]] as const) {
      expect(await report(quantity)).toBe(201);
      // Transactions of other databases of this server may hold the sums back for a moment.
      for (let i = 0; i < 100 && (await told(licenceId)).length < percents.length; i++) await exchange.drain();
      await exchange.drain();
      for (const client of [market.buyer, market.vendor]) expect([quantity, (await told(licenceId, client)).map((t) => t.percent)]).toEqual([quantity, percents]);
    }
    expect((await told(licenceId)).at(-1)).toMatchObject({ beyond: true, meter: 'calls' });
    expect(await quotas(licenceId, market.vendor)).toMatchObject([{ used: '155', left: '0' }]);
  });
});
