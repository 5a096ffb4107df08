import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { CopyFetcher, settled } from './support/copy-fetcher.js';
import { brokenInvariants } from './support/invariants.js';
import { done, largeFile, listedProduct, type Market, offerOf, openMarket } from './support/market.js';
import { dataFolder, freePort, isReady, remoteExchange, RunningProcess } from './support/process.js';
import { RestartablePostgres } from './support/restartable-postgres.js';
import { order } from './support/trade.js';
import { UsageReporter } from './support/usage-reporter.js';

const RESTARTS = Number(process.env['RESTARTS'] ?? 4);

/** A PostgreSQL that the operator runs goes down and comes up again under load: the exchange stays, and nothing is lost. */
describe('a database that is restarted under load', () => {
  let postgres: RestartablePostgres;
  let folder: Awaited<ReturnType<typeof dataFolder>>;
  let api: RunningProcess;
  let sql: pg.Pool;
  let url: string;
  let market: Market;
  const seed = Math.floor(Math.random() * 2 ** 31);
  let random = seed;
  const next = (): number => (random = (random * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
  const rows = async <T extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<T[]> => (await sql.query<T>(text, values)).rows;

  beforeAll(async () => {
    [postgres, folder] = await Promise.all([RestartablePostgres.start('restarted'), dataFolder('restarts')]);
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    api = new RunningProcess('api', { DATA_DIR: folder.dir, PORT: String(port), DATABASE_URL: postgres.url, LOG_LEVEL: 'error', RATE_LIMIT_PER_MINUTE: '1000000', QUERY_COST_PER_MINUTE: '1000000000' });
    await api.until('ready', () => isReady(url));
    sql = new pg.Pool({ connectionString: postgres.url, max: 2 });
    sql.on('error', () => undefined);
  }, 120_000);
  afterAll(async () => {
    await sql?.end();
    if (api?.running) await api.stop();
    await postgres?.close();
    await folder?.remove();
  });

  it(`${RESTARTS} times: the exchange stays up, every use and every copy counts once`, async () => {
    const outside = remoteExchange(url, sql);
    market = await openMarket(outside);
    const file = largeFile(2_000_000, 'large.csv');
    const { productId, assetIds: [assetId] } = await listedProduct(outside, market, [file]);
    const { id: offerId } = await done(market.vendor, 'createOffer', 'Offer', 'id', offerOf(productId));
    const { licenceId, purchaseId } = await order(outside, market, offerId);
    await done(market.buyer, 'payTrade', 'Payment', 'id', { tradeId: purchaseId });
    await outside.drain();
    const { secret } = await done<{ secret: string }>(market.vendor, 'createApiKey', 'CreatedApiKey', 'secret', { name: 'gateway', scopes: ['METERING_REPORT'], expiresAt: new Date(Date.now() + 86_400_000).toISOString() });

    let restarting = true;
    let restarts = 0;
    const goesOn = (): boolean => restarting;
    const reporter = new UsageReporter(url, secret, licenceId, next);
    const fetcher = new CopyFetcher(market.buyer, licenceId, next, () => restarts);
    const clients = [reporter.run(100, goesOn), reporter.run(1, goesOn), reporter.run(1, goesOn), fetcher.run(assetId!, file, goesOn)];
    const backAfter: number[] = [];
    for (; restarts < RESTARTS; restarts++) {
      await pause(500 + next() * 1_500);
      await postgres.restart(restarts % 2 ? 'SIGQUIT' : 'SIGINT', next() * 1_000);
      const up = performance.now();
      await api.until('ready again', () => isReady(url));
      backAfter.push(Math.round(performance.now() - up));
    }
    await pause(1_000);
    restarting = false;
    await Promise.all(clients);
    expect([seed, api.running]).toEqual([seed, true]);
    await outside.drain();

    const tally = reporter.tally();
    const [stands] = await rows<{ events: number; ids: number; quantity: string }>(`select count(*)::int as events, count(distinct event_id)::int as ids, sum(quantity)::text as quantity from metering.usage_event where licence_id = $1 and meter = 'calls'`, [licenceId]);
    const receipts = new Set((await rows<{ delivery_id: string }>('select delivery_id from delivery.receipt where licence_id = $1', [licenceId])).map((r) => r.delivery_id));
    const { paid, again, free } = settled(fetcher.copies, receipts);
    process.stdout.write(`${RESTARTS} restarts of the database: ready again after ${backAfter.join(', ')} ms; ${tally.tried} events tried, ${tally.different} different, ${tally.unanswered} not answered, lost ${tally.different - stands!.ids}, counted twice ${stands!.events - stands!.ids}; ${fetcher.copies.length} copies, ${fetcher.tally.broken} responses broken, ${receipts.size} receipts\n`);
    expect([seed, stands]).toEqual([seed, { events: tally.different, ids: tally.different, quantity: String(tally.quantity) }]);
    expect([seed, free, again.filter((c) => c.deaths < 2), receipts.size]).toEqual([seed, [], [], paid]);
    expect(tally.unanswered).toBeGreaterThan(0);
    expect(await brokenInvariants({ owner: { query: (text) => rows(text) } })).toEqual({});
  }, 120_000 + RESTARTS * 40_000);
});
