import fc from 'fast-check';
import { types } from 'pg';
import { rowTypes } from './row-types.js';

describe('row types', () => {
  it('reads instants as pg does', () => {
    const date = fc.date({ noInvalidDate: true, min: new Date('0100-01-01'), max: new Date('9999-12-31') });
    fc.assert(fc.property(date, fc.constantFrom('', '.5', '.25', '.123', '.123456'), fc.constantFrom('+00', '+08', '-03:30'), (at, fraction, zone) => {
      const text = `${at.toISOString().slice(0, 19).replace('T', ' ')}${fraction}${zone}`;
      expect((rowTypes.getTypeParser(1184)(text) as Date).getTime()).toBe((types.getTypeParser(1184)(text) as Date).getTime());
    }));
  });
  it.each(['infinity', '0044-03-15 00:00:00+00 BC', '10000-01-01 00:00:00+00'])('leaves %s to pg', (text) => expect(rowTypes.getTypeParser(1184)(text)).toEqual(types.getTypeParser(1184)(text)));
  it.each(['{}', '{A}', '{A,B}', '{"a b",C}', '{"say \\"x\\"",NULL}'])('reads the array %s as pg does', (text) => expect(rowTypes.getTypeParser(1009)(text)).toEqual(types.getTypeParser(1009 as never)(text)));
});
