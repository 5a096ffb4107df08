import fc from 'fast-check';
import { FLOWS } from '../samples/flows.js';
import { makeDocument } from '../samples/make-document.js';
import { Random } from '../samples/random.js';
import { checkInvoic } from './edifact/check-invoic.js';
import { readSegments, seg, writeSegment } from './edifact/segments.js';
import { writeInvoic } from './edifact/write-invoic.js';
import { fromFapiao, notForFapiao, problemOf, toFapiao } from './fapiao/map-fapiao.js';
import { FORMATS, isUnwritten, writeDocument } from './formats.js';
import type { InvoiceDocument } from './model/document.js';
import { totalsOf } from './model/totals.js';
import { all, textAt } from './xml/element.js';
import { isXmlProblem, readXml } from './xml/read-xml.js';

const documents = fc.tuple(fc.nat(), fc.constantFrom(...FLOWS), fc.constantFrom('CNY', 'SGD', 'JPY', 'KWD'), fc.constantFrom('INVOICE', 'CREDIT_NOTE'), fc.constantFrom('SELLER', 'BUYER'))
  .map(([seed, flow, currency, type, issuedBy]) => makeDocument(new Random(seed), 1, flow, currency, { type: type as InvoiceDocument['type'], issuedBy: issuedBy as InvoiceDocument['issuedBy'] }));
const own = (over: Partial<InvoiceDocument> = {}): InvoiceDocument => ({ ...makeDocument(new Random(5), 1, FLOWS[0]!, 'CNY', { type: 'INVOICE', issuedBy: 'SELLER' }), prepaidMinor: 0n, ...over });
const NUMBER = '26310000000000000001';

describe('CII', () => {
  it('says what its sibling says', () => {
    fc.assert(fc.property(documents, (document) => {
      if (document.issuedBy === 'BUYER') return;
      const [cii, ubl] = [writeDocument(document, 'cii', 'en'), writeDocument(document, 'peppol-bis-3', 'en')];
      if (isUnwritten(cii) || isUnwritten(ubl)) throw new Error('not written');
      const [a, b] = [readXml(cii.content), readXml(ubl.content)];
      if (isXmlProblem(a) || isXmlProblem(b)) throw new Error('not XML');
      const sums = 'rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeSettlement/ram:SpecifiedTradeSettlementHeaderMonetarySummation';
      expect([textAt(a, `${sums}/ram:DuePayableAmount`), textAt(a, `${sums}/ram:TaxBasisTotalAmount`)]).toEqual([textAt(b, 'cac:LegalMonetaryTotal/cbc:PayableAmount'), textAt(b, 'cac:LegalMonetaryTotal/cbc:TaxExclusiveAmount')]);
      expect(all(a, 'rsm:SupplyChainTradeTransaction/ram:IncludedSupplyChainTradeLineItem')).toHaveLength(document.lines.length);
    }), { numRuns: 100 });
  });
});

describe('EDIFACT', () => {
  it('counts, adds up and keeps to the lengths, in every currency', () => {
    fc.assert(fc.property(documents, (document) => expect(checkInvoic(writeInvoic(document, 'X1', { day: '20261123', time: '1200' }))).toEqual([])), { numRuns: 200 });
  });
  it('writes any text so that it is read back, without what syntax is made of', () => {
    fc.assert(fc.property(fc.array(fc.array(fc.string({ minLength: 1 }).map((t) => t.replace(/\s+/g, ' ')), { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 4 }), (elements) => expect(readSegments(writeSegment(seg('FTX', ...elements)))).toEqual([{ tag: 'FTX', elements }])));
  });
  it.each([
    ['EDI-SYNTAX', /'\n$/, ''], ['EDI-COUNT', /UNT\+\d+/, 'UNT+1'], ['EDI-REFERENCE', /UNZ\+1\+X1/, 'UNZ+1+X2'], ['EDI-LINES', /CNT\+2:\d+/, 'CNT+2:99'], ['EDI-SUM', /MOA\+203:[^:]+/, 'MOA+203:0.01'], ['EDI-SUM', /MOA\+77:[^:]+/, 'MOA+77:0.01'], ['EDI-LENGTH', /BGM\+380\+/, `BGM+380+${'9'.repeat(40)}`], ['EDI-ORDER', /UNS\+S'\n/, ''],
  ] as const)('%s is found', (rule, what, by) => expect(checkInvoic(writeInvoic(own(), 'X1', { day: '20261123', time: '1200' }).replace(what, by)).map((f) => f.rule)).toContain(rule));
});

describe('the fully digital e-invoice of the mainland', () => {
  it('comes back as the same invoice, with the number of the platform', () => {
    fc.assert(fc.property(fc.nat(), fc.constantFrom(...FLOWS.filter((f) => f.seller.address.country === 'CN')), fc.constantFrom('INVOICE', 'CREDIT_NOTE'), (seed, flow, type) => {
      const document = { ...makeDocument(new Random(seed), 1, flow, 'CNY', { type: type as InvoiceDocument['type'], issuedBy: 'SELLER' }), prepaidMinor: 0n };
      expect(notForFapiao(document)).toBeUndefined();
      const sent = toFapiao(document, { number: NUMBER, blueNumber: '26310000000000000002' });
      expect(problemOf(sent)).toBeUndefined();
      const back = fromFapiao(sent, { uuid: document.uuid, buyerCountry: flow.buyer.address.country });
      if ('problem' in back) throw new Error(back.problem);
      expect([back.number, totalsOf(back)]).toEqual([NUMBER, { ...totalsOf(document), lines: totalsOf(document).net, allowances: 0n, charges: 0n }]);
      expect(back.taxes.map((t) => [t.tax.code, t.taxableMinor, t.taxMinor])).toEqual(document.taxes.map((t) => [t.tax.code, t.taxableMinor, t.taxMinor]));
      const again = toFapiao(back, { number: NUMBER, blueNumber: '26310000000000000002' });
      expect(again.mxlist.map((l) => [l.xmmc, l.je, l.se, l.slv, l.lslbs, l.spbm])).toEqual(sent.mxlist.map((l) => [l.xmmc, l.je, l.se, l.slv, l.lslbs, l.spbm]));
      expect([again.hjje, again.hjse, again.jshj, again.lzhzbz, again.lzfphm, again.chyydm]).toEqual([sent.hjje, sent.hjse, sent.jshj, sent.lzhzbz, sent.lzfphm, sent.chyydm]);
    }), { numRuns: 150 });
  });
  it.each([
    ['fphm', { fphm: '123' }], ['fphm', { fphm: null }], ['kprq', { kprq: '2025-10-10' }], ['lzfphm', { lzfphm: NUMBER }], ['xsf', { xsf: { mc: 'x', nsrsbh: null, dz: null } }], ['mxlist', { mxlist: [] }], ['hjje', { hjje: '1.00' }], ['amounts', { jshj: '1.001' }],
  ] as const)('%s that is not right is refused', (field, over) => expect(fromFapiao({ ...toFapiao(own(), { number: NUMBER }), ...over }, { uuid: 'x', buyerCountry: 'CN' })).toEqual({ problem: expect.stringContaining(field) as string }));
  it.each([['in yuan', { currency: 'USD' }], ['mainland', { seller: FLOWS.find((f) => f.name === 'hk-cn')!.seller }], ['one blue one', { type: 'CREDIT_NOTE', preceding: [] }]] as const)('is not issued where it cannot: %s', (why, over) => expect(notForFapiao(own(over as Partial<InvoiceDocument>))).toContain(why));
});

describe('formats', () => {
  it('a document that breaks a rule is not written, and says which', () => {
    const nowhere = { ...own(), buyer: { ...own().buyer, identifiers: [] } };
    expect(writeDocument(nowhere, 'peppol-bis-3', 'en')).toMatchObject({ rules: expect.arrayContaining(['PEPPOL-EN16931-R010']) as string[] });
    expect(writeDocument(nowhere, 'cii', 'en')).toMatchObject({ rules: expect.arrayContaining(['PEPPOL-EN16931-R010']) as string[] });
    expect(writeDocument(own(), 'pint-sg', 'en')).toMatchObject({ problem: expect.stringContaining('no tax category for S') as string });
    expect(writeDocument(own(), 'peppol-bis-3-self-billing', 'en')).toMatchObject({ problem: expect.stringContaining('the seller bills') as string });
  });
  it('is told the format\'s media type, and HTML escapes whatever stands in it', () => {
    for (const format of FORMATS.filter((f) => f !== 'pdf')) {
      const made = writeDocument(own({ issuedBy: format === 'peppol-bis-3-self-billing' ? 'BUYER' : 'SELLER' }), format, 'zh');
      if (format !== 'pint-sg') expect(isUnwritten(made) ? made.problem : made.mediaType).toMatch(/^(application|text)\//);
    }
    const html = writeDocument(own({ note: '<script>alert(1)</script>' }), 'html', 'zh');
    expect(isUnwritten(html) ? '' : html.content).toContain('&lt;script&gt;');
    expect(isUnwritten(html) ? '' : html.content).toContain('价税合计');
  });
});
