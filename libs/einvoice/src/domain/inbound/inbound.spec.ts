import fc from 'fast-check';
import { FLOWS } from '../../samples/flows.js';
import { makeDocument } from '../../samples/make-document.js';
import { Random } from '../../samples/random.js';
import type { InvoiceDocument } from '../model/document.js';
import { fitTwoPlaces, totalsOf } from '../model/totals.js';
import { keptUntil } from '../retention.js';
import { isUnsayable, writeUbl } from '../ubl/write-ubl.js';
import { matchInvoice } from './match-invoice.js';
import { readResponse } from './read-response.js';
import { isUnreadable, readUbl } from './read-ubl.js';

const made = (seed: number, flow = FLOWS[0]!, currency = 'CNY', type: InvoiceDocument['type'] = 'INVOICE'): InvoiceDocument => makeDocument(new Random(seed), 1, flow, currency, { type, issuedBy: 'SELLER' });
const read = (document: InvoiceDocument): InvoiceDocument => {
  const xml = writeUbl(document, 'BIS3');
  const back = isUnsayable(xml) ? { problem: xml.unsayable } : readUbl(xml);
  if (isUnreadable(back)) throw new Error(back.problem);
  return back;
};
const response = (kind: 'mlr:3' | 'invoice_response:3', code: string, number = 'INV-1'): string => `<ApplicationResponse xmlns="urn:oasis:names:specification:ubl:schema:xsd:ApplicationResponse-2" xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
  <cbc:CustomizationID>urn:fdc:peppol.eu:poacc:trns:${kind}</cbc:CustomizationID><cbc:ID>r1</cbc:ID><cac:SenderParty><cbc:EndpointID schemeID="0195">SGUEN1</cbc:EndpointID></cac:SenderParty><cac:DocumentResponse><cac:Response><cbc:ResponseCode>${code}</cbc:ResponseCode><cac:Status><cbc:StatusReason>wrong order</cbc:StatusReason></cac:Status></cac:Response><cac:DocumentReference><cbc:ID>${number}</cbc:ID></cac:DocumentReference></cac:DocumentResponse></ApplicationResponse>`;

describe('an invoice that comes in', () => {
  it('is read as it was written, in every flow and currency, and matches what is owed', () => {
    fc.assert(fc.property(fc.nat(), fc.constantFrom(...FLOWS), fc.constantFrom('CNY', 'SGD', 'JPY', 'KWD'), fc.constantFrom('INVOICE', 'CREDIT_NOTE'), (seed, flow, currency, type) => {
      const document = made(seed, flow, currency, type as InvoiceDocument['type']);
      const back = read(document);
      const scale = currency === 'KWD' ? 10n : 1n;
      expect(totalsOf(back)).toEqual(Object.fromEntries(Object.entries(totalsOf(fitTwoPlaces(document).document)).map(([k, v]) => [k, (v as bigint) * scale])));
      expect([back.number, back.contract, back.project, back.purchaseOrder, back.type, back.lines.map((l) => l.name)]).toEqual([document.number, document.contract, document.project, document.purchaseOrder, document.type, document.lines.map((l) => l.name)]);
      expect(matchInvoice(back, [made(seed + 1), document])).toEqual({ outcome: 'MATCHED', uuid: document.uuid, number: document.number, differences: [] });
    }), { numRuns: 150 });
  });
  it('that names nothing that is owed is unknown, however well its amount fits', () => {
    const document = made(1);
    expect(matchInvoice({ ...read(document), contract: null, project: null, purchaseOrder: null, number: 'X' }, [document])).toEqual({ outcome: 'UNKNOWN', differences: [] });
  });
  it.each([
    ['currency', { currency: 'USD' }], ['total', { taxes: [] }], ['net', { lines: made(1).lines.slice(1) }], ['buyer', { buyer: FLOWS.find((f) => f.name === 'cn-de-standard')!.buyer }], ['seller', { seller: FLOWS.find((f) => f.name === 'hk-cn')!.seller }], ['type', { type: 'CREDIT_NOTE' }],
  ] as const)('says that the %s differs', (field, over) => {
    const match = matchInvoice({ ...read(made(1)), ...(over as Partial<InvoiceDocument>) }, [made(1)]);
    expect([match.outcome, match.differences.map((d) => d.field)]).toEqual(['DIFFERING', expect.arrayContaining([field])]);
  });
  it.each([
    ['an entity', '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', 'document type'], ['something else', '<a/>', 'no invoice'], ['no currency', (writeUbl(made(1), 'BIS3') as string).replace(/<cbc:DocumentCurrencyCode>.*/, ''), 'DocumentCurrencyCode'],
    ['an amount finer than its currency', (writeUbl(made(1), 'BIS3') as string).replace(/(<cbc:PayableAmount[^>]*>)[^<]*/, '$1').replace(/(<cbc:LineExtensionAmount[^>]*>)[^<]*/g, '$11.234'), 'no amount'], ['another currency', (writeUbl(made(1), 'BIS3') as string).replaceAll('currencyID="CNY"', 'currencyID="USD"'), 'no amount in CNY'],
  ])('with %s is not read', (_, xml, problem) => expect(readUbl(xml)).toEqual({ problem: expect.stringContaining(problem) as string }));
});

describe('a response', () => {
  it.each([['mlr:3', 'AP', 'deliver'], ['mlr:3', 'RE', 'fail'], ['invoice_response:3', 'AB', 'deliver'], ['invoice_response:3', 'UQ', 'deliver'], ['invoice_response:3', 'AP', 'accept'], ['invoice_response:3', 'RE', 'reject']] as const)('%s %s: %s', (kind, code, event) => {
    expect(readResponse(response(kind, code))).toMatchObject({ id: 'r1', from: '0195:SGUEN1', to: null, documentNumber: 'INV-1', code, event, reason: 'wrong order' });
  });
  it('of another kind, with another code or no XML is none', () => {
    for (const text of [response('mlr:3', 'XX'), response('mlr:3', 'AP').replace('trns', 'other'), '<a', writeUbl(made(1), 'BIS3') as string]) expect(readResponse(text)).toBeUndefined();
  });
});

describe('retention', () => {
  it.each([['2026-11-23', ['SG', 'SG'], '2032-01-01'], ['2026-11-23', ['HK', 'SG'], '2034-01-01'], ['2026-01-01', ['HK', 'HK'], '2034-01-01'], ['2026-11-23', ['CN', 'SG'], '2057-01-01'], ['2026-11-23', ['DE', 'SG'], '2037-01-01'], ['2026-11-23', ['US', 'SG'], '2034-01-01']])('%s between %s: until %s', (day, places, until) => expect(keptUntil(day, places)).toBe(until));
});
