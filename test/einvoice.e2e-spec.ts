import { newId } from '#shared';
import { startExchange, type TestExchange } from './support/exchange.js';
import { done, hire, join, type Market, openMarket } from './support/market.js';
import { type PlayedTrade, playTrade } from './support/trade.js';

describe('invoices as documents', () => {
  let exchange: TestExchange;
  let market: Market;
  let trade: PlayedTrade;

  const get = (invoiceId: string, query: string, client = market.buyer): Promise<Response> => fetch(`${exchange.url}/v1/invoices/${invoiceId}/document?${query}`, { headers: client.headers() });
  const text = async (invoiceId: string, query: string, client = market.buyer): Promise<string> => {
    const response = await get(invoiceId, query, client);
    expect([query, response.status]).toEqual([query, 200]);
    return response.text();
  };

  beforeAll(async () => {
    exchange = await startExchange();
    market = await openMarket(exchange);
    await done(market.vendor, 'setBillingProfile', 'BillingProfile', 'street', { street: '888 Huanhu Xi Er Lu', city: 'Shanghai', postcode: '201306', endpointScheme: '0199', endpointValue: '506700GE1G29325QX363' });
    await done(market.buyer, 'setBillingProfile', 'BillingProfile', 'street', { street: '10 Anson Road', city: 'Singapore', postcode: '079903', buyerReference: 'Dept. 7' });
    const settler = await hire(exchange, market.admin, 'settler', 'SETTLEMENT_OFFICER');
    trade = await playTrade(exchange, market, settler);
  });
  afterAll(() => exchange.close());

  it('both sides and the auditor have them, in every format that can say them; nobody else sees that there is one', async () => {
    const auditor = await hire(exchange, market.admin, 'auditor', 'AUDITOR');
    const stranger = await exchange.client('stranger');
    await join(market.officer, stranger, 'Third Party', { jurisdiction: 'HK' }, 'HK_BRN', '87654321');
    for (const client of [market.vendor, market.buyer, auditor]) expect(await text(trade.purchaseInvoiceId, 'format=peppol-bis-3', client)).toContain('<cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>');
    expect((await get(trade.purchaseInvoiceId, 'format=peppol-bis-3', stranger)).status).toBe(404);
    expect((await get(newId(), 'format=peppol-bis-3')).status).toBe(404);
    const formats = await market.vendor.ask<{ invoiceDocumentFormats: { format: string; problem: string | null }[] }>('query($id: ID!) { invoiceDocumentFormats(invoiceId: $id) { format problem } }', { id: trade.purchaseInvoiceId });
    expect(Object.fromEntries(formats.invoiceDocumentFormats.map((f) => [f.format, f.problem]))).toEqual({
      'peppol-bis-3': null, 'peppol-bis-3-self-billing': null, cii: null, edifact: null, html: null, 'pint-sg': expect.stringContaining('no tax category') as string, 'cn-fapiao-json': 'it is issued in yuan',
    });
    expect(await stranger.ask('query($id: ID!) { invoiceDocumentFormats(invoiceId: $id) { format } }', { id: trade.purchaseInvoiceId })).toEqual({ invoiceDocumentFormats: null });
  });

  it('a purchase was paid before it is invoiced, use is to be paid', async () => {
    const purchase = await text(trade.purchaseInvoiceId, 'format=peppol-bis-3');
    expect(purchase).toContain('<cbc:PayableAmount currencyID="SGD">0.00</cbc:PayableAmount>');
    expect(purchase).toContain('<cbc:BuyerReference>Dept. 7</cbc:BuyerReference>');
    expect(purchase).toContain(`<cbc:ID>${trade.agreementId}</cbc:ID>`);
    const usage = await text(trade.usageInvoiceId, 'format=peppol-bis-3');
    expect(usage).not.toContain('PrepaidAmount');
    expect(await text(trade.purchaseInvoiceId, 'format=peppol-bis-3-self-billing')).toContain('<cbc:InvoiceTypeCode>389</cbc:InvoiceTypeCode>');
    expect(await text(trade.purchaseInvoiceId, 'format=cii')).toContain('<ram:TypeCode>380</ram:TypeCode>');
    expect(await text(trade.purchaseInvoiceId, 'format=edifact')).toContain('INVOIC:D:96A:UN');
  });

  it('says what was so when it was issued, whatever is said of a side afterwards', async () => {
    const before = await text(trade.purchaseInvoiceId, 'format=peppol-bis-3');
    await done(market.buyer, 'setBillingProfile', 'BillingProfile', 'street', { street: 'Elsewhere 1' });
    expect(await text(trade.purchaseInvoiceId, 'format=peppol-bis-3')).toBe(before);
    expect(await market.buyer.ask('{ billingProfile { street city } }')).toEqual({ billingProfile: { street: 'Elsewhere 1', city: null } });
  });

  it('is a page for people in both languages, from which nothing runs', async () => {
    const response = await get(trade.usageInvoiceId, 'format=html&language=zh');
    expect([response.status, response.headers.get('content-security-policy'), response.headers.get('content-disposition')]).toEqual([200, expect.stringContaining("default-src 'none'"), expect.stringContaining('.html')]);
    expect(await response.text()).toContain('价税合计');
    expect(await text(trade.usageInvoiceId, 'format=html')).toContain('Unit price');
  });

  it('refuses what there is not, with a stable code', async () => {
    for (const [query, status, code] of [['format=docx', 422, 'einvoice.format'], ['', 422, 'einvoice.format'], ['format=html&language=fr', 422, 'einvoice.language'], ['format=pint-sg', 409, 'einvoice.not_in_format'], ['format=html&format=cii', 422, 'einvoice.format']] as const) {
      const response = await get(trade.purchaseInvoiceId, query);
      expect([query, response.status, ((await response.json()) as { code: string }).code]).toEqual([query, status, code]);
    }
    const half = await market.buyer.mutate<{ __typename: string; code: string }>('setBillingProfile', 'InvalidInput', 'code', { endpointScheme: '0199' }).catch((e: Error) => e.message);
    expect(JSON.stringify(half)).toContain('billing.profile');
  });
});
