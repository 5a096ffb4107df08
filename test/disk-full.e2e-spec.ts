import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { brokenInvariants } from './support/invariants.js';
import { KillableExchange } from './support/killable.js';
import { csvFile, done, draftProduct, largeFile, listedProduct, offerOf, openMarket, putContent } from './support/market.js';
import { order } from './support/trade.js';
import { UsageReporter } from './support/usage-reporter.js';

const SIZE = '320m';

/** A small disk of its own; null where this account may not mount one: then the exchange's own files may not grow (RLIMIT_FSIZE), and its database has room. */
function smallDisk(): string | null {
  const dir = mkdtempSync(path.join(process.env['ENTREPOT_TEST_FOLDER']!, 'disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE},mode=755`, 'tmpfs', dir], { stdio: 'ignore' });
    return dir;
  } catch {
    rmdirSync(dir);
    return null;
  }
}
const disk = process.env['DISK'] === 'none' ? null : smallDisk();

/** Everything of the exchange lies on a disk that fills up under load. What it could not keep it did not promise; when there is room again it goes on. */
describe('a full disk', () => {
  let exchange: KillableExchange;
  const ballast = path.join(disk ?? '', 'ballast');
  const seed = Math.floor(Math.random() * 2 ** 31);
  let random = seed;
  const next = (): number => (random = (random * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;

  beforeAll(async () => {
    exchange = await KillableExchange.start('disk-full', disk ? { dir: disk, remove: () => Promise.resolve() } : undefined);
  }, 180_000);
  afterAll(async () => {
    await exchange?.close();
    if (!disk) return;
    execFileSync('umount', ['-l', disk]);
    rmdirSync(disk);
  });

  const limitFiles = (most: string): number => {
    execFileSync('prlimit', ['--pid', String(exchange.pid), `--fsize=${most}:unlimited`]);
    return 0;
  };
  /** Takes every byte that is left. */
  const fill = async (): Promise<number> => {
    if (!disk) return limitFiles('0');
    const file = await open(ballast, 'a');
    let bytes = 0;
    for (let size = 1 << 20; size >= 1_024;) {
      const wrote = await file.write(Buffer.alloc(size)).then((r) => r.bytesWritten, () => 0);
      bytes += wrote;
      if (wrote < size) size >>= 1;
    }
    await file.close();
    return bytes;
  };

  it('refuses what it cannot keep, loses nothing that it answered for, and goes on when there is room', async () => {
    const market = await openMarket(exchange.outside());
    const { productId } = await listedProduct(exchange.outside(), market, [csvFile(500)]);
    const { id: offerId } = await done(market.vendor, 'createOffer', 'Offer', 'id', offerOf(productId));
    const { licenceId, purchaseId } = await order(exchange.outside(), market, offerId);
    await done(market.buyer, 'payTrade', 'Payment', 'id', { tradeId: purchaseId });
    const { secret } = await done<{ secret: string }>(market.vendor, 'createApiKey', 'CreatedApiKey', 'secret', { name: 'gateway', scopes: ['METERING_REPORT'], expiresAt: new Date(Date.now() + 86_400_000).toISOString() });
    const large = largeFile(6_000_000, 'large.csv');
    const { assetIds: [assetId] } = await draftProduct(market, [large]);
    const upload = (): Promise<number | null> => putContent(market.vendor, assetId!, large.content).then((r) => r.status, () => null);

    let reporting = true;
    const reporter = new UsageReporter(exchange.url, secret, licenceId, next);
    const clients = [reporter.run(100, () => reporting), reporter.run(1, () => reporting)];
    await pause(500);
    const taken: number[] = [await fill()];
    const refused = await upload();
    // What the database gives back in between is taken too.
    for (let i = 0; i < 4; i++) {
      await pause(500);
      taken.push(await fill().catch(() => 0));
    }
    const before = reporter.tally();
    const stayed = exchange.running;
    if (disk) await rm(ballast);
    else limitFiles('unlimited');
    await exchange.revive();
    await pause(1_500);
    reporting = false;
    await Promise.all(clients);
    const kept = await upload();

    const tally = reporter.tally();
    const [stands] = await exchange.rows<{ events: number; ids: number; quantity: string }>('select count(*)::int as events, count(distinct event_id)::int as ids, sum(quantity)::text as quantity from metering.usage_event where licence_id = $1', [licenceId]);
    process.stdout.write(`disk full: ${taken.reduce((a, b) => a + b)} bytes of ballast, the exchange ${stayed ? 'stayed up' : 'ended and was started again'}; an upload answered ${refused}, afterwards ${kept}; ${tally.tried} events tried, ${before.unanswered} not answered while it was full, ${tally.different} different, lost ${tally.different - stands!.ids}, counted twice ${stands!.events - stands!.ids}\n`);
    expect([seed, stands]).toEqual([seed, { events: tally.different, ids: tally.different, quantity: String(tally.quantity) }]);
    // Where the database lies on it too, what is reported has to wait.
    expect(before.unanswered > 0).toBe(disk !== null);
    // Insufficient storage; or nobody answers, where the database itself has ended for want of room and is coming back.
    expect(disk ? [507, 500, 503, null] : [507]).toContain(refused);
    expect(kept).toBe(201);
    expect(await exchange.rows('select count(*)::int as n from delivery.stored_object where asset_id = $1', [assetId])).toEqual([{ n: 1 }]);
    await exchange.outside().drain();
    expect(await brokenInvariants({ owner: { query: (text) => exchange.rows(text) } })).toEqual({});
  }, 180_000);
});
