import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { brokenInvariants } from './support/invariants.js';
import { KillableExchange } from './support/killable.js';
import { draftProduct, done, type Market, openMarket, sha256 } from './support/market.js';
import { TusClient } from './support/tus.js';

const KILLS = Number(process.env['KILLS'] ?? 4);
const LINE = 48;
const CHUNK = 64 * 1_024;

/** A vendor sends a large file over a slow line while the exchange, and every other time its database, dies at random moments; each time he goes on where it stands. */
describe('kill -9 in the middle of an upload', () => {
  let exchange: KillableExchange;
  let market: Market;
  const seed = Math.floor(Math.random() * 2 ** 31);
  let random = seed;
  const next = (): number => (random = (random * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;

  beforeAll(async () => {
    exchange = await KillableExchange.start('kill-uploads');
    market = await openMarket(exchange.outside());
  }, 180_000);
  afterAll(() => exchange?.close());

  it(`${KILLS} times: nothing shows before it is whole, and what was described is what is stored, once`, async () => {
    const content = Buffer.concat([Buffer.from('a,b\n'), Buffer.from(Array.from({ length: 160_000 }, () => `${randomBytes(LINE / 2).toString('hex')},1\n`).join(''))]);
    const draft = await draftProduct(market, [{ fileName: 'large.csv', mediaType: 'text/csv', content }]);
    const [assetId] = draft.assetIds;
    const stored = () => exchange.rows<{ bytes: string }>('select byte_length::text as bytes from delivery.stored_object where asset_id = $1', [assetId]);
    const tus = new TusClient(market.vendor);
    const url = await tus.begin(assetId!, content.length);
    /** As much as gets through; an answer or none. */
    const send = async (from: number): Promise<number | null> => {
      let at = from;
      const body = new ReadableStream<Uint8Array>({
        pull: async (controller) => {
          await pause(2);
          controller.enqueue(new Uint8Array(content.subarray(at, (at += CHUNK))));
          if (at >= content.length) controller.close();
        },
      });
      return tus.append(url, from, body).then((r) => r.status, () => null);
    };
    const stood: number[] = [0];
    for (let i = 0; i < KILLS; i++) {
      const sending = send(stood.at(-1)!);
      await pause(20 + next() * 100);
      await exchange.kill();
      await sending;
      const offset = await tus.offset(url);
      expect([seed, offset >= stood.at(-1)! && offset <= content.length]).toEqual([seed, true]);
      stood.push(offset);
      if (offset < content.length) expect([seed, await stored()]).toEqual([seed, []]);
    }
    process.stdout.write(`an upload of ${content.length} bytes went on at ${stood.slice(1).join(', ')} after kills\n`);
    // The last answer may be lost too: then asking where it stands ends it.
    for (let offset = stood.at(-1)!; offset < content.length; offset = await tus.offset(url)) await send(offset);
    expect((await tus.head(url)).status).toBe(200);
    expect(await stored()).toEqual([{ bytes: String(content.length) }]);
    expect(await exchange.rows('select sum(bytes)::text as held from delivery.held_bytes where vendor_id = $1', [market.vendorId])).toEqual([{ held: String(content.length) }]);
    // The platform test hashes the stored bytes again.
    await done(market.vendor, 'finaliseRevision', 'Revision', 'id', { revisionId: draft.revisionId });
    await done(market.vendor, 'submitProduct', 'Product', 'id', { productId: draft.productId });
    await exchange.outside().drain();
    expect(await exchange.rows(`select a.sha256, g.details -> 'findings' as findings from catalog.asset a, catalog.gate_record g where a.id = $1 and g.product_id = $2`, [assetId, draft.productId])).toEqual([{ sha256: sha256(content), findings: [] }]);
    expect(await brokenInvariants({ owner: { query: (text) => exchange.rows(text) } })).toEqual({});
  }, 60_000 + KILLS * 40_000);
});
