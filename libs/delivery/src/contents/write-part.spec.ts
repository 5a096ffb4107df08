import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { tableFromArrays, tableToIPC } from 'apache-arrow';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import type { CellType, Limit, RowCondition, RowOperator } from '#contracts';
import { mediaTypeOf, parquetOf } from '../../../../test/support/contents.js';
import { writePart } from './write-part.js';

type Part = { readonly finding: string } | { readonly mediaType: string; readonly content: Buffer };

/** The part of a file with these bytes, written by the real process. */
async function partOf(fileName: string, content: Buffer | string, limit: Partial<Limit>): Promise<Part> {
  const folder = await mkdtemp(path.join(process.env['ENTREPOT_TEST_FOLDER']!, 'part-'));
  try {
    const at = path.join(folder, 'source');
    await writeFile(at, content);
    const work = await mkdtemp(path.join(folder, 'work-'));
    const written = await writePart({ fileName, mediaType: mediaTypeOf(fileName), bytes: Buffer.byteLength(content), path: at }, { columns: null, rows: [], ...limit }, work, new AbortController().signal);
    return 'finding' in written ? written : { mediaType: written.mediaType, content: await readFile(written.path) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
const textOf = (part: Part): string => ('finding' in part ? part.finding : part.content.toString('utf8'));
const row = (column: string, type: CellType, operator: RowOperator, ...values: string[]): RowCondition => ({ column, type, operator, values });

/** Rows of a Parquet file, and what its footer says. */
async function parquet(content: Buffer): Promise<{ rows: unknown[]; schema: string[]; statistics: string }> {
  const folder = await mkdtemp(path.join(process.env['ENTREPOT_TEST_FOLDER']!, 'read-'));
  const at = path.join(folder, 'part.parquet');
  await writeFile(at, content);
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  const ask = async (sql: string) => (await connection.runAndReadAll(sql)).getRowObjectsJson();
  const found = { rows: await ask(`from '${at}'`), schema: (await ask(`select name || ' ' || coalesce(type, '') as n from parquet_schema('${at}')`)).map((r) => String(r['n'])), statistics: JSON.stringify([await ask(`from parquet_metadata('${at}')`), await ask(`from parquet_kv_metadata('${at}')`)]) };
  connection.closeSync();
  instance.closeSync();
  await rm(folder, { recursive: true });
  return found;
}

describe('a part of a CSV file', () => {
  const calls = 'ship,teu,on,secret\nEver Calm,20,2026-01-02,aaa\n"Ever, ""Odd""",,2026-03-04,bbb\nEver New,7.50,2026-02-01,ccc\n';
  it.each<[string, Partial<Limit>, string]>([
    ['has the columns in the sequence of the file', { columns: ['teu', 'ship'] }, 'ship,teu\nEver Calm,20\n"Ever, ""Odd""",\nEver New,7.50\n'],
    ['has the rows in the sequence of the file', { rows: [row('on', 'date', 'gteq', '2026-02-01')] }, 'ship,teu,on,secret\n"Ever, ""Odd""",,2026-03-04,bbb\nEver New,7.50,2026-02-01,ccc\n'],
    ['is judged by columns that are not in it', { columns: ['ship'], rows: [row('teu', 'decimal', 'lt', '10')] }, 'ship\nEver New\n'],
    ['fulfils all conditions', { columns: ['ship'], rows: [row('teu', 'decimal', 'gteq', '7.5'), row('teu', 'decimal', 'lteq', '19.99')] }, 'ship\nEver New\n'],
    ['leaves out rows without a value, also where another one is asked for', { columns: ['ship'], rows: [row('teu', 'decimal', 'neq', '20')] }, 'ship\nEver New\n'],
    ['has a header and no row where none fulfils it', { columns: ['ship'], rows: [row('ship', 'string', 'eq', "'; drop table whole; --")] }, 'ship\n'],
    ['compares texts letter by letter', { columns: ['teu'], rows: [row('ship', 'string', 'isAnyOf', 'Ever, "Odd"', 'ever calm')] }, 'teu\n""\n'],
    ['keeps everything where everything is licensed', { columns: ['ship', 'teu', 'on', 'secret'], rows: [row('secret', 'string', 'isNoneOf', 'zzz')] }, calls],
    ['is none without the column', { columns: ['Ship'] }, 'there is no column "Ship"'],
    ['is none where the condition has no column', { rows: [row('gone', 'string', 'eq', 'x')] }, 'there is no column "gone"'],
    ['is none where a value is not of the type', { rows: [row('ship', 'decimal', 'eq', '1')] }, 'not every value of the column "ship" is of the type decimal that the licence compares it as'],
    ['is none of no column', { columns: [] }, 'a part has a column at the least'],
  ])('%s', async (_, limit, expected) => expect(textOf(await partOf('calls.csv', calls, limit))).toBe(expected));

  it('keeps hostile names and values as they are', async () => {
    const [name, other] = ['a"b\n\'; drop table whole; --', '船名🚢'];
    const content = `"${name.replaceAll('"', '""')}";${other};hidden\n"x;""y""\r\nz";=cmd();SECRET\n';1;SECRET2\n`;
    const part = await partOf('hostile.csv', content, { columns: [name, other], rows: [row(name, 'string', 'neq', "';")] });
    expect(parse(textOf(part), { delimiter: ';' })).toEqual([[name, other], ['x;"y"\r\nz', '=cmd()'], ["'", '1']]);
    expect(textOf(part)).not.toContain('SECRET');
  });
  it('is UTF-8 whatever the file was, and none of a file that is ragged', async () => {
    expect(textOf(await partOf('u16.csv', Buffer.from('\ufeff港口\tteu\n上海\t1\n', 'utf16le'), { columns: ['港口'] }))).toBe('港口\n上海\n');
    expect(textOf(await partOf('ragged.csv', 'a,b\n1,2\n3\n', { columns: ['a'] }))).toMatch(/^line 3: not as many columns/);
  });
  it('is none where names differ in their case only, or are not told apart', async () => {
    expect(textOf(await partOf('case.csv', 'Ship,ship,x\n1,2,3\n', { columns: ['Ship', 'ship'] }))).toBe('the columns "Ship" and "ship" differ in their case only');
    expect(textOf(await partOf('case.csv', 'Ship,ship,x\n1,2,3\n', { columns: ['ship'] }))).toBe('ship\n2\n');
  });

  const NAMES = ['n', 'b', 'd', 't', 's'] as const;
  const cell = { n: fc.option(fc.integer({ min: -30, max: 30 }).map((v) => (v / 4).toString())), b: fc.option(fc.constantFrom('true', 'false')), d: fc.option(fc.integer({ min: 1, max: 28 }).map((v) => `2026-02-${String(v).padStart(2, '0')}`)), t: fc.option(fc.integer({ min: 0, max: 23 }).map((h) => `2026-02-01T${String(h).padStart(2, '0')}:00:00Z`)), s: fc.option(fc.constantFrom('a', 'B', "o'x", '"q"', 'two\nlines', 'ü,;', '%', ' x')) };
  const table = fc.array(fc.record(cell), { minLength: 1, maxLength: 12 });
  const ORDERED: RowOperator[] = ['eq', 'neq', 'isAnyOf', 'isNoneOf', 'lt', 'lteq', 'gt', 'gteq'];
  const condition = fc.oneof(
    ...([['n', 'decimal', ORDERED], ['b', 'boolean', ['eq', 'neq']], ['d', 'date', ORDERED], ['t', 'dateTime', ORDERED], ['s', 'string', ['eq', 'neq', 'isAnyOf', 'isNoneOf']]] as const).map(([name, type, operators]) =>
      fc.tuple(fc.constantFrom(...(operators as readonly RowOperator[])), fc.array(cell[name].filter((v) => v !== null), { minLength: 1, maxLength: 3 })).map(([operator, values]): RowCondition => ({ column: name, type, operator, values: operator.startsWith('is') ? (values as string[]) : [values[0]!] }))),
  );
  const kept = (record: Record<string, string | null>, { column, type, operator, values }: RowCondition): boolean => {
    const own = record[column] ?? null;
    if (own === null) return false;
    const of = (text: string): number | string => (type === 'decimal' ? Number(text) : type === 'dateTime' || type === 'date' ? Date.parse(text) : text);
    const [left, right] = [of(own), values.map(of)];
    return { eq: left === right[0], neq: left !== right[0], isAnyOf: right.includes(left), isNoneOf: !right.includes(left), lt: left < right[0]!, lteq: left <= right[0]!, gt: left > right[0]!, gteq: left >= right[0]! }[operator];
  };
  const quote = (text: string | null): string => (text === null ? '' : `"${text.replaceAll('"', '""')}"`);
  it('is what a plain filter gives, whatever the limit', () => fc.assert(fc.asyncProperty(table, fc.uniqueArray(fc.constantFrom(...NAMES), { minLength: 1 }), fc.array(condition, { maxLength: 3 }), async (records, columns, rows) => {
    // A column of nothing but missing values is of no type, and one row says what each is.
    const all = [{ n: '0', b: 'true', d: '2026-02-01', t: '2026-02-01T00:00:00Z', s: 'a' }, ...records];
    const part = await partOf('fuzz.csv', `${NAMES.join(',')}\n${all.map((r) => NAMES.map((n) => quote(r[n])).join(',')).join('\n')}\n`, { columns, rows });
    const expected = all.filter((r) => rows.every((c) => kept(r, c))).map((r) => NAMES.filter((n) => columns.includes(n)).map((n) => r[n] ?? ''));
    expect(parse(textOf(part))).toEqual([NAMES.filter((n) => columns.includes(n)), ...expected]);
  }), { numRuns: 60 }), 240_000);
});

describe('a part of other formats', () => {
  it('of Parquet keeps types, and hides what is hidden from its footer too', async () => {
    const source = await parquetOf(`select i::int as hour, (i / 4)::decimal(6,2) as level, timestamp '2026-04-01' + interval (i) hour as at, 'SECRET' || i as secret, case when i % 2 = 0 then i::double end as d from range(6) r(i)`);
    const limit = { columns: ['hour', 'level', 'at'], rows: [row('at', 'dateTime', 'gteq', '2026-04-01T02:00:00.000Z'), row('d', 'decimal', 'gt', '2')] };
    const part = await partOf('tide.parquet', source, limit) as { mediaType: string; content: Buffer };
    expect(part.mediaType).toBe('application/vnd.apache.parquet');
    const { rows, schema, statistics } = await parquet(part.content);
    expect([rows, schema]).toEqual([[{ hour: 4, level: '1.00', at: '2026-04-01 04:00:00' }], ['duckdb_schema ', 'hour INT32', 'level INT32', 'at INT64']]);
    for (const hidden of ['SECRET', 'secret', '"d"']) expect(statistics + part.content.toString('latin1')).not.toContain(hidden);
    expect((await partOf('tide.parquet', source, limit) as typeof part).content.equals(part.content)).toBe(true);
    const none = await partOf('tide.parquet', source, { columns: ['hour'], rows: [row('hour', 'decimal', 'lt', '-1')] }) as typeof part;
    expect(await parquet(none.content)).toMatchObject({ rows: [], schema: ['duckdb_schema ', 'hour INT32'] });
    expect(textOf(await partOf('tide.parquet', source, { rows: [row('secret', 'decimal', 'eq', '1')] }))).toMatch(/"secret" is not of the type decimal/);
  });
  it('of Parquet is none where names differ in their case only: the library would rename one', async () => {
    const tricky = await parquetOf(`select 1 as "Ship", 2 as "x"`);
    expect(textOf(await partOf('x.parquet', tricky, { columns: ['ship'] }))).toBe('there is no column "ship"');
  });
  it('of JSON lines and of a JSON document stays what it is', async () => {
    const lines = '{"port":"CNSHA","n":1.5,"ok":true,"berth":{"no":1,"key":"SECRET"},"tags":["a","b"]}\n{"port":"SG\\"SIN","n":20,"ok":null,"berth":null,"tags":null}\n';
    expect(textOf(await partOf('p.jsonl', lines, { columns: ['port', 'n', 'ok', 'berth.no', 'tags'] }))).toBe('{"port":"CNSHA","n":1.5,"ok":true,"berth.no":1,"tags":["a","b"]}\n{"port":"SG\\"SIN","n":20.0,"ok":null,"berth.no":null,"tags":null}\n');
    expect(textOf(await partOf('p.jsonl', lines, { columns: ['port'], rows: [row('n', 'decimal', 'gt', '100')] }))).toBe('\n');
    expect(JSON.parse(textOf(await partOf('p.json', JSON.stringify({ rows: lines.trim().split('\n').map((l) => JSON.parse(l) as unknown) }), { columns: ['port'], rows: [row('ok', 'boolean', 'eq', 'true')] })))).toEqual([{ port: 'CNSHA' }]);
    expect(textOf(await partOf('l.jsonl', '{"items":[{"sku":1},{"sku":2}]}\n', { columns: ['items[].sku'] }))).toMatch(/stands within a list/);
  });
  it('of Arrow becomes Parquet', async () => {
    const source = Buffer.from(tableToIPC(tableFromArrays({ station: ['a', 'b', null], speed: Float64Array.from([1.5, 2.5, 3.5]), n: Int32Array.from([1, 2, 3]) }), 'file'));
    const part = await partOf('wind.arrow', source, { columns: ['station', 'n'], rows: [row('speed', 'decimal', 'gteq', '2.5')] }) as { mediaType: string; content: Buffer };
    expect(part.mediaType).toBe('application/vnd.apache.parquet');
    expect((await parquet(part.content)).rows).toEqual([{ station: 'b', n: '2' }, { station: null, n: '3' }]);
  });
});
