import { setTimeout as pause } from 'node:timers/promises';
import { brokenInvariants } from './support/invariants.js';
import { KillableExchange } from './support/killable.js';
import { csvFile, done, listedProduct, type Market, offerOf, openMarket } from './support/market.js';
import { order } from './support/trade.js';
import { UsageReporter } from './support/usage-reporter.js';

const KILLS = Number(process.env['KILLS'] ?? 4);
const BATCH = 100;
const CLIENTS = { batches: 3, singles: 6 };

/** Vendors report while the exchange, and every other time its database, dies at random moments. They send again until they are answered, some of it a second time, in another sequence. */
describe('kill -9 while uses are reported', () => {
  let exchange: KillableExchange;
  let market: Market;
  let licenceId: string;
  let key: string;
  const seed = Math.floor(Math.random() * 2 ** 31);
  let random = seed;
  const next = (): number => (random = (random * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
  beforeAll(async () => {
    exchange = await KillableExchange.start('kill-usage');
    market = await openMarket(exchange.outside());
    const { productId } = await listedProduct(exchange.outside(), market, [csvFile(500)]);
    const { id: offerId } = await done(market.vendor, 'createOffer', 'Offer', 'id', offerOf(productId));
    const ordered = await order(exchange.outside(), market, offerId);
    await done(market.buyer, 'payTrade', 'Payment', 'id', { tradeId: ordered.purchaseId });
    await exchange.outside().drain();
    licenceId = ordered.licenceId;
    key = (await done<{ secret: string }>(market.vendor, 'createApiKey', 'CreatedApiKey', 'secret', { name: 'gateway', scopes: ['METERING_REPORT'], expiresAt: new Date(Date.now() + 86_400_000).toISOString() })).secret;
  }, 180_000);
  afterAll(() => exchange?.close());

  it(`${KILLS} times: everything that was reported counts once, and both sides see the same`, async () => {
    let killing = true;
    const reporter = new UsageReporter(exchange.url, key, licenceId, next);
    const clients = [...Array.from({ length: CLIENTS.batches }, () => reporter.run(BATCH, () => killing)), ...Array.from({ length: CLIENTS.singles }, () => reporter.run(1, () => killing))];
    for (let i = 0; i < KILLS; i++) {
      await pause(next() * 1_500);
      await exchange.kill();
    }
    await pause(1_000);
    killing = false;
    await Promise.all(clients);

    const [stands] = await exchange.rows<{ events: number; ids: number; quantity: string }>('select count(*)::int as events, count(distinct event_id)::int as ids, sum(quantity)::text as quantity from metering.usage_event where licence_id = $1', [licenceId]);
    const tally = reporter.tally();
    const quantity = String(tally.quantity);
    process.stdout.write(`reported through ${KILLS} kills: ${tally.tried} events tried, ${tally.different} different, ${tally.unanswered} not answered, ${tally.recorded} recorded, ${tally.duplicates} told to be duplicates; lost ${tally.different - stands!.ids}, counted twice ${stands!.events - stands!.ids}\n`);
    expect([seed, stands]).toEqual([seed, { events: tally.different, ids: tally.different, quantity }]);
    // What was counted without an answer is told as a duplicate when it comes again.
    expect(tally.recorded).toBeLessThanOrEqual(tally.different);
    expect(tally.unanswered).toBeGreaterThan(0);
    for (const side of [market.vendor, market.buyer]) {
      const { usageSummary } = await side.ask<{ usageSummary: { meter: string; quantity: string }[] }>('query($id: ID!) { usageSummary(licenceId: $id) { meter quantity } }', { id: licenceId });
      expect(usageSummary).toContainEqual({ meter: 'CALLS', quantity });
    }
    await exchange.outside().drain();
    expect(await brokenInvariants({ owner: { query: (text) => exchange.rows(text) } })).toEqual({});
  }, 60_000 + KILLS * 40_000);
});
