import type { GraphClient } from './support/client.js';
import { TestClock } from './support/clock.js';
import { startExchange, type TestExchange } from './support/exchange.js';
import { ban, changeLaw, handIn } from './support/law.js';
import { activeLicence, csvFile, done, type Draft, hire, listedProduct, type Market, openMarket } from './support/market.js';

/** A token stands on facts, law and day: when one of them changes, the next byte is asked for again. */
describe('what a delivery was decided on', () => {
  /** A minute and a half before midnight in Shanghai. */
  const clock = new TestClock(new Date('2026-12-01T15:58:30Z'));
  const file = csvFile(4_000);
  let exchange: TestExchange;
  let market: Market;
  let product: Draft;
  let licenceId: string;
  let buyerId: string;
  let officers: readonly [GraphClient, GraphClient];

  beforeAll(async () => {
    exchange = await startExchange({ clock });
    market = await openMarket(exchange);
    officers = [market.officer, await hire(exchange, market.admin, 'officer-2', 'COMPLIANCE_OFFICER')];
    product = await listedProduct(exchange, market, [file]);
    ({ licenceId } = await activeLicence(exchange, market, product.productId));
    buyerId = (await market.buyer.ask<{ me: { organisation: { id: string } } }>('{ me { organisation { id } } }')).me.organisation.id;
  });
  afterAll(() => exchange.close());

  const grant = async (): Promise<string> => (await done<{ url: string }>(market.buyer, 'requestDownload', 'DownloadGrant', 'url', { licenceId, assetId: product.assetIds[0] })).url;
  const bytes = async (url: string): Promise<[number, string | null]> => {
    const response = await fetch(url, { headers: { range: 'bytes=0-9' } });
    return [response.status, response.status === 206 ? null : ((await response.json()) as { code: string }).code];
  };
  const records = async (): Promise<number> => ((await exchange.owner.query('select count(*)::int as n from compliance.decision')) as [{ n: number }])[0].n;
  const REFUSED = [403, 'delivery.download_refused'];

  it('a change that leaves it permitted costs no record, and is asked about once', async () => {
    const url = await grant();
    const before = await records();
    await changeLaw(officers, await handIn(market.officer, ban('1', { fact: 'recipientJurisdiction', eq: 'US' }, 'country')), 'ACTIVATE');
    expect([await bytes(url), await bytes(url), await records()]).toEqual([[206, null], [206, null], before]);
    const [row] = (await exchange.owner.query('select decided_basis from delivery.delivery order by id desc limit 1')) as [{ decided_basis: string }];
    await bytes(url);
    expect((await exchange.owner.query('select decided_basis from delivery.delivery order by id desc limit 1'))).toEqual([row]);
  });

  it('the buyer turns out to be in another country: refused with one record, and on again when that is put right', async () => {
    const url = await grant();
    const before = await records();
    await exchange.owner.query(`update identity.organisation set jurisdiction = 'US' where id = $1`, [buyerId]);
    expect(await bytes(url)).toEqual(REFUSED);
    expect(await Promise.all(Array.from({ length: 5 }, () => bytes(url)))).toEqual(Array.from({ length: 5 }, () => REFUSED));
    expect((await fetch(url, { method: 'HEAD' })).status).toBe(403);
    expect(await records()).toBe(before + 1);
    await exchange.owner.query(`update identity.organisation set jurisdiction = 'SG' where id = $1`, [buyerId]);
    expect(await bytes(url)).toEqual([206, null]);
  });

  it('a rule begins at midnight, without anybody writing anything', async () => {
    const begins = { ...(ban('1', { fact: 'sector', eq: 'other' }, 'from-midnight') as Record<string, unknown>), effectiveFrom: '2026-12-02' };
    await changeLaw(officers, await handIn(market.officer, begins), 'ACTIVATE');
    await exchange.drain();
    const url = await grant();
    expect(await bytes(url)).toEqual([206, null]);
    clock.advance(100);
    expect(await bytes(url)).toEqual(REFUSED);
    await exchange.drain();
    expect(await bytes(url)).toEqual([403, 'delivery.licence_not_active']);
    expect(await exchange.owner.query('select l.state, h.cause from contracts.licence l join contracts.licence_hold h on h.licence_id = l.id and h.lifted_at is null where l.id = $1', [licenceId])).toEqual([{ state: 'SUSPENDED', cause: 'COMPLIANCE' }]);
  });
});
