import fc from 'fast-check';
import { excessOf } from './json-body.js';

const depthOf = (value: unknown): number => (typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0);
const excess = (text: string, jsonDepth: number, jsonValues = 1_000_000): string | null => excessOf(Buffer.from(text), { jsonDepth, jsonValues });

describe('the size of a JSON body', () => {
  it('is judged as the parsed value would be, whatever its strings hold', () => {
    fc.assert(fc.property(fc.jsonValue({ maxDepth: 8 }), fc.integer({ min: 1, max: 9 }), fc.boolean(), (value, limit, indented) => {
      expect(excess(JSON.stringify(value, null, indented ? 2 : 0), limit) !== null).toBe(depthOf(value) > limit);
    }), { numRuns: 500 });
  });
  it('is judged for anything at all, without failing', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      const found = excessOf(Buffer.from(bytes), { jsonDepth: 3, jsonValues: 5 });
      expect(found === null || typeof found === 'string').toBe(true);
    }));
  });
  it.each([
    ['{"a":"[[[[\\"[[[["}', 1, false], ['{"a":"\\\\"},[[', 2, false], [`${'['.repeat(65)}${']'.repeat(65)}`, 64, true], [`${'['.repeat(64)}${']'.repeat(64)}`, 64, false], [`{"a":${'{"b":'.repeat(64)}1${'}'.repeat(65)}`, 64, true], ['[[],[],[]]', 2, false],
  ])('%s with %i levels: refused %s', (text, depth, refused) => expect(excess(text, depth) !== null).toBe(refused));
  it('counts values', () => {
    expect([excess('[1,2,3]', 9, 3), excess('[1,2,3,4]', 9, 3)]).toEqual([null, 'the body has more than 3 values']);
    expect(excess('{"a,b,c,d":"1,2,3,4"}', 9, 3)).toBeNull();
  });
});
