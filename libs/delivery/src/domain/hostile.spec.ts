import fc from 'fast-check';
import { attachment, digestField, sha256OfDigestField } from '#shared';
import { wantedRange } from './http-range.js';

const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string(), fc.string({ unit: 'grapheme' }));
const sha = fc.stringMatching(/^[0-9a-f]{64}$/);

describe('header fields from outside', () => {
  it('ask for a part of the file, for the whole or for nothing it has, whatever they say', () => {
    const field = fc.oneof(text, fc.tuple(fc.constantFrom('bytes', 'BYTES', 'bytes ', 'rows'), fc.constantFrom('=', ' = ', ''), fc.oneof(text, fc.tuple(fc.bigInt(), fc.bigInt()).map(([a, b]) => `${a}-${b}`), fc.tuple(fc.nat(), fc.nat()).map(([a, b]) => `${a}-${b}`))).map((parts) => parts.join('')));
    const validator = fc.option(fc.oneof(text, fc.constantFrom('"abc"', 'W/"abc"', '"abc", "def"', '*')), { nil: undefined });
    fc.assert(fc.property(field, validator, fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), (range, ifRange, size) => {
      const wanted = wantedRange(range, ifRange, '"abc"', size);
      if (wanted.kind === 'part') expect([Number.isSafeInteger(wanted.span.from) && wanted.span.from >= 0 && wanted.span.from < wanted.span.to && wanted.span.to <= size, ifRange ?? '"abc"']).toEqual([true, '"abc"']);
      if (ifRange !== undefined && ifRange !== '"abc"') expect(wanted.kind).toBe('whole');
    }), { numRuns: 1_000 });
  });

  it('bring a digest of 32 bytes or none', () => {
    fc.assert(fc.property(fc.oneof(text, fc.array(fc.oneof(text, sha.map(digestField), fc.base64String().map((b) => `sha-256=:${b}:`)), { maxLength: 4 }).map((members) => members.join(','))), (field) => {
      const digest = sha256OfDigestField(field);
      if (typeof digest === 'string') expect(digest).toMatch(/^[0-9a-f]{64}$/);
    }), { numRuns: 1_000 });
    fc.assert(fc.property(sha, (hex) => expect(sha256OfDigestField(digestField(hex))).toBe(hex)));
  });

  it('are read in time that grows with their length', () => {
    const began = performance.now();
    for (const field of [`bytes=${' '.repeat(16_000)}x`, `${'a'.repeat(16_000)}=`, `${'sha-256=::,'.repeat(1_400)}!`, `${' \t'.repeat(8_000)}x`]) {
      wantedRange(field, undefined, '"abc"', 100);
      sha256OfDigestField(field);
    }
    // Quadratic reading of these takes seconds; nothing here depends on how fast the machine is.
    expect(performance.now() - began).toBeLessThan(5_000);
  });

  it('carry any name that the platform takes within one line', () => {
    fc.assert(fc.property(text.filter((name) => name.isWellFormed()), (name) => expect(attachment(name)).toMatch(/^attachment; filename="[^"\\\r\n\0\x80-\uffff]*"; filename\*=UTF-8''[\w%.~!-]*$/)), { numRuns: 500 });
  });
});
