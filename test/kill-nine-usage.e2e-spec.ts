import { setTimeout as pause } from 'node:timers/promises';
import { newId } from '#shared';
import { brokenInvariants } from './support/invariants.js';
import { KillableExchange } from './support/killable.js';
import { csvFile, done, listedProduct, type Market, offerOf, openMarket } from './support/market.js';
import { order } from './support/trade.js';

const KILLS = Number(process.env['KILLS'] ?? 4);
const BATCH = 100;
const CLIENTS = { batches: 3, singles: 6 };
type Event = Record<string, unknown>;

/** Vendors report while the exchange, and every other time its database, dies at random moments. They send again until they are answered, some of it a second time, in another sequence. */
describe('kill -9 while uses are reported', () => {
  let exchange: KillableExchange;
  let market: Market;
  let licenceId: string;
  let key: string;
  const seed = Math.floor(Math.random() * 2 ** 31);
  let random = seed;
  const next = (): number => (random = (random * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
  const made = new Map<string, number>();
  const tally = { tried: 0, recorded: 0, duplicates: 0, unanswered: 0 };

  const event = (): Event => {
    const [id, quantity] = [newId(), 1 + Math.floor(next() * 5)];
    made.set(id, quantity);
    return { specversion: '1.0', type: 'entrepot.usage.v1', source: 'urn:gateway', id, subject: licenceId, time: new Date().toISOString(), data: { meter: 'calls', quantity } };
  };
  /** What became of each; null where nobody answered or it was too much. */
  const post = async (events: readonly Event[], batched: boolean): Promise<string[] | null> => {
    tally.tried += events.length;
    const response = await fetch(`${exchange.url}/v1/usage-events`, {
      method: 'POST', headers: { 'content-type': batched ? 'application/cloudevents-batch+json' : 'application/cloudevents+json', authorization: `Bearer ${key}` }, body: JSON.stringify(batched ? events : events[0]),
    }).catch(() => null);
    const answer = response?.ok ? ((await response.json().catch(() => null)) as { status: string; results?: { status: string }[] } | null) : null;
    if (!answer) tally.unanswered += events.length;
    return answer && (answer.results ?? [answer]).map((r) => r.status);
  };
  /** Sends until it is answered: the first answer may say that it was counted, though nobody heard so. */
  const report = async (events: readonly Event[], batched: boolean): Promise<void> => {
    for (;;) {
      const answered = await post(events, batched);
      if (!answered) {
        await pause(200 + next() * 300);
        continue;
      }
      for (const status of answered) {
        if (status === 'recorded') tally.recorded += 1;
        else if (status === 'duplicate') tally.duplicates += 1;
        else throw new Error(`${status} (seed ${seed})`);
      }
      return;
    }
  };
  const client = async (batched: boolean, goesOn: () => boolean): Promise<void> => {
    while (goesOn()) {
      const events = Array.from({ length: batched ? BATCH : 1 }, event);
      await report(events, batched);
      if (next() < 0.2) await report(events.toReversed(), batched);
    }
  };

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
    const clients = [...Array.from({ length: CLIENTS.batches }, () => client(true, () => killing)), ...Array.from({ length: CLIENTS.singles }, () => client(false, () => killing))];
    for (let i = 0; i < KILLS; i++) {
      await pause(next() * 1_500);
      await exchange.kill();
    }
    await pause(1_000);
    killing = false;
    await Promise.all(clients);

    const [stands] = await exchange.rows<{ events: number; ids: number; quantity: string }>('select count(*)::int as events, count(distinct event_id)::int as ids, sum(quantity)::text as quantity from metering.usage_event where licence_id = $1', [licenceId]);
    const quantity = [...made.values()].reduce((sum, q) => sum + q, 0);
    process.stdout.write(`reported through ${KILLS} kills: ${tally.tried} events tried, ${made.size} different, ${tally.unanswered} not answered, ${tally.recorded} recorded, ${tally.duplicates} told to be duplicates; lost ${made.size - stands!.ids}, counted twice ${stands!.events - stands!.ids}\n`);
    expect([seed, stands]).toEqual([seed, { events: made.size, ids: made.size, quantity: String(quantity) }]);
    // What was counted without an answer is told as a duplicate when it comes again.
    expect(tally.recorded).toBeLessThanOrEqual(made.size);
    expect(tally.unanswered).toBeGreaterThan(0);
    for (const side of [market.vendor, market.buyer]) {
      const { usageSummary } = await side.ask<{ usageSummary: { meter: string; quantity: string }[] }>('query($id: ID!) { usageSummary(licenceId: $id) { meter quantity } }', { id: licenceId });
      expect(usageSummary).toContainEqual({ meter: 'CALLS', quantity: String(quantity) });
    }
    await exchange.outside().drain();
    expect(await brokenInvariants({ owner: { query: (text) => exchange.rows(text) } })).toEqual({});
  }, 60_000 + KILLS * 40_000);
});
