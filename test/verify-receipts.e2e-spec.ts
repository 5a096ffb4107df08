import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { newId } from '#shared';
import type { UsageStatement } from '#billing';
import { TestClock } from './support/clock.js';
import { startExchange, type TestExchange } from './support/exchange.js';
import { csvFile, done, listedProduct, type Market, offerOf, openMarket, planOf } from './support/market.js';
import { order } from './support/trade.js';

interface Run { code: number; out: string; err: string }
/** Tiers, bytes, and a minimum: everything that a closing reckons with. */
const plan = planOf({
  duration: 'P1Y', period: 'P1M', minimumCommitmentMinor: '900',
  components: [
    { kind: 'RECURRING', label: 'Base', amountMinor: '100' },
    { kind: 'USAGE', label: 'Downloads', meter: 'DOWNLOADS', model: 'GRADUATED', tiers: [{ upTo: '2', unitPrice: '0.25' }, { unitPrice: '0.1' }] },
    { kind: 'USAGE', label: 'Bytes', meter: 'BYTES', freeQuota: '1000', tiers: [{ unitPrice: '0.0001' }] },
  ],
});

describe('an invoice, reckoned anew from receipts alone', () => {
  const clock = new TestClock(new Date('2026-12-10T12:00:00Z'));
  let exchange: TestExchange;
  let market: Market;
  let folder: string;
  let licenceId: string;
  let assetIds: readonly string[];
  let keys: string;
  const statements: UsageStatement[] = [];
  let receipts: string[] = [];

  const keyOf = async (scope: string): Promise<string> => (await done<{ secret: string }>(market.buyer, 'createApiKey', 'CreatedApiKey', 'secret', { name: 'books', scopes: [scope], expiresAt: new Date(clock.now().getTime() + 60 * 86_400_000).toISOString() })).secret;
  const get = (address: string, token: string): Promise<Response> => fetch(exchange.url + address, { headers: { authorization: `Bearer ${token}` } });
  const take = async (asset: number): Promise<void> => {
    const { url } = await market.buyer.mutate<{ url: string }>('requestDownload', 'DownloadGrant', 'url', { licenceId, assetId: assetIds[asset] });
    await (await fetch(url)).arrayBuffer();
    await exchange.drain();
  };
  const verify = async (statement: object, lines: readonly string[], jwks = keys): Promise<Run> => {
    const files = ['invoice.json', 'receipts.jsonl', 'jwks.json'].map((name) => path.join(folder, `${newId()}-${name}`));
    await Promise.all([JSON.stringify(statement), `${lines.join('\n')}\n`, jwks].map((text, i) => writeFile(files[i]!, text)));
    return new Promise((resolve) => execFile(process.execPath, ['dist/apps/verify-receipts/src/main.js', files[0]!, files[1]!, '--jwks', files[2]!], { env: {} }, (error, out, err) => resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err })));
  };

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'entrepot-verify-'));
    exchange = await startExchange({ clock });
    market = await openMarket(exchange);
    const listed = await listedProduct(exchange, market, Array.from({ length: 3 }, (_, i) => csvFile(3_000 + i, `calls-${i}.csv`)));
    ({ assetIds } = listed);
    const { id: offerId } = await done(market.vendor, 'createOffer', 'Offer', 'id', offerOf(listed.productId, { plans: [plan] }));
    const ordered = await order(exchange, market, offerId);
    await done(market.buyer, 'payTrade', 'Payment', 'id', { tradeId: ordered.purchaseId });
    licenceId = ordered.licenceId;
    keys = await (await fetch(`${exchange.url}/.well-known/jwks.json`)).text();
    const books = await keyOf('BILLING_READ');
    for (const [takes, counts] of [[[0, 1], 2], [[2, 0, 1], 5]] as const) {
      for (const asset of takes) await take(asset);
      const { invoice } = await done<{ invoice: { id: string } }>(market.vendor, 'closeUsagePeriod', 'UsagePeriod', 'invoice { id }', { licenceId });
      const response = await get(`/v1/invoices/${invoice.id}/usage-statement`, books);
      expect(response.status).toBe(200);
      const statement = (await response.json()) as UsageStatement;
      expect([...statement.receipts, ...statement.earlierReceipts]).toHaveLength(counts);
      statements.push(statement);
      clock.advance(60);
    }
    const exported = await get(`/v1/receipt-exports?licenceId=${licenceId}`, await keyOf('METERING_READ'));
    expect([exported.status, exported.headers.get('content-type')]).toEqual([200, 'application/jsonl; charset=utf-8']);
    receipts = (await exported.text()).trimEnd().split('\n');
    expect(receipts).toHaveLength(5);
  });
  afterAll(async () => {
    await exchange.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('comes to the same, line by line, also where earlier invoices charged of the period', async () => {
    for (const statement of statements) {
      const { code, out, err } = await verify(statement, receipts);
      expect([err, code]).toEqual(['', 0]);
      expect(out).toContain(`${statement.invoice.number}: 5 receipts verified, no difference`);
      expect(out.match(/^same .*by receipts: /gm)).toHaveLength(statement.invoice.lines.length);
    }
    // Signed forms alone do as well.
    expect((await verify(statements[1]!, receipts.map((r) => (JSON.parse(r) as { jws: string }).jws))).code).toBe(0);
  });

  it('differs where a receipt was tampered with, is missing, is there twice, or is signed by another', async () => {
    const statement = statements[1]!;
    const [first, ...rest] = receipts as [string, ...string[]];
    const { jws } = JSON.parse(first) as { jws: string };
    const [header, payload, signature] = jws.split('.') as [string, string, string];
    const other = { ...(JSON.parse(Buffer.from(payload, 'base64url').toString()) as object), bytes: '1' };
    const tampered = [header, Buffer.from(JSON.stringify(other)).toString('base64url'), signature].join('.');
    const found = await Promise.all([verify(statement, [tampered, ...rest]), verify(statement, rest), verify(statement, [first, ...receipts]), verify(statement, receipts, '{"keys":[]}')]);
    expect(found.map((f) => f.code)).toEqual([1, 1, 1, 1]);
    expect(found[0]!.err).toContain('is no receipt signed by these keys');
    expect(found[1]!.err).toMatch(/receipt [0-9a-f-]{36} is charged and is not there/);
    expect(found[1]!.err).toMatch(/3 downloads of period 1 are charged, receipts prove 2/);
    expect(found[2]!.err).toMatch(/receipt [0-9a-f-]{36} is there twice/);
    expect(found[3]!.out).toContain('0 receipts verified');
  });

  it('differs where the invoice says something else than its receipts and its plan', async () => {
    const statement = statements[1]!;
    const changed = async (change: (s: { invoice: { netMinor: string; lines: { netMinor: string }[] }; charges: { quantity: string; netMinor: string }[]; earlierCharges: { netMinor: string }[]; receipts: string[] }) => void): Promise<string> => {
      const copy = structuredClone(statement) as never;
      change(copy);
      const { code, err } = await verify(copy, receipts);
      expect(code).toBe(1);
      return err;
    };
    expect(await changed((s) => { s.charges[0]!.quantity = '4'; })).toContain('4 downloads of period 1 are charged, receipts prove 3');
    expect(await changed((s) => { s.charges[0]!.netMinor = '99'; })).toContain('99 minor units are charged');
    expect(await changed((s) => { s.earlierCharges[0]!.netMinor = '1'; })).toContain('by its plan it is');
    expect(await changed((s) => { s.invoice.lines[0]!.netMinor = '1'; })).toContain('line 1 says');
    expect(await changed((s) => { s.invoice.netMinor = '100000'; })).toContain('the lines come to');
    expect(await changed((s) => { s.receipts.push(s.receipts[0]!); })).toContain('a receipt is charged twice');
    expect((await verify({ format: 'other' }, receipts)).code).toBe(2);
  });

  it('is nobody else’s to see', async () => {
    const { id } = statements[0]!.invoice;
    const reader = await keyOf('METERING_READ');
    expect([(await get(`/v1/invoices/${id}/usage-statement`, reader)).status, (await get(`/v1/invoices/${newId()}/usage-statement`, await keyOf('BILLING_READ'))).status]).toEqual([403, 404]);
    expect([(await get(`/v1/receipt-exports?licenceId=${newId()}`, reader)).status, (await get('/v1/receipt-exports', reader)).status, (await get(`/v1/receipt-exports?licenceId=${licenceId}`, 'ek_nobody.wrong')).status]).toEqual([404, 404, 401]);
  });
});
