import fc from 'fast-check';
import { bitsFor, DistinctCounter } from './distinct-counter.js';
import { fileReader } from './index.js';
import { TableBuilder, Tables } from './table-builder.js';

const counted = (n: number, bits = 12): number => {
  const counter = new DistinctCounter(bits);
  for (let i = 0; i < n; i++) for (let again = 0; again < 2; again++) counter.add(`person ${i}`);
  return counter.atLeast();
};

describe('counting what is different', () => {
  it.each([0, 1, 10, 1_000, 20_000, 300_000])('of %d texts counts no more than there are, and nearly all', (n) => {
    const least = counted(n);
    expect(least).toBeLessThanOrEqual(n);
    expect(least).toBeGreaterThanOrEqual(Math.floor(n * 0.88));
  });
  it('is coarser in less memory, never too much', () => {
    for (const bits of [8, 10]) for (const n of [50, 5_000]) expect([bits, n, counted(n, bits) <= n, counted(n, bits) > n * 0.5]).toEqual([bits, n, true, true]);
    expect([bitsFor(1), bitsFor(1_024), bitsFor(1e9)]).toEqual([8, 10, 12]);
  });
});

describe('the sample of a table', () => {
  it('is even, within its limits and the same for the same rows; the rows are all counted', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 60_000 }), fc.integer({ min: 1, max: 100 }), (rows, share) => {
      const build = () => {
        const table = new TableBuilder(['n', 'x'], share);
        for (let i = 0; i < rows; i++) table.add([String(i), 'same']);
        return table.profile();
      };
      const { sample, rows: all, distinct } = build();
      const places = sample.map((r) => Number(r[0]));
      const stride = (places[1] ?? 1) - places[0]!;
      expect([all, places[0], places.every((p, i) => p === i * stride)]).toEqual([rows, 0, true]);
      expect(sample.length).toBeLessThanOrEqual(10_000);
      if (rows <= 5_000) expect(sample).toHaveLength(rows);
      expect(distinct[1]).toBe(1);
      expect(build().sample).toEqual(sample);
    }), { numRuns: 20 });
  });
  it('holds no more characters than its share, and of a cell no more than 128', () => {
    const table = new TableBuilder(['text'], 100);
    for (let i = 0; i < 20_000; i++) table.add(['x'.repeat(1_000)]);
    const { sample, rows } = table.profile();
    expect([rows, sample[0]![0]!.length, sample.reduce((sum, r) => sum + r[0]!.length, 0) <= (32 * 1024 * 1024) / 100]).toEqual([20_000, 128, true]);
  });
});

describe('reading files', () => {
  async function read(mediaType: string, content: string | Buffer, chunk = 7): Promise<{ why: string | null; tables: ReturnType<Tables['profiles']> }> {
    const tables = new Tables(1);
    const reader = fileReader(mediaType, tables, 'f')!;
    const bytes = Buffer.from(content);
    for (let at = 0; at < bytes.length; at += chunk) await reader.push(Buffer.from(bytes.subarray(at, at + chunk)));
    return { why: await reader.end(), tables: tables.profiles() };
  }
  const rows = async (mediaType: string, content: string | Buffer): Promise<unknown> => (await read(mediaType, content)).tables.map((t) => [t.header, ...t.sample]);

  it.each([[','], ['\t'], [';'], ['|']])('takes %j for the delimiter where the header says so', async (d) => {
    expect(await rows('text/csv', `姓名${d}年龄\r\n"张${d}三"${d}7\r\n\r\n李四${d}8`)).toEqual([[['姓名', '年龄'], [`张${d}三`, '7'], ['李四', '8']]]);
  });
  it('bears ragged rows, quotes in the middle and a byte order mark; a quote never closed ends it with a reason', async () => {
    expect(await rows('text/csv', '\ufeffa,b\n1\n2,3,4\nx"y,z\n')).toEqual([[['a', 'b'], ['1', ''], ['2', '3'], ['x"y', 'z']]]);
    expect((await read('text/csv', `a,b\n1,"${'x'.repeat(1024 * 1024 + 10)}`, 65_536)).why).toMatch(/^not delimited text/);
    expect((await read('text/csv', Buffer.from([0x61, 0x0a, 0xff, 0xfe]))).why).toBe('the file is not UTF-8');
    expect(await read('text/csv', '')).toEqual({ why: null, tables: [] });
  });
  it.each<[string, unknown, unknown]>([
    ['an array of objects', [{ a: 1, b: { c: true } }, { a: 2, d: null }], [[['a', 'b.c'], ['1', 'true'], ['2', '']]]],
    ['an object that holds one', { type: 'x', features: [{ properties: { name: '张三' }, geometry: { coordinates: [121.47, 31.23] } }] }, [[['properties.name', 'geometry.coordinates'], ['张三', '[121.47,31.23]']]]],
    ['one object', { a: { b: { c: { d: { e: 1 } } } } }, [[['a.b.c.d'], ['{"e":1}']]]], ['numbers', [1, 2], [[['value'], ['1'], ['2']]]], ['names of prototypes', [{ __proto__x: 1, constructor: 2 }], [[['__proto__x', 'constructor'], ['1', '2']]]], ['nothing', [], []],
  ])('reads %s of JSON', async (_, value, expected) => expect(await rows('application/json', JSON.stringify(value))).toEqual(expected));
  it('says why it does not read: no JSON, too much of it, another format', async () => {
    expect((await read('application/json', '{"a":')).why).toBe('the file is not JSON');
    expect((await read('application/json', `[${' '.repeat(17 * 1024 * 1024)}]`, 1024 * 1024)).why).toMatch(/^JSON of more than/);
    expect(fileReader('application/vnd.apache.parquet', new Tables(1), 'f')).toBeUndefined();
    expect(fileReader('constructor', new Tables(1), 'f')).toBeUndefined();
  });
  it('puts files with the same columns into one table', async () => {
    const tables = new Tables(2);
    for (const name of ['a.csv', 'b.csv']) {
      const reader = fileReader('text/csv', tables, name)!;
      await reader.push(Buffer.from('id\n1\n'));
      await reader.end();
    }
    expect(tables.profiles()).toMatchObject([{ name: 'a.csv', files: 2, rows: 2 }]);
  });
});
