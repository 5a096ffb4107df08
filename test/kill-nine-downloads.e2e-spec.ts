import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { brokenInvariants } from './support/invariants.js';
import { KillableExchange } from './support/killable.js';
import { done, listedProduct, type Market, offerOf, openMarket, type TestFile } from './support/market.js';
import { order } from './support/trade.js';

const KILLS = Number(process.env['KILLS'] ?? 4);
const CLIENTS = 4;
const BLOCK = 64 * 1_024;

/** One copy that a client fetches: as many tokens as it takes, and how often the exchange died meanwhile. */
interface Copy { readonly assetId: string; readonly tokens: string[]; readonly kills: number }

const large = (fileName: string): TestFile => ({ fileName, mediaType: 'text/csv', content: Buffer.from(`a,b\n${Array.from({ length: 60_000 }, () => `${randomBytes(24).toString('hex')},1\n`).join('')}`) });

/** Buyers fetch large files over slow lines, in one piece, in two at once, twice the same, and now and then they hang up, while the exchange, and every other time its database, dies at random moments. */
describe('kill -9 in the middle of downloads', () => {
  let exchange: KillableExchange;
  let market: Market;
  let licenceId: string;
  let assetIds: readonly string[];
  const files = Array.from({ length: CLIENTS }, (_, i) => large(`large-${i}.csv`));
  const seed = Math.floor(Math.random() * 2 ** 31);
  let random = seed;
  const next = (): number => (random = (random * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
  const tally = { requests: 0, broken: 0, hungUp: 0, refused: 0 };
  const copies: Copy[] = [];

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

  /** A token; the same request again where nobody answered. */
  const open = async (assetId: string): Promise<{ url: string; deliveryId: string }> => {
    for (;;) {
      const grant = await market.buyer.mutate<{ __typename: string; url: string; deliveryId: string; code?: string }>('requestDownload', 'DownloadGrant', 'url deliveryId', { licenceId, assetId }).catch(() => null);
      if (grant?.__typename === 'DownloadGrant') return grant;
      if (grant) throw new Error(`${grant.code} (seed ${seed})`);
      await pause(100);
    }
  };
  /** Reads a range as far as it comes; the status, or null where the line broke. */
  const read = async (url: string, from: number, to: number, take: (at: number, bytes: Uint8Array) => void, hangUpAfter: number): Promise<number | null> => {
    const ending = new AbortController();
    let begun = false;
    try {
      const response = await fetch(url, { headers: { range: `bytes=${from}-${to - 1}` }, signal: ending.signal });
      begun = true;
      tally.requests += 1;
      if (response.status !== 206) {
        await response.arrayBuffer();
        return response.status;
      }
      let at = from;
      for await (const chunk of response.body!) {
        take(at, chunk as Uint8Array);
        at += (chunk as Uint8Array).length;
        if (at - from > hangUpAfter) {
          tally.hungUp += 1;
          ending.abort();
        }
        await pause(20);
      }
      return 206;
    } catch {
      // Between a kill and the next start nobody answers.
      if (begun) tally.broken += 1;
      return null;
    }
  };
  /** One whole copy, however long it takes. */
  const fetchCopy = async (assetId: string, { content }: TestFile): Promise<void> => {
    const copy = Buffer.alloc(content.length);
    const has = new Uint8Array(content.length);
    const take = (at: number, bytes: Uint8Array): void => {
      copy.set(bytes, at);
      has.fill(1, at, at + bytes.length);
    };
    const killedBefore = exchange.kills;
    const tokens: string[] = [];
    for (let grant: { url: string; deliveryId: string } | null = null; ;) {
      const from = has.indexOf(0);
      if (from < 0) break;
      if (!grant) tokens.push((grant = await open(assetId)).deliveryId);
      const missing = has.indexOf(1, from);
      const to = missing < 0 ? content.length : missing;
      const hangUpAfter = next() < 0.35 ? next() * (to - from) : Infinity;
      const middle = Math.floor((from + to) / 2);
      const pieces: [number, number][] = next() < 0.3 && to - from > BLOCK ? [[from, middle], [middle, to]] : [[from, to]];
      const { url } = grant;
      const statuses = await Promise.all(pieces.map(([start, end]) => read(url, start, end, take, hangUpAfter)));
      if (statuses.some((s) => s !== null && [404, 409, 410].includes(s))) {
        tally.refused += 1;
        grant = null;
      } else if (statuses.some((s) => s !== 206)) await pause(100);
    }
    expect([seed, createHash('sha256').update(copy).digest('hex')]).toEqual([seed, createHash('sha256').update(content).digest('hex')]);
    copies.push({ assetId, tokens, kills: exchange.kills - killedBefore });
  };

  it(`${KILLS} times: each copy arrives whole and is paid once`, async () => {
    let killing = true;
    const clients = files.map(async (file, i) => {
      while (killing) await fetchCopy(assetIds[i]!, file);
    });
    for (let i = 0; i < KILLS; i++) {
      await pause(100 + next() * 1_500);
      await exchange.kill();
    }
    await pause(500);
    killing = false;
    await Promise.all(clients);
    await exchange.outside().drain();

    const receipts = new Set((await exchange.rows<{ delivery_id: string }>('select delivery_id from delivery.receipt where licence_id = $1', [licenceId])).map((r) => r.delivery_id));
    const paid = copies.map((copy) => ({ ...copy, receipts: copy.tokens.filter((t) => receipts.has(t)).length }));
    const again = paid.filter((c) => c.receipts > 1);
    process.stdout.write(`${copies.length} copies through ${KILLS} kills: ${tally.requests} requests, ${tally.broken} broken (${tally.hungUp} hung up), ${tally.refused} tokens used up; ${receipts.size} receipts, ${again.length} copies paid more than once, ${paid.filter((c) => !c.receipts).length} for nothing\n`);
    expect([seed, paid.filter((c) => c.receipts === 0)]).toEqual([seed, []]);
    // A token carries two copies' worth: whoever was cut off more often than that after he had paid opens another one.
    expect([seed, again.filter((c) => c.kills < 2)]).toEqual([seed, []]);
    expect([seed, receipts.size]).toEqual([seed, paid.reduce((sum, c) => sum + c.receipts, 0)]);
    expect(await exchange.rows('select count(*)::int as downloads, sum(quantity)::text as counted from metering.usage_event where licence_id = $1 and meter = $2', [licenceId, 'downloads'])).toEqual([{ downloads: receipts.size, counted: String(receipts.size) }]);
    expect(tally.broken).toBeGreaterThan(0);
    expect(await brokenInvariants({ owner: { query: (text) => exchange.rows(text) } })).toEqual({});
  }, 90_000 + KILLS * 40_000);
});
