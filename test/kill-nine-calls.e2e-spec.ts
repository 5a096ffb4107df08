import { setTimeout as pause } from 'node:timers/promises';
import { verifySigned } from '#shared';
import { ApiCaller, EagerVendor } from './support/api-caller.js';
import { licensedApi, listedApi } from './support/api-product.js';
import { brokenInvariants } from './support/invariants.js';
import { KillableExchange } from './support/killable.js';
import { type Market, openMarket } from './support/market.js';
import { VendorApi } from './support/vendor-api.js';

const KILLS = Number(process.env['KILLS'] ?? 6);
const CLIENTS = 12;
interface Receipt { readonly callIds: string[]; readonly calls: string; readonly bytes: string }

/** Buyers call a vendor's API while the exchange, and every other time its database, dies at random moments. */
describe('kill -9 in the middle of calls', () => {
  let exchange: KillableExchange;
  let market: Market;
  let vendor: VendorApi;
  let licenceId: string;
  const seed = Math.floor(Math.random() * 2 ** 31);
  let random = seed;
  const next = (): number => (random = (random * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;

  beforeAll(async () => {
    vendor = await VendorApi.start();
    exchange = await KillableExchange.start('kill-calls');
    market = await openMarket(exchange.outside());
    const { productId } = await listedApi(exchange.outside(), market, vendor);
    ({ licenceId } = await licensedApi(exchange.outside(), market, productId));
    await exchange.outside().drain();
  }, 180_000);
  afterAll(async () => {
    await exchange?.close();
    vendor?.close();
  });

  it(`${KILLS} times: what came whole is charged once, what failed is free, and receipts are the usage`, async () => {
    let killing = true;
    const eager = new EagerVendor(vendor, next);
    const caller = new ApiCaller(market.buyer, licenceId, next);
    const clients = Array.from({ length: CLIENTS }, () => caller.run(() => killing));
    for (let i = 0; i < KILLS; i++) {
      await pause(300 + next() * 2_000);
      await exchange.kill();
    }
    await pause(500);
    killing = false;
    await Promise.all(clients);
    await exchange.outside().drain();

    const events = await exchange.rows<{ id: string; quantity: string }>(`select event_id as id, quantity::text from metering.usage_event where licence_id = $1 and meter = 'calls'`, [licenceId]);
    const charged = new Set(events.map((e) => e.id));
    const listed = new Map((await exchange.rows<{ id: string; outcome: string }>('select id, outcome from delivery.api_call where licence_id = $1', [licenceId])).map((c) => [c.id, c.outcome]));
    const { made } = caller;
    const servedOf = (number: number) => eager.served.get(number) ?? [];
    const came = made.filter((m) => m.whole && m.status === 200);
    const lost = came.filter((m) => !charged.has(m.callId!));
    // Each request is a call of its own: whoever was sent on twice would have been charged twice.
    const twice = made.filter((m) => servedOf(m.number).length > 1);
    const free = new Set(made.flatMap((m) => servedOf(m.number).filter((s) => !(m.path === '/v1/stream' ? s.begun : s.whole))).map((s) => s.callId));
    const wronged = [...free].filter((id) => charged.has(id));
    const heard = new Set(made.filter((m) => m.whole || m.path === '/v1/stream').map((m) => m.callId));
    const unheard = [...charged].filter((id) => !heard.has(id));
    process.stdout.write(`${eager.served.size} calls through ${KILLS} kills: ${came.length} came whole, ${made.filter((m) => m.whole).length - came.length} told to have failed, ${made.filter((m) => !m.whole && servedOf(m.number).length).length} cut off in the middle; ${charged.size} charged; charged twice ${twice.length}, came whole and were not charged ${lost.length}, failed and were charged ${wronged.length}, charged and not heard ${unheard.length}\n`);
    expect([seed, twice, lost, wronged]).toEqual([seed, [], [], []]);
    // Charged just before the server died, and cut off in the last 64 KiB: of each client one a death at the most.
    expect(unheard.length).toBeLessThanOrEqual(KILLS * CLIENTS);
    expect(came.filter((m) => m.path !== '/v1/stream' && listed.get(m.callId!) !== 'CHARGED')).toEqual([]);
    expect(made.filter((m) => !m.whole && servedOf(m.number).length).length).toBeGreaterThanOrEqual(KILLS);

    const keys = (await (await fetch(`${exchange.url}/.well-known/jwks.json`)).json()) as Parameters<typeof verifySigned>[0];
    const jws = (await exchange.rows<{ jws: string }>('select jws from delivery.call_receipt where licence_id = $1', [licenceId])).map((r) => r.jws);
    const receipts = await Promise.all(jws.map((text) => verifySigned(keys, 'entrepot-receipt+jws', text) as Promise<unknown> as Promise<Receipt>));
    expect([...new Set(receipts.filter((r) => r.calls !== '0').flatMap((r) => r.callIds))].filter((id) => !charged.has(id) && listed.get(id) !== 'CHARGED')).toEqual([]);
    const proven = new Set(receipts.flatMap((r) => r.callIds));
    expect([...charged].filter((id) => !proven.has(id))).toEqual([]);
    const sum = (of: (r: Receipt) => string): string => receipts.reduce((total, r) => total + BigInt(of(r)), 0n).toString();
    const used = await exchange.rows<{ meter: string; quantity: string }>('select meter, sum(quantity)::text as quantity from metering.usage_event where licence_id = $1 group by meter order by meter', [licenceId]);
    expect([seed, used]).toEqual([seed, [{ meter: 'bytes', quantity: sum((r) => r.bytes) }, { meter: 'calls', quantity: sum((r) => r.calls) }]]);
    expect(await brokenInvariants({ owner: { query: (text) => exchange.rows(text) } })).toEqual({});
  }, 90_000 + KILLS * 40_000);
});
