import fc from 'fast-check';
import { attachment, digestField, sha256OfDigestField } from '#shared';
import { wantedRange } from './http-range.js';

const ETAG = '"abc"';
const ranged = (range: string | undefined, size = 100, ifRange?: string) => wantedRange(range, ifRange, ETAG, size);
const part = (from: number, to: number) => ({ kind: 'part', span: { from, to } });

describe('Range', () => {
  it('reads one range of bytes', () => {
    expect(ranged('bytes=0-0')).toEqual(part(0, 1));
    expect(ranged('bytes=10-19')).toEqual(part(10, 20));
    expect(ranged('BYTES=90-')).toEqual(part(90, 100));
    expect(ranged('bytes=-1')).toEqual(part(99, 100));
    expect(ranged('bytes=-500')).toEqual(part(0, 100));
    expect(ranged('bytes=0-999999999999999999')).toEqual(part(0, 100));
  });
  it('ignores what is malformed, of another unit, or more than one', () => {
    for (const header of [undefined, '', 'bytes', 'bytes=', 'bytes=-', 'bytes=5-4', 'bytes=a-b', 'bytes=0-1,5-6', 'rows=0-1', 'bytes=1-2-3', 'bytes=1e3-', 'bytes=0-9999999999999999999']) expect(ranged(header)).toEqual({ kind: 'whole' });
  });
  it('says what it does not have', () => {
    for (const header of ['bytes=100-', 'bytes=100-200', 'bytes=-0']) expect(ranged(header)).toEqual({ kind: 'unsatisfiable' });
  });
  it('holds If-Range to the strong validator', () => {
    expect(ranged('bytes=0-1', 100, ETAG)).toEqual(part(0, 2));
    for (const other of ['W/"abc"', '"abd"', 'Sun, 22 Nov 2026 08:00:00 GMT']) expect(ranged('bytes=0-1', 100, other)).toEqual({ kind: 'whole' });
  });
  it('never leaves the file', () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom('0', '1', '9', '-', ',', ' '), maxLength: 24 }), fc.integer({ min: 1, max: 10 ** 10 }), (text, size) => {
      const wanted = ranged(`bytes=${text}`, size);
      if (wanted.kind === 'part') expect(0 <= wanted.span.from && wanted.span.from < wanted.span.to && wanted.span.to <= size).toBe(true);
    }));
  });
});

describe('header fields', () => {
  const sha = 'a'.repeat(64);
  it('read and write sha-256 digests', () => {
    expect(sha256OfDigestField(digestField(sha))).toBe(sha);
    expect(sha256OfDigestField(`sha-512=:AAAA:, ${digestField(sha)}`)).toBe(sha);
    expect(sha256OfDigestField('sha-512=:AAAA:')).toBeUndefined();
    for (const bad of ['sha-256=abc', 'sha-256=:AAAA:', '', 'sha-256']) expect(sha256OfDigestField(bad)).toBeNull();
  });
  it('write any file name without breaking out of the header', () => {
    expect(attachment('上海 "TEU".csv')).toBe(`attachment; filename="__ _TEU_.csv"; filename*=UTF-8''%E4%B8%8A%E6%B5%B7%20%22TEU%22.csv`);
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (name) => expect(attachment(name)).toMatch(/^attachment; filename="[\x20-\x7e]*"; filename\*=UTF-8''[\w%.~!-]*$/)));
  });
});
