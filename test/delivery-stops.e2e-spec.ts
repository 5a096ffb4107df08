import { once } from 'node:events';
import http from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { GraphClient } from './support/client.js';
import { TestClock } from './support/clock.js';
import { startExchange, type TestExchange } from './support/exchange.js';
import { brokenInvariants } from './support/invariants.js';
import { activeLicence, csvFile, done, type Draft, listedProduct, type Market, offerOf, openMarket, orderOf, planOf } from './support/market.js';
import { order } from './support/trade.js';

/** I2: what was granted is asked again at the first byte. */
describe('what stops a delivery', () => {
  const clock = new TestClock();
  const file = csvFile(4_000);
  /** Longer than what the sockets of both ends hold. */
  const long = csvFile(24_000_000, 'long.csv');
  let exchange: TestExchange;
  let market: Market;
  let product: Draft;
  let licenceId: string;

  beforeAll(async () => {
    exchange = await startExchange({ clock });
    market = await openMarket(exchange);
    product = await listedProduct(exchange, market, [file, long]);
  });
  afterAll(() => exchange.close());
  beforeEach(async () => {
    ({ licenceId } = await activeLicence(exchange, market, product.productId));
  });
  afterEach(async () => {
    await exchange.drain();
    expect(await brokenInvariants(exchange)).toEqual({});
    expect(await exchange.owner.query('select 1 from delivery.receipt where licence_id = $1', [licenceId])).toEqual([]);
  });

  const ask = () => market.buyer.mutate<{ url: string }>('requestDownload', 'DownloadGrant', 'url', { licenceId, assetId: product.assetIds[0] });
  const grant = async (): Promise<string> => {
    const given = await ask();
    expect(given.__typename).toBe('DownloadGrant');
    return given.url;
  };
  /** Whole, in part, or only its head: not a byte of it. */
  const expectClosed = async (url: string, status: number, code: string): Promise<void> => {
    for (const range of [undefined, 'bytes=0-9', 'bytes=-1']) {
      const response = await fetch(url, { headers: range ? { range } : {} });
      expect([range, response.status, await response.json()]).toEqual([range, status, { code, message: expect.any(String) as string }]);
    }
    expect((await fetch(url, { method: 'HEAD' })).status).toBe(status);
  };

  it('the product is suspended: the token stops, and goes on when it is reinstated', async () => {
    const url = await grant();
    await done(market.officer, 'suspendProduct', 'Product', 'id', { productId: product.productId, reason: 'a complaint' });
    await expectClosed(url, 403, 'delivery.product_not_listed');
    expect(await ask()).toMatchObject({ __typename: 'StateConflict', code: 'delivery.product_not_listed' });
    await done(market.reviewer, 'reinstateProduct', 'Product', 'id', { productId: product.productId, reason: 'without ground' });
    expect((await fetch(url, { method: 'HEAD' })).status).toBe(200);
  });

  it('the vendor is suspended, before any message of it is handed on', async () => {
    const url = await grant();
    const { id: offerId } = await done(market.vendor, 'createOffer', 'Offer', 'id', offerOf(product.productId));
    await done(market.officer, 'suspendOrganisation', 'Organisation', 'id', { organisationId: market.vendorId, reason: 'false evidence' });
    await expectClosed(url, 403, 'delivery.product_not_listed');
    expect(await ask()).toMatchObject({ __typename: 'StateConflict', code: 'delivery.product_not_listed' });
    expect(await market.buyer.mutate('placeOrder', 'Agreement', 'id', orderOf(offerId))).toMatchObject({ __typename: 'StateConflict', code: 'contracts.product_not_listed' });
    await done(market.officer, 'reinstateOrganisation', 'Organisation', 'id', { organisationId: market.vendorId, reason: 'cleared' });
    expect((await fetch(url, { method: 'HEAD' })).status).toBe(200);
  });

  it('a response that is running is broken off, uncounted, when the vendor is suspended meanwhile', async () => {
    const given = await done<{ url: string }>(market.buyer, 'requestDownload', 'DownloadGrant', 'url', { licenceId, assetId: product.assetIds[1] });
    const request = http.get(given.url, { agent: false });
    const [response] = (await once(request, 'response')) as [http.IncomingMessage];
    // Whatever the sockets of both ends hold is read only later: the response stands in the middle of its file.
    await pause(2_100);
    await done(market.officer, 'suspendOrganisation', 'Organisation', 'id', { organisationId: market.vendorId, reason: 'false evidence' });
    try {
      let received = 0;
      const broken = (async () => {
        for await (const chunk of response) received += (chunk as Buffer).length;
      })();
      await expect(broken).rejects.toThrow('aborted');
      expect(received).toBeLessThan(long.content.length);
    } finally {
      await done(market.officer, 'reinstateOrganisation', 'Organisation', 'id', { organisationId: market.vendorId, reason: 'cleared' });
    }
  });

  it('the buyer is suspended: a token that he holds is no good either', async () => {
    const url = await grant();
    const { me } = await market.buyer.ask<{ me: { organisation: { id: string } } }>('{ me { organisation { id } } }');
    await done(market.officer, 'suspendOrganisation', 'Organisation', 'id', { organisationId: me.organisation.id, reason: 'resells the data' });
    try {
      expect(await ask()).toMatchObject({ __typename: 'NotPermitted' });
      await expectClosed(url, 403, 'delivery.buyer_not_verified');
    } finally {
      await done(market.officer, 'reinstateOrganisation', 'Organisation', 'id', { organisationId: me.organisation.id, reason: 'cleared' });
    }
  });

  it('the licence runs out, also before the sweep has written it down', async () => {
    const { id: offerId } = await done(market.vendor, 'createOffer', 'Offer', 'id', offerOf(product.productId, { plans: [planOf({ duration: 'P1D' })] }));
    const ordered = await order(exchange, market, offerId);
    ({ licenceId } = ordered);
    expect(await ask()).toMatchObject({ __typename: 'StateConflict', code: 'delivery.licence_not_active', current: 'PENDING' });
    await done(market.buyer, 'payTrade', 'Payment', 'id', { tradeId: ordered.purchaseId });
    // The token lives five minutes, the licence three more.
    clock.advance(86_400 - 180);
    const [buyer, vendor, officer, reviewer] = (await Promise.all(['buyer', 'vendor', 'officer', 'reviewer'].map((s) => exchange.client(s)))) as [GraphClient, GraphClient, GraphClient, GraphClient];
    market = { ...market, buyer, vendor, officer, reviewer };
    const url = await grant();
    clock.advance(181);
    await expectClosed(url, 403, 'delivery.licence_not_active');
    expect(await ask()).toMatchObject({ __typename: 'StateConflict', code: 'delivery.licence_not_active', current: 'EXPIRED' });
    await exchange.drain();
    expect(await market.buyer.ask('query($id: ID!) { licence(id: $id) { state } }', { id: licenceId })).toEqual({ licence: { state: 'EXPIRED' } });
    await expectClosed(url, 403, 'delivery.licence_not_active');
    clock.advance(120);
    await expectClosed(url, 410, 'delivery.token_not_valid');
  });

  it('the opinion behind the listing lapses: listed in name only', async () => {
    const url = await grant();
    const [{ opinion_valid_until: until }] = (await exchange.owner.query('select opinion_valid_until from catalog.product where id = $1', [product.productId])) as [{ opinion_valid_until: Date }];
    await exchange.owner.query('update catalog.product set opinion_valid_until = $2 where id = $1', [product.productId, clock.now()]);
    await expectClosed(url, 403, 'delivery.product_not_listed');
    expect(await ask()).toMatchObject({ __typename: 'StateConflict', code: 'delivery.product_not_listed' });
    await exchange.owner.query('update catalog.product set opinion_valid_until = $2 where id = $1', [product.productId, until]);
  });

  it('an unknown token is not found, and a token is good for five minutes', async () => {
    const url = await grant();
    await expectClosed(url.replace(/[^/]+$/, 'A'.repeat(43)), 404, 'not_found');
    clock.advance(301);
    await expectClosed(url, 410, 'delivery.token_not_valid');
  });
});
