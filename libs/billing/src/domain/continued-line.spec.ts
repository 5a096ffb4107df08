import fc from 'fast-check';
import { priceTimes } from '#shared';
import { continuedLine } from './invoice.js';

describe('a continued line', () => {
  it('costs the same in many periods as in one', () => {
    fc.assert(fc.property(fc.array(fc.bigInt({ min: 1n, max: 50n }), { minLength: 1, maxLength: 40 }), fc.constantFrom('0.005', '0.014', '0.0004', '1.25', '0.333333'), (periods, price) => {
      let before = 0n;
      let billed = 0n;
      for (const quantity of periods) {
        billed += continuedLine('x', before, quantity, price, 'SGD').net.minor;
        before += quantity;
      }
      expect(billed).toBe(priceTimes(price, before, 'SGD').minor);
    }));
  });
});
