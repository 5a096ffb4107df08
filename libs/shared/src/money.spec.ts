import fc from 'fast-check';
import { add, allocate, basisPoints, CURRENCIES, formatMoney, MAX_MINOR, money, MoneyError, priceTimes, sum } from './money.js';

const amount = fc.bigInt({ min: -MAX_MINOR / 1000n, max: MAX_MINOR / 1000n });

describe('money', () => {
  it('splits by largest remainder without losing or making a cent', () => {
    fc.assert(fc.property(amount, fc.array(fc.bigInt({ min: 0n, max: 1_000_000n }), { minLength: 1, maxLength: 20 }), (minor, weights) => {
      fc.pre(weights.some((w) => w > 0n));
      const parts = allocate(money(minor, 'SGD'), weights);
      expect(sum(parts, 'SGD').minor).toBe(minor);
      const total = weights.reduce((a, b) => a + b, 0n);
      parts.forEach((p, i) => expect((p.minor * total - minor * weights[i]!) ** 2n).toBeLessThan((total) ** 2n));
    }));
  });
  it('multiplies a price as rational arithmetic does', () => {
    fc.assert(fc.property(fc.bigInt({ min: 0n, max: 10n ** 8n }), fc.integer({ min: 0, max: 9 }), fc.bigInt({ min: 0n, max: 10_000n }), fc.constantFrom(...CURRENCIES), (digits, places, quantity, currency) => {
      const text = digits.toString().padStart(places + 1, '0');
      const price = places ? `${text.slice(0, -places)}.${text.slice(-places)}` : text;
      const scale = { JPY: 1n, KRW: 1n, KWD: 1000n }[currency as 'JPY'] ?? 100n;
      const exact2 = 2n * digits * quantity * scale;
      const result = priceTimes(price, quantity, currency).minor;
      const unit = 10n ** BigInt(places);
      expect(2n * result * unit - exact2).toBeLessThanOrEqual(unit);
      expect(exact2 - 2n * result * unit).toBeLessThan(unit);
    }));
  });
  it.each([['0.005', 1n, 'SGD', 1n], ['0.0049', 1n, 'SGD', 0n], ['15.5', 3n, 'CNY', 4650n], ['0.5', 1n, 'JPY', 1n], ['1.2345', 1n, 'KWD', 1235n]] as const)('%s x %s %s is %s', (price, quantity, currency, minor) => {
    expect(priceTimes(price, quantity, currency)).toEqual({ minor, currency });
  });
  it.each(['1e3', '-1', '1.', '.5', '1,5', '00.1', 'NaN', ''])('refuses the price %j', (price) => expect(() => priceTimes(price, 1n, 'SGD')).toThrow(MoneyError));
  it('takes a share half up', () => expect(basisPoints(money(1050n, 'SGD'), 500)).toEqual(money(53n, 'SGD')));
  it('does not mix currencies', () => expect(() => add(money(1n, 'SGD'), money(1n, 'CNY'))).toThrow(MoneyError));
  it('does not take a currency that is not traded, or an amount out of range', () => {
    expect(() => money(1n, 'RMB')).toThrow(MoneyError);
    expect(() => money(MAX_MINOR + 1n, 'SGD')).toThrow(MoneyError);
  });
  it.each([[123450n, 'SGD', 'SGD 1,234.50'], [-5n, 'CNY', 'CNY -0.05'], [1234n, 'JPY', 'JPY 1,234'], [1234567n, 'KWD', 'KWD 1,234.567'], [0n, 'USD', 'USD 0.00']] as const)('shows %s %s as %s', (minor, currency, text) => {
    expect(formatMoney(money(minor, currency))).toBe(text);
  });
});
