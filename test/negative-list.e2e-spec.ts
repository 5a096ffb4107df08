import { TestClock } from './support/clock.js';
import { startExchange, type TestExchange } from './support/exchange.js';
import { activeLicence, csvFile, done, type Draft, listedProduct, type Market, openMarket } from './support/market.js';

/** Data that the list of the exporter's city leaves free: it goes, and a report is due (CAC Order 16 Art. 6). */
describe('an export under the negative list of Shanghai', () => {
  const file = csvFile(4_000);
  let exchange: TestExchange;
  let market: Market;
  let product: Draft;
  beforeAll(async () => {
    exchange = await startExchange({ clock: new TestClock(new Date('2026-11-02T04:00:00Z')) });
    market = await openMarket(exchange);
    product = await listedProduct(exchange, market, [file], { persons: '300000', sector: 'retail', listPosition: { list: 'shanghai-2025', itemOnList: false } });
  });
  afterAll(() => exchange.close());

  it('is exempt whatever the volume, and its report comes to the counter with the first byte, once', async () => {
    const { licenceId, agreementId } = await activeLicence(exchange, market, product.productId);
    const { agreement } = await market.vendor.ask<{ agreement: { decision: object } }>('query($id: ID!) { agreement(id: $id) { decision { outcome permitted mechanisms filings { type filer to deadline } } } }', { id: agreementId });
    expect(agreement.decision).toMatchObject({ outcome: 'EXEMPT', permitted: true, mechanisms: ['negative_list'], filings: [{ type: 'negative_list_report', to: 'data cross-border service centre' }] });
    const reports = async (): Promise<object[]> => (await market.vendor.ask<{ cases: { nodes: object[] } }>('{ cases(first: 10) { nodes { kind state subjectType clock { dueOn } } } }')).cases.nodes;
    const grant = async (): Promise<string> => (await done<{ url: string }>(market.buyer, 'requestDownload', 'DownloadGrant', 'url', { licenceId, assetId: product.assetIds[0] })).url;
    const url = await grant();
    expect(await reports()).toEqual([]);
    expect((await fetch(url)).status).toBe(200);
    expect((await fetch(await grant())).status).toBe(200);
    // Fifteen working days from Monday 2 November 2026.
    expect(await reports()).toEqual([{ kind: 'NEGATIVE_LIST_REPORT', state: 'EXPORTED', subjectType: 'decision', clock: { dueOn: '2026-11-23' } }]);
  });
});
