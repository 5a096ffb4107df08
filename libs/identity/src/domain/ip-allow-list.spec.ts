import fc from 'fast-check';
import { allows, parseAllowed } from './ip-allow-list.js';

describe('allow-lists', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1/32'], ['192.0.2.77/24', '192.0.2.0/24'], [' 10.0.0.0/8 ', '10.0.0.0/8'], ['2001:DB8::1', '2001:db8::1/128'], ['2001:db8::1/32', '2001:db8::/32'],
    ['::ffff:192.0.2.1', '192.0.2.1/32'], ['::ffff:192.0.2.0/120', '192.0.2.0/24'], ['::ffff:c000:201', '192.0.2.1/32'], ['0.0.0.0/0', '0.0.0.0/0'], ['::/0', '::/0'],
  ])('%s is %s', (text, normal) => expect(parseAllowed(text)).toBe(normal));

  it.each(['', 'localhost', '192.0.2', '192.0.2.256', '192.0.2.1/33', '192.0.2.1/-1', '192.0.2.1/', '192.0.2.1/024', '192.0.2.1/24/8', '010.0.0.1', '0x7f000001', '2130706433', '2001:db8::/129', 'fe80::1%eth0', '::ffff:192.0.2.0/90', '::192.0.2.1', '１92.0.2.1', "1.1.1.1'--"])(
    '%j is no address', (text) => expect(parseAllowed(text)).toBeUndefined());

  it.each([
    [[], '203.0.113.9', true], [['192.0.2.0/24'], '192.0.2.200', true], [['192.0.2.0/24'], '192.0.3.1', false], [['192.0.2.0/24'], '::ffff:192.0.2.200', true], [['192.0.2.0/24'], '::ffff:c000:2c8', true],
    [['192.0.2.1/32', '2001:db8::/32'], '2001:db8:1::9', true], [['2001:db8::/32'], '2001:db9::1', false], [['2001:db8::/32'], '192.0.2.1', false], [['::/0'], '192.0.2.1', false], [['0.0.0.0/0'], '2001:db8::1', false],
    [['fe80::/10'], 'fe80::1%eth0', true], [['0.0.0.0/0'], 'unknown', false], [['0.0.0.0/0'], '', false], [['garbage'], '192.0.2.1', false],
  ] as [string[], string, boolean][])('%j lets %s through: %s', (list, from, is) => expect(allows(list, from)).toBe(is));

  it('takes whatever it normalises, and lets every address of a range through', () => {
    fc.assert(fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), fc.integer({ min: 0, max: 32 }), (address, bits) => {
      const normal = parseAllowed(`${address}/${bits}`);
      // Dots within IPv6 only in the mapped form, and of that only ranges within it.
      if (normal === undefined) return expect(address).toMatch(/:.*\.|^::ffff:/i);
      expect(parseAllowed(normal)).toBe(normal);
      expect(allows([normal], address)).toBe(true);
    }));
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 64 }), fc.string({ maxLength: 64 }), (entry, from) => {
      const normal = parseAllowed(entry);
      if (normal !== undefined) expect(parseAllowed(normal)).toBe(normal);
      expect(typeof allows(['192.0.2.0/24'], from)).toBe('boolean');
    }));
  });
});
