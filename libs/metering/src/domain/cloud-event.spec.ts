import fc from 'fast-check';
import { isBad, readUsageEvent, USAGE_EVENT_TYPE } from './cloud-event.js';

const LICENCE = '0190a000-0000-7000-8000-000000000001';
const event = (over: object = {}): object => ({ specversion: '1.0', type: USAGE_EVENT_TYPE, source: 'https://vendor.example/gateway', id: 'call-1', subject: LICENCE, time: '2026-11-22T08:00:00.250+08:00', data: { meter: 'calls', quantity: 3 }, ...over });
const said = (over: object, data: object | null): string => {
  const read = readUsageEvent(event({ ...over, ...(data ? { data: { meter: 'calls', quantity: 3, ...data } } : {}) }));
  return isBad(read) ? read.path : 'taken';
};

describe('a use as a CloudEvent', () => {
  it('is read with its licence, its instant and what it counts', () => {
    expect(readUsageEvent(event({ datacontenttype: 'application/json; charset=utf-8', traceparent: 'x', data: { meter: 'minutes_streamed', quantity: '900000000000', assetId: LICENCE, dimensions: { region: 'SG' } } }))).toEqual({
      source: 'https://vendor.example/gateway', eventId: 'call-1', licenceId: LICENCE, meter: 'minutes_streamed', quantity: 900_000_000_000n, occurredAt: new Date('2026-11-22T00:00:00.250Z'), subjectId: LICENCE, dimensions: { region: 'SG' },
    });
  });

  // Of each its attributes or its data are changed.
  const WRONG: readonly (readonly [string, object, object?])[] = [
    ['specversion', { specversion: '0.3' }], ['type', { type: 'com.example.other' }], ['source', { source: '' }], ['source', { source: 'urn:ENTREPOT:delivery' }], ['source', { source: 'a b' }], ['id', { id: 7 }], ['id', { id: 'x'.repeat(201) }],
    ['subject', { subject: 'acme' }], ['subject', { subject: undefined }], ['time', { time: '2026-11-22T08:00:00' }], ['time', { time: '2026-13-40T08:00:00Z' }], ['time', { time: undefined }], ['datacontenttype', { datacontenttype: 'text/xml' }],
    ['data', { data: undefined, data_base64: 'e30=' }], ['data', { data: [1] }],
    ['data.meter', {}, { meter: 'downloads' }], ['data.meter', {}, { meter: 'bytes' }], ['data.meter', {}, { meter: 'CALLS' }], ['data.meter', {}, { meter: '__proto__' }],
    ['data.quantity', {}, { quantity: 0 }], ['data.quantity', {}, { quantity: -1 }], ['data.quantity', {}, { quantity: 1.5 }], ['data.quantity', {}, { quantity: 2 ** 60 }], ['data.quantity', {}, { quantity: '1e3' }], ['data.quantity', {}, { quantity: '1000000000000001' }],
    ['data.assetId', {}, { assetId: 'x' }], ['data.dimensions', {}, { dimensions: { Region: 'SG' } }], ['data.dimensions', {}, { dimensions: { region: '' } }], ['data.dimensions', {}, { dimensions: { region: 'a\0' } }], ['data.dimensions', {}, { dimensions: ['x'] }],
    ['data.dimensions', {}, { dimensions: Object.fromEntries(Array.from({ length: 11 }, (_, i) => [`d${i}`, 'x'])) }],
  ];
  it.each(WRONG.map(([path, over, data = null]) => ({ path, over, data })))('is refused for its $path: $over $data', ({ path, over, data }) => expect(said(over, data)).toBe(path));

  it('is an object at all', () => expect([null, 1, 'x', []].map((e) => isBad(readUsageEvent(e)))).toEqual([true, true, true, true]));

  it('never breaks, whatever it holds', () => {
    fc.assert(fc.property(fc.dictionary(fc.constantFrom('specversion', 'type', 'source', 'id', 'subject', 'time', 'data', 'datacontenttype', 'x'), fc.anything()), (over) => {
      const read = readUsageEvent({ ...event(), ...over });
      expect(isBad(read) || read.quantity > 0n).toBe(true);
    }), { numRuns: 500 });
  });
});
