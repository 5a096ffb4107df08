import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { canonicalHash, decodeJson } from './codec.js';
import { loadConfig } from './config/config.js';
import { AddressGuard, OutgoingRefusedError } from './outgoing/address-guard.js';
import { BadCursorError, encodeCursor, pageRequest } from './pagination.js';
import { addressKey } from './rate-limit/address.js';
import { limitField, policyField } from './rate-limit/fields.js';
import { FileKeyEncryption } from './secrets/file-key-encryption.js';
import { SecretBox } from './secrets/secret-box.js';

const anyText = fc.oneof(fc.string({ unit: 'binary' }), fc.string(), fc.string({ unit: 'grapheme' }));

describe('what comes from outside', () => {
  it('as a cursor is one of the list or refused, whatever it is', () => {
    const cursors = fc.oneof(anyText, fc.json().map((json) => Buffer.from(json).toString('base64url')), fc.array(fc.oneof(anyText, fc.constantFrom('a\u0000', '\ud800')), { maxLength: 3 }).map(encodeCursor));
    fc.assert(fc.property(fc.oneof(fc.integer(), fc.double()), cursors, (first, after) => {
      try {
        const request = pageRequest(first, after, 1);
        expect(request.first >= 1 && request.first <= 100).toBe(true);
        if (request.after) expect(request.after.every((key) => key.length <= 64 && key.isWellFormed() && !key.includes('\u0000'))).toBe(true);
      } catch (error) {
        expect(error).toBeInstanceOf(BadCursorError);
      }
    }), { numRuns: 1_000 });
  });

  it('as an address counts as one subscriber or as unreadable, in one form', () => {
    const odd = fc.constantFrom('::1%eth0', 'fe80::1%25lo', '::ffff:192.0.2.1', '::ffff:c000:201', '::192.0.2.1', '0x7f.1', '127.1', '010.0.0.1', '2130706433', '192.0.2.1:80', '[::1]', '[2001:db8::1]:443', 'unknown', '_hidden', '1.2.3.4, 5.6.7.8', ' 1.2.3.4', '1::2::3', '', '%', '::%');
    fc.assert(fc.property(fc.oneof(odd, anyText, fc.ipV4Extended(), fc.ipV6()), (text) => {
      expect(addressKey(text)).toMatch(/^(unreadable|(\d{1,3}\.){3}\d{1,3}|([0-9a-f]{1,4}:){4}:\/64)$/);
    }), { numRuns: 1_000 });
    expect([addressKey('::ffff:192.0.2.1'), addressKey('::ffff:c000:201'), addressKey('fe80::1%eth0')]).toEqual(['192.0.2.1', '192.0.2.1', 'fe80:0:0:0::/64']);
  });

  it('as an address to call is a public one, whatever private one hides in it', () => {
    const guard = new AddressGuard([]);
    const inside = fc.tuple(fc.constantFrom([10, 1], [127, 0], [192, 168], [169, 254], [172, 16], [100, 64], [0, 0]), fc.nat(255), fc.nat(255)).map(([[a, b], c, d]) => [`${((a! << 8) | b!).toString(16)}:${((c << 8) | d).toString(16)}`, `${a}.${b}.${c}.${d}`] as const);
    const forms = [(hex: string) => `::${hex}`, (hex: string) => `::ffff:${hex}`, (hex: string) => `64:ff9b::${hex}`, (hex: string) => `64:ff9b:1::${hex}`, (hex: string) => `2002:${hex}::1`, (hex: string) => `::ffff:0:${hex}`, (hex: string) => `fe80::${hex}`, (hex: string) => `1::${hex}`];
    fc.assert(fc.property(inside, fc.constantFrom(...forms), ([hex, dotted], form) => {
      for (const address of [form(hex), dotted, `::ffff:${dotted}`]) expect(() => guard.checkAddress(address)).toThrow(OutgoingRefusedError);
      expect(() => guard.checkTarget(new URL(`https://[${form(hex)}]/`).hostname, 'https:')).toThrow(OutgoingRefusedError);
    }));
    fc.assert(fc.property(anyText, fc.oneof(fc.constantFrom('https:', 'http:', 'file:'), anyText), (host, protocol) => {
      try {
        guard.checkTarget(host, protocol);
        expect(protocol).toBe('https:');
      } catch (error) {
        expect(error).toBeInstanceOf(OutgoingRefusedError);
      }
    }), { numRuns: 500 });
  });

  it('never breaks out of the fields of a rate limit', () => {
    fc.assert(fc.property(fc.integer(), fc.nat(), fc.boolean(), (remaining, secondsLeft, allowed) => {
      expect(limitField('default', { allowed, remaining, secondsLeft })).toMatch(/^"default";r=\d+;t=\d+$/);
    }));
    expect(policyField('cost', { bucket: 'query-cost', points: 1, seconds: 60 })).toBe('"cost";q=1;w=60');
  });

  it('has a digest or none, and a stored answer never becomes an object of another kind', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => expect(canonicalHash(value)).toMatch(/^[0-9a-f]{64}$/)));
    const hostile = decodeJson<Record<string, unknown>>('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}');
    expect([({} as { polluted?: unknown }).polluted, Object.getPrototypeOf(hostile), hostile['polluted']]).toEqual([undefined, Object.prototype, undefined]);
  });
});

describe('a sealed secret', () => {
  let folder: string;
  let box: SecretBox;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'hostile-'));
    box = new SecretBox(new FileKeyEncryption(loadConfig({ NODE_ENV: 'test', DATA_DIR: folder })));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('is nothing that the box did not seal: any text, any header, any algorithm', async () => {
    const sealed = await box.seal('sign-in', 'secret');
    expect(await box.open('sign-in', sealed)).toBe('secret');
    const parts = sealed.split('.');
    const header = JSON.parse(Buffer.from(parts[0]!, 'base64url').toString()) as object;
    const headers = fc.oneof(fc.json(), fc.dictionary(fc.constantFrom('alg', 'enc', 'use', 'kek', 'wk', 'crit', 'zip', 'p2c', 'b64'), fc.oneof(fc.jsonValue(), fc.constantFrom('none', 'dir', 'PBES2-HS256+A128KW', 'A128CBC-HS256', 'sign-in', 'DEF'))).map((over) => JSON.stringify({ ...header, ...over })));
    await fc.assert(fc.asyncProperty(headers, anyText, async (json, text) => {
      const forged = [Buffer.from(json).toString('base64url'), ...parts.slice(1)].join('.');
      if (forged !== sealed) await expect(box.open('sign-in', forged)).rejects.toThrow();
      await expect(box.open('sign-in', text)).rejects.toThrow();
      await expect(box.open(text === 'sign-in' ? 'other' : text, sealed)).rejects.toThrow();
    }), { numRuns: 150 });
  });
});
