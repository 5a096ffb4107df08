import fc from 'fast-check';
import { agreementHash } from './agreement-document.js';

const shuffle = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(shuffle);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).reverse().map(([k, v]) => [k, shuffle(v)]));
};

describe('agreement hash', () => {
  it('is the same under another order of keys', () => {
    fc.assert(fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (document) => {
      expect(agreementHash(shuffle(document) as Record<string, unknown>)).toBe(agreementHash(document));
    }));
  });
  it('is the same under another Unicode form', () => expect(agreementHash({ name: 'Caf\u00e9' })).toBe(agreementHash({ name: 'Cafe\u0301' })));
  it('differs when one character differs', () => expect(agreementHash({ price: '100' })).not.toBe(agreementHash({ price: '101' })));
});
