import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { asSystem, Config, newId, Sweeps } from '#shared';
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
      'peppol-bis-3': null, 'peppol-bis-3-self-billing': null, cii: null, edifact: null, html: null, pdf: null, 'pint-sg': expect.stringContaining('no tax category') as string, 'cn-fapiao-json': 'it is issued in yuan',
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

  it('what went back is a credit note that names its invoice, in every format that can say it', async () => {
    await done(market.vendor, 'refundTrade', 'Trade', 'id', { tradeId: trade.purchaseId, amountMinor: '1060', reason: 'a file was empty' });
    await exchange.drain();
    const { invoices } = await market.buyer.ask<{ invoices: { nodes: { id: string; number: string; kind: string; correctsId: string | null; total: { minor: string } }[] } }>(
      'query($tradeId: ID!) { invoices(first: 20, tradeId: $tradeId) { nodes { id number kind correctsId total { minor } } } }', { tradeId: trade.purchaseId });
    const note = invoices.nodes.find((i) => i.kind === 'CREDIT_NOTE')!;
    expect(note).toMatchObject({ number: expect.stringMatching(/^CRN-\d{4}-000001$/) as string, correctsId: trade.purchaseInvoiceId, total: { minor: '1060' } });
    const invoice = invoices.nodes.find((i) => i.id === trade.purchaseInvoiceId)!;
    const ubl = await text(note.id, 'format=peppol-bis-3');
    for (const part of ['<cbc:CreditNoteTypeCode>381</cbc:CreditNoteTypeCode>', `<cbc:ID>${invoice.number}</cbc:ID>`, 'a file was empty', '<cbc:TaxInclusiveAmount currencyID="SGD">10.60</cbc:TaxInclusiveAmount>']) expect(ubl).toContain(part);
    expect(await text(note.id, 'format=cii')).toContain('<ram:TypeCode>381</ram:TypeCode>');
    expect(await text(note.id, 'format=edifact')).toContain('BGM+381');
    expect(await text(note.id, 'format=html&language=zh')).toContain(invoice.number);
    const { invoiceDocumentFormats } = await market.vendor.ask<{ invoiceDocumentFormats: { format: string; problem: string | null }[] }>('query($id: ID!) { invoiceDocumentFormats(invoiceId: $id) { format problem } }', { id: note.id });
    expect(invoiceDocumentFormats.filter((f) => f.problem === null).map((f) => f.format).sort()).toEqual(['cii', 'edifact', 'html', 'pdf', 'peppol-bis-3', 'peppol-bis-3-self-billing']);
    expect((await get(note.id, 'format=pdf')).status).toBe(200);
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

  it('is paper too', async () => {
    const response = await get(trade.usageInvoiceId, 'format=pdf&language=zh');
    expect([response.status, response.headers.get('content-type'), Buffer.from(await response.arrayBuffer()).toString('latin1').slice(0, 5)]).toEqual([200, 'application/pdf', '%PDF-']);
  });

  describe('over the network', () => {
    const send = (client = market.vendor, invoiceId = trade.purchaseInvoiceId): Promise<{ __typename: string; state: string; code: string }> => client.mutate('sendInvoiceDocument', 'InvoiceTransmission', 'state', { invoiceId, format: 'PEPPOL_BIS_3' });
    const states = async (client = market.buyer): Promise<unknown[]> => (await client.ask<{ invoiceTransmissions: unknown[] }>('query($id: ID!) { invoiceTransmissions(invoiceId: $id) { state problem attempts keptUntil } }', { id: trade.purchaseInvoiceId })).invoiceTransmissions;
    const sweep = (name: string): Promise<void> => asSystem(() => exchange.app.get(Sweeps, { strict: false }).all.find((s) => s.name === name)!.run());
    const folder = (): string => path.resolve(exchange.app.get(Config, { strict: false }).DATA_DIR, 'access-point');
    const comesIn = (name: string, content: string): Promise<void> => writeFile(path.join(folder(), 'inbox', `${name}.xml`), content);
    const answers = (number: string, code: string): string => `<ApplicationResponse xmlns="urn:oasis:names:specification:ubl:schema:xsd:ApplicationResponse-2" xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"><cbc:CustomizationID>urn:fdc:peppol.eu:poacc:trns:invoice_response:3</cbc:CustomizationID><cbc:ID>r</cbc:ID><cac:SenderParty><cbc:EndpointID schemeID="0195">SGUEN196800306E</cbc:EndpointID></cac:SenderParty><cac:DocumentResponse><cac:Response><cbc:ResponseCode>${code}</cbc:ResponseCode></cac:Response><cac:DocumentReference><cbc:ID>${number}</cbc:ID></cac:DocumentReference></cac:DocumentResponse></ApplicationResponse>`;

    it('an invoice is queued by its seller alone, sent once, delivered, and answered once', async () => {
      expect((await get(trade.purchaseInvoiceId, 'format=peppol-bis-3')).status).toBe(200);
      expect(await market.buyer.mutate('sendInvoiceDocument', 'NotFound', 'code', { invoiceId: trade.purchaseInvoiceId, format: 'PEPPOL_BIS_3' }).catch((e: Error) => e.message)).toBeTruthy();
      expect(await send()).toMatchObject({ state: 'QUEUED' });
      // The access point is away: where its folder should be is a file.
      await rm(folder(), { recursive: true, force: true });
      await mkdir(path.dirname(folder()), { recursive: true });
      await writeFile(folder(), '');
      await sweep('einvoice.deliver');
      expect(await states()).toMatchObject([{ state: 'QUEUED', problem: expect.any(String) as string, attempts: 1, keptUntil: expect.stringMatching(/^20\d\d-01-01$/) as string }]);
      await rm(folder());
      await exchange.owner.query(`update einvoice.transmission set next_attempt_at = now() - interval '1 minute'`);
      await sweep('einvoice.deliver');
      await sweep('einvoice.deliver');
      const [file, ...others] = (await readdir(path.join(folder(), 'outbox'))).filter((n) => n.endsWith('.xml'));
      const sent = await readFile(path.join(folder(), 'outbox', file!), 'utf8');
      expect([others, sent]).toEqual([[], await text(trade.purchaseInvoiceId, 'format=peppol-bis-3')]);
      const number = /<cbc:ID>(INV-[^<]+)</.exec(sent)![1]!;
      await mkdir(path.join(folder(), 'inbox'), { recursive: true });
      for (const [i, [code, state]] of ([['AB', 'DELIVERED'], ['AP', 'ACCEPTED'], ['RE', 'ACCEPTED']] as const).entries()) {
        await comesIn(`m${i}`, answers(number, code));
        await sweep('einvoice.receive');
        // Once more, as after a process that died before it said that it had it.
        await comesIn(`m${i}`, answers(number, code));
        await sweep('einvoice.receive');
        expect(await states()).toMatchObject([{ state, problem: null, attempts: 2 }]);
      }
      await comesIn('own', sent);
      await comesIn('odd', '<!DOCTYPE a><a/>');
      await sweep('einvoice.receive');
      expect(await exchange.owner.query('select provider_id as id, outcome from einvoice.inbound_message order by 1')).toEqual([{ id: 'm0.xml', outcome: 'APPLIED' }, { id: 'm1.xml', outcome: 'APPLIED' }, { id: 'm2.xml', outcome: 'NOTHING_TO_APPLY' }, { id: 'odd.xml', outcome: 'UNREADABLE' }, { id: 'own.xml', outcome: 'MATCHED' }]);
    });
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
