import { newId } from '#shared';
import { TestClock } from './support/clock.js';
import { startExchange, type TestExchange } from './support/exchange.js';
import { brokenInvariants } from './support/invariants.js';
import { csvFile, done, listedProduct, type Market, offerOf, openMarket, planOf } from './support/market.js';
import { download, order } from './support/trade.js';

const HOUR = 3_600;
const plan = planOf({ duration: 'P1Y', period: 'P1M', components: [{ kind: 'ONE_OFF', label: 'Access', amountMinor: '500' }, { kind: 'USAGE', label: 'Calls', meter: 'CALLS', tiers: [{ unitPrice: '1.00' }] }, { kind: 'USAGE', label: 'Downloads', meter: 'DOWNLOADS', tiers: [{ unitPrice: '2.00' }] }] });

/** A server's clock is put right, or set wrong, while it works: what it counts does not hang on that. */
describe('a clock that is moved', () => {
  const clock = new TestClock(new Date('2026-12-10T12:00:00Z'));
  let exchange: TestExchange;
  let market: Market;
  let licenceId: string;
  let assetId: string;
  let key: string;

  beforeAll(async () => {
    exchange = await startExchange({ clock });
    market = await openMarket(exchange);
    const listed = await listedProduct(exchange, market, [csvFile(3_000)]);
    assetId = listed.assetIds[0]!;
    const { id: offerId } = await done(market.vendor, 'createOffer', 'Offer', 'id', offerOf(listed.productId, { plans: [plan] }));
    const ordered = await order(exchange, market, offerId);
    await done(market.buyer, 'payTrade', 'Payment', 'id', { tradeId: ordered.purchaseId });
    ({ licenceId } = ordered);
    key = (await done<{ secret: string }>(market.vendor, 'createApiKey', 'CreatedApiKey', 'secret', { name: 'gateway', scopes: ['METERING_REPORT'], expiresAt: new Date(clock.now().getTime() + 60 * 86_400_000).toISOString() })).secret;
  });
  afterAll(() => exchange.close());

  const tally: Record<string, number> = {};
  interface Told { readonly id: string; readonly time: string }
  const told = (): Told => ({ id: newId(), time: clock.now().toISOString() });
  const report = async ({ id, time }: Told): Promise<string> => {
    const event = { specversion: '1.0', type: 'entrepot.usage.v1', source: 'urn:gateway', id, subject: licenceId, time, data: { meter: 'calls', quantity: 1 } };
    const response = await fetch(`${exchange.url}/v1/usage-events`, { method: 'POST', headers: { 'content-type': 'application/cloudevents+json', authorization: `Bearer ${key}` }, body: JSON.stringify(event) });
    const answer = (await response.json()) as { status?: string; code?: string };
    const became = answer.status ?? answer.code!;
    tally[became] = (tally[became] ?? 0) + 1;
    return became;
  };
  /** Whoever signs in before a clock goes back holds a token of the future. */
  const signIn = async (): Promise<void> => {
    const [vendor, buyer] = await Promise.all([exchange.client('vendor'), exchange.client('buyer')]);
    market = { ...market, vendor, buyer };
  };
  const move = async (seconds: number): Promise<void> => {
    clock.advance(seconds);
    await signIn();
  };
  const used = async (): Promise<Record<string, string>> =>
    Object.fromEntries((await market.buyer.ask<{ usage: { nodes: { meter: string; quantity: string }[] } }>(
      '{ usage(window: MONTH, from: "2026-12-01T00:00:00Z", until: "2027-01-01T00:00:00Z") { nodes { meter quantity } } }')).usage.nodes.map((n) => [n.meter, n.quantity]));

  it('counts each use once, bills each once, and adds up to the same, however it jumps', async () => {
    await move(24 * HOUR);
    const before = [told(), told(), told()];
    for (const event of before) expect(await report(event)).toBe('recorded');
    await download(exchange, market.buyer, licenceId, assetId);
    await exchange.drain();

    await move(-2 * HOUR);
    // What was counted lies ahead now, and is refused as anything that does; sent again later it is a duplicate.
    for (const event of [...before, { id: newId(), time: before[0]!.time }]) expect(await report(event)).toBe('metering.too_early');
    const behind = [told(), told()];
    for (const event of behind) expect(await report(event)).toBe('recorded');
    await download(exchange, market.buyer, licenceId, assetId);
    await exchange.drain();
    expect(await used()).toMatchObject({ CALLS: '5', DOWNLOADS: '2' });

    await move(5 * HOUR);
    for (const event of [...before, ...behind]) expect(await report(event)).toBe('duplicate');
    const after = told();
    expect(await report(after)).toBe('recorded');
    await download(exchange, market.buyer, licenceId, assetId);
    await exchange.drain();
    expect(await used()).toMatchObject({ CALLS: '6', DOWNLOADS: '3' });
    const close = () => market.vendor.mutate<{ code?: string; invoice?: { net: { minor: string } } }>('closeUsagePeriod', 'UsagePeriod', 'invoice { net { minor } }', { licenceId });
    expect((await close()).invoice!.net.minor).toBe('1200');

    // Back behind what was billed: nothing is billed again, what comes then is billed once.
    await move(-4 * HOUR);
    expect(await close()).toMatchObject({ code: 'billing.nothing_to_bill' });
    expect([await report(after), await report(told())]).toEqual(['metering.too_early', 'recorded']);
    await move(4 * HOUR);
    expect((await close()).invoice!.net.minor).toBe('100');
    expect(await close()).toMatchObject({ code: 'billing.nothing_to_bill' });
    await exchange.drain();
    const [stands] = (await exchange.owner.query('select count(*)::int as events, count(distinct (source, event_id))::int as names from metering.usage_event where licence_id = $1', [licenceId])) as { events: number; names: number }[];
    process.stdout.write(`a clock moved by -2, +5, -4 and +4 hours: reports ${JSON.stringify(tally)}; ${stands!.events} events, counted twice ${stands!.events - stands!.names}\n`);
    // Each download counts as one and by its bytes.
    expect(stands).toEqual({ events: tally['recorded']! + 2 * 3, names: tally['recorded']! + 2 * 3 });
    expect(await brokenInvariants(exchange)).toEqual({});
  });
});
