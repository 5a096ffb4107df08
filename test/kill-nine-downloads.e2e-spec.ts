import { setTimeout as pause } from 'node:timers/promises';
import { CopyFetcher, settled } from './support/copy-fetcher.js';
import { brokenInvariants } from './support/invariants.js';
import { KillableExchange } from './support/killable.js';
import { done, largeFile, listedProduct, type Market, offerOf, openMarket } from './support/market.js';
import { order } from './support/trade.js';

const KILLS = Number(process.env['KILLS'] ?? 4);
const CLIENTS = 4;

/** Buyers fetch large files while the exchange, and every other time its database, dies at random moments. */
describe('kill -9 in the middle of downloads', () => {
  let exchange: KillableExchange;
  let market: Market;
  let licenceId: string;
  let assetIds: readonly string[];
  const files = Array.from({ length: CLIENTS }, (_, i) => largeFile(3_000_000, `large-${i}.csv`));
  const seed = Math.floor(Math.random() * 2 ** 31);
  let random = seed;
  const next = (): number => (random = (random * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;

  beforeAll(async () => {
    exchange = await KillableExchange.start('kill-downloads');
    market = await openMarket(exchange.outside());
    const listed = await listedProduct(exchange.outside(), market, files);
    ({ assetIds } = listed);
    const { id: offerId } = await done(market.vendor, 'createOffer', 'Offer', 'id', offerOf(listed.productId));
    const ordered = await order(exchange.outside(), market, offerId);
    await done(market.buyer, 'payTrade', 'Payment', 'id', { tradeId: ordered.purchaseId });
    await exchange.outside().drain();
    ({ licenceId } = ordered);
  }, 180_000);
  afterAll(() => exchange?.close());

  it(`${KILLS} times: each copy arrives whole and is paid once`, async () => {
    let killing = true;
    const fetcher = new CopyFetcher(market.buyer, licenceId, next, () => exchange.kills);
    const clients = files.map((file, i) => fetcher.run(assetIds[i]!, file, () => killing));
    for (let i = 0; i < KILLS; i++) {
      await pause(100 + next() * 1_500);
      await exchange.kill();
    }
    await pause(500);
    killing = false;
    await Promise.all(clients);
    await exchange.outside().drain();

    const receipts = new Set((await exchange.rows<{ delivery_id: string }>('select delivery_id from delivery.receipt where licence_id = $1', [licenceId])).map((r) => r.delivery_id));
    const { copies, tally } = fetcher;
    const { paid, again, free } = settled(copies, receipts);
    process.stdout.write(`${copies.length} copies through ${KILLS} kills: ${tally.requests} responses, ${tally.broken} broken (${tally.hungUp} hung up), ${tally.usedUp} tokens used up; ${receipts.size} receipts, ${again.length} copies paid more than once, ${free.length} for nothing\n`);
    expect([seed, free]).toEqual([seed, []]);
    // A token carries two copies' worth: whoever was cut off more often than that after he had paid opens another one.
    expect([seed, again.filter((c) => c.deaths < 2)]).toEqual([seed, []]);
    expect([seed, receipts.size]).toEqual([seed, paid]);
    expect(await exchange.rows('select count(*)::int as downloads, sum(quantity)::text as counted from metering.usage_event where licence_id = $1 and meter = $2', [licenceId, 'downloads'])).toEqual([{ downloads: receipts.size, counted: String(receipts.size) }]);
    expect(tally.broken).toBeGreaterThan(0);
    expect(await brokenInvariants({ owner: { query: (text) => exchange.rows(text) } })).toEqual({});
  }, 90_000 + KILLS * 40_000);
});
