import { Compliance } from '#compliance';
import { asSystem, systemCaller, UnitOfWork } from '#shared';
import { TestClock } from './support/clock.js';
import { startExchange, type TestExchange } from './support/exchange.js';
import { brokenInvariants } from './support/invariants.js';
import { csvFile, done, type Draft, listedProduct, type Market, offerOf, openMarket } from './support/market.js';
import { order } from './support/trade.js';

const DAY = 86_400;

/** What a trade takes of the exporter's year, from the order to its end. */
describe('export volume', () => {
  const clock = new TestClock(new Date('2026-11-23T04:00:00Z'));
  const file = csvFile(4_000);
  let exchange: TestExchange;
  let market: Market;
  let product: Draft;
  beforeAll(async () => {
    exchange = await startExchange({ clock });
    market = await openMarket(exchange);
    product = await listedProduct(exchange, market, [file], { persons: '20000' });
  });
  afterAll(() => exchange.close());
  afterEach(async () => {
    await exchange.drain();
    expect(await brokenInvariants(exchange)).toEqual({});
  });

  const volume = async (): Promise<{ reserved: object; confirmed: object }> =>
    (await market.vendor.ask<{ exportVolume: { reserved: object; confirmed: object } }>('{ exportVolume(year: 2026) { reserved { persons sensitivePersons } confirmed { persons sensitivePersons } } }')).exportVolume;
  const of = (persons: number): object => ({ persons: String(persons), sensitivePersons: '0' });
  /** Ordered and paid. */
  const licence = async (): Promise<{ licenceId: string; agreementId: string }> => {
    const { id: offerId } = await done(market.vendor, 'createOffer', 'Offer', 'id', offerOf(product.productId));
    const ordered = await order(exchange, market, offerId);
    await done(market.buyer, 'payTrade', 'Payment', 'id', { tradeId: ordered.purchaseId });
    return ordered;
  };
  const grant = async (licenceId: string): Promise<string> => (await done<{ url: string }>(market.buyer, 'requestDownload', 'DownloadGrant', 'url', { licenceId, assetId: product.assetIds[0] })).url;
  const movements = async (agreementId: string): Promise<string[]> =>
    ((await exchange.owner.query('select kind from compliance.volume_movement m join contracts.agreement a on a.decision_id = m.order_decision_id where a.id = $1 order by m.moved_at, m.id', [agreementId])) as { kind: string }[]).map((m) => m.kind);
  const signIn = async (): Promise<void> => {
    for (const name of ['vendor', 'buyer'] as const) Object.assign(market, { [name]: await exchange.client(name) });
  };

  it('is confirmed with the first byte, not by a token, and stays when the licence runs out', async () => {
    const { licenceId, agreementId } = await licence();
    const url = await grant(licenceId);
    expect((await fetch(url, { method: 'HEAD' })).status).toBe(200);
    expect(await volume()).toEqual({ reserved: of(20_000), confirmed: of(0) });
    expect((await fetch(url, { headers: { range: 'bytes=0-0' } })).status).toBe(206);
    expect(await volume()).toEqual({ reserved: of(0), confirmed: of(20_000) });
    await Promise.all([fetch(url), fetch(url, { headers: { range: 'bytes=5-9' } }), fetch(await grant(licenceId))].map(async (r) => (await r).arrayBuffer()));
    expect(await movements(agreementId)).toEqual(['RESERVE', 'CONFIRM']);
    expect(await market.buyer.ask('{ exportVolume(year: 2026) { confirmed { persons } } }')).toEqual({ exportVolume: { confirmed: { persons: '0' } } });
  });

  it('is given back where the licence runs out undelivered, and by a trade that has ended nothing leaves', async () => {
    const unused = await licence();
    const raced = await licence();
    const suspended = await licence();
    await done(market.officer, 'suspendLicence', 'Licence', 'id', { licenceId: suspended.licenceId, reason: 'a test' });
    const [, late] = [await grant(unused.licenceId), await grant(raced.licenceId)];
    expect(await volume()).toEqual({ reserved: of(60_000), confirmed: of(20_000) });
    const [{ decision_id: orderDecisionId }] = (await exchange.owner.query('select decision_id from contracts.agreement where id = $1', [raced.agreementId])) as [{ decision_id: string }];
    // The licence ends between the look at it and the first byte.
    await asSystem(() => exchange.app.get(UnitOfWork).run((tx) => exchange.app.get(Compliance).volume.release(tx, systemCaller('test'), { orderDecisionId, reason: 'ended' })));
    const refused = await fetch(late);
    expect([refused.status, await refused.json()]).toEqual([409, { code: 'delivery.export_released', message: expect.any(String) as string }]);
    clock.advance(365 * DAY);
    await exchange.drain();
    await signIn();
    for (const { agreementId } of [unused, suspended]) expect(await movements(agreementId)).toEqual(['RESERVE', 'RELEASE']);
    expect(await exchange.owner.query('select state from contracts.licence where id = $1', [suspended.licenceId])).toEqual([{ state: 'EXPIRED' }]);
    expect(await volume()).toEqual({ reserved: of(0), confirmed: of(20_000) });
    const topics = await exchange.owner.query(`select payload->>'from' as was, payload->>'to' as is from shared.outbox where topic = 'contracts.licence-ended.v1' and aggregate_id = $1`, [unused.licenceId]);
    expect(topics).toEqual([{ was: 'ACTIVE', is: 'EXPIRED' }]);
  });
});
