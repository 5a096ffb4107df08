import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { InterruptedUpload } from './support/interrupted-upload.js';
import { brokenInvariants } from './support/invariants.js';
import { KillableExchange } from './support/killable.js';
import { draftProduct, done, type Draft, type Market, openMarket, sha256 } from './support/market.js';
import { TusClient } from './support/tus.js';

const KILLS = Number(process.env['KILLS'] ?? 6);
const LINES = 160_000;
/** So many of the kills come after the last byte was sent and before the answer: while it is hashed and takes its place. */
const AT_THE_END = 0.35;
/** From the last byte to the answer. */
const END_MS = 120;

/** A vendor sends large files over a slow line while the exchange, and every other time its database, dies at random moments of it; each time he goes on where it stands. */
describe('kill -9 in the middle of an upload', () => {
  let exchange: KillableExchange;
  let market: Market;
  let draft: Draft;
  const seed = Math.floor(Math.random() * 2 ** 31);
  let random = seed;
  const next = (): number => (random = (random * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
  const base = Buffer.from(Array.from({ length: LINES }, () => `${randomBytes(24).toString('hex')},1\n`).join(''));
  const contentOf = (n: number): Buffer => Buffer.concat([Buffer.from(`a,b\n${n},0\n`), base]);
  const assets = new Map<string, Buffer>();

  beforeAll(async () => {
    exchange = await KillableExchange.start('kill-uploads');
    market = await openMarket(exchange.outside());
    const content = contentOf(0);
    draft = await draftProduct(market, [{ fileName: 'large-0.csv', mediaType: 'text/csv', content }]);
    assets.set(draft.assetIds[0]!, content);
  }, 180_000);
  afterAll(() => exchange?.close());

  const tus = () => new TusClient(market.vendor);
  const stored = (assetId: string) => exchange.rows<{ bytes: string }>('select byte_length::text as bytes from delivery.stored_object where asset_id = $1', [assetId]);
  const another = async (): Promise<InterruptedUpload> => {
    const content = contentOf(assets.size);
    const { id } = await done(market.vendor, 'addAsset', 'Asset', 'id', { revisionId: draft.revisionId, fileName: `large-${assets.size}.csv`, mediaType: 'text/csv', byteLength: String(content.length), sha256: sha256(content) });
    assets.set(id, content);
    return InterruptedUpload.begin(tus(), id, content);
  };

  it(`${KILLS} times: nothing shows before it is whole, and what was described is what is stored, once`, async () => {
    const [[firstId, first]] = assets as unknown as [[string, Buffer]];
    let upload = await InterruptedUpload.begin(tus(), firstId, first);
    let stood = 0;
    const places: string[] = [];
    const hits = { inside: 0, finishing: 0, stored: 0, answered: 0 };
    for (let i = 0; i < KILLS; i++) {
      const { length } = upload.content;
      const atTheEnd = next() < AT_THE_END;
      const sending = upload.send(stood);
      await upload.reached(atTheEnd ? length : stood + Math.floor(next() * 0.9 * (length - stood)), sending);
      if (atTheEnd) await pause(next() * END_MS);
      const answered = upload.answered !== null;
      await exchange.kill();
      await sending;
      // What stands before anybody asks where to go on.
      const kept = await stored(upload.assetId);
      const offset = await upload.offset();
      expect([seed, offset >= stood && offset <= length, kept.length === 0 || offset === length]).toEqual([seed, true, true]);
      const hit = answered ? 'answered' : kept.length ? 'stored' : offset === length ? 'finishing' : 'inside';
      hits[hit] += 1;
      places.push(hit === 'inside' ? `${Math.round((100 * offset) / length)}%` : hit);
      stood = offset;
      if (offset < length) {
        expect([seed, kept, await stored(upload.assetId)]).toEqual([seed, [], []]);
        continue;
      }
      expect([seed, await stored(upload.assetId)]).toEqual([seed, [{ bytes: String(length) }]]);
      if (i < KILLS - 1) [upload, stood] = [await another(), 0];
    }
    process.stdout.write(`${assets.size} uploads of ${base.length} bytes through ${KILLS} kills: ${hits.inside} before the last byte, ${hits.finishing} while it was hashed and took its place, ${hits.stored} before the answer, ${hits.answered} after it (${places.join(', ')})\n`);
    expect([seed, hits.inside + hits.finishing >= KILLS / 2]).toEqual([seed, true]);
    for (let offset = stood; offset < upload.content.length; offset = await upload.offset()) await upload.send(offset);
    const bytes = [...assets.values()].reduce((sum, c) => sum + c.length, 0);
    for (const [assetId, { length }] of assets) expect([seed, await stored(assetId)]).toEqual([seed, [{ bytes: String(length) }]]);
    expect(await exchange.rows('select sum(bytes)::text as held from delivery.held_bytes where vendor_id = $1', [market.vendorId])).toEqual([{ held: String(bytes) }]);
    // The platform test hashes the stored bytes again.
    await done(market.vendor, 'finaliseRevision', 'Revision', 'id', { revisionId: draft.revisionId });
    await done(market.vendor, 'submitProduct', 'Product', 'id', { productId: draft.productId });
    await exchange.outside().drain();
    expect(await exchange.rows(`select details -> 'findings' as findings from catalog.gate_record where product_id = $1`, [draft.productId])).toEqual([{ findings: [] }]);
    const described = await exchange.rows<{ id: string; sha256: string }>('select id, sha256 from catalog.asset where id = any($1)', [[...assets.keys()]]);
    expect(new Map(described.map((a) => [a.id, a.sha256]))).toEqual(new Map([...assets].map(([id, content]) => [id, sha256(content)])));
    expect(await brokenInvariants({ owner: { query: (text) => exchange.rows(text) } })).toEqual({});
  }, 60_000 + KILLS * 40_000);
});
