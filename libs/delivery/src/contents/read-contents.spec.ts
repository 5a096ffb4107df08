import { gzipSync } from 'node:zlib';
import * as arrow from 'apache-arrow';
import { contentsOf, parquetOf } from '../../../../test/support/contents.js';
import type { ColumnContents, Contents, TableContents } from './contents.js';
import { ReaderError } from './reader-process.js';

const finding = ({ files }: Contents, name: string): string | undefined => files.find((f) => f.fileName === name)!.findings[0];
const column = (table: TableContents, name: string): ColumnContents => table.columns.find((c) => c.name === name)!;
const GB = Buffer.from('d0d5c3fb2cb3c7cad00ac1d6b3ab2cc9cfbaa30ac0eec6bd2cb1b1bea90a', 'hex');

describe('what is computed of a table', () => {
  it('counts rows, types, nulls, ranges, different values, repetitions and the latest date', async () => {
    const csv = 'id,name,amount,day,at,flag,zip,none\n1,Li,1.50,2026-01-02,2026-01-02T10:00:00Z,true,01234,\n2,"Wang, X",-2e1,2026-02-03,2026-03-02 10:00,false,20012,\n2,"Wang, X",-2e1,2026-02-03,2026-03-02 10:00,false,20012,\n3,,,2099-01-01,,true,1,\n';
    const { files, tables: [table] } = await contentsOf({ 'a.csv': csv });
    expect(files).toMatchObject([{ fileName: 'a.csv', encoding: 'UTF-8', delimiter: ',', rows: 4, findings: [], unread: null }]);
    expect(table).toMatchObject({ name: 'a.csv', partial: false, rows: 4, bytes: csv.length, duplicates: { share: 0.25, exact: true } });
    expect(table!.columns.map((c) => [c.name, c.logicalType, c.nulls, c.min, c.max, c.distinct])).toEqual([
      ['id', 'integer', 0, '1', '3', 3], ['name', 'text', 1, null, null, 2], ['amount', 'decimal', 1, '-2e1', '1.50', 2], ['day', 'date', 0, '2026-01-02', '2099-01-01', 3],
      ['at', 'timestamp', 1, '2026-01-02T10:00:00Z', '2026-03-02 10:00', 2], ['flag', 'boolean', 0, null, null, 2], ['zip', 'text', 0, null, null, 3], ['none', 'empty', 4, null, null, 0],
    ]);
    expect(column(table!, 'name')).toMatchObject({ minLength: 2, maxLength: 7, physicalType: 'VARCHAR', distinctExact: true });
    // A date that is still to come says nothing of how fresh the data is.
    expect([column(table!, 'day').latest, column(table!, 'at').latest]).toEqual(['2026-02-03T00:00:00Z', '2026-03-02T10:00:00Z']);
    expect(table!.sample).toHaveLength(4);
    expect(table!.sample[3]).toEqual(['3', '', '', '2099-01-01', '', 'true', '1', '']);
  });

  it('estimates what is too much to count, and says so', async () => {
    const rows = Array.from({ length: 600_000 }, (_, i) => `${i % 500_000},${i % 7},x`).join('\n');
    const { tables: [table] } = await contentsOf({ 'a.csv': `many,few,one\n${rows}\n` }, { countedRows: 1_000 });
    const [many, few, one] = table!.columns;
    expect([few!.distinct, few!.distinctExact, one!.distinct, table!.rows]).toEqual([7, true, 1, 600_000]);
    expect(many!.distinct).toBeGreaterThan(490_000);
    expect(many!.distinct).toBeLessThan(510_000);
    expect(many!.distinctAtLeast).toBeLessThanOrEqual(500_000);
    expect(many!.distinctAtLeast).toBeGreaterThan(480_000);
    expect(table!.duplicates.share).toBe(0);
    expect(table!.sample.length).toBeGreaterThan(5_000);
    expect(new Set(table!.sample.map((r) => r[0])).size).toBe(table!.sample.length);
  });

  it('takes files with the same columns for one table, whatever their format is written in', async () => {
    const { tables } = await contentsOf({ 'a.csv': 'id\n1\n', 'b.csv': '\ufeffid\n1\n', 'c.csv': 'other\n2\n' });
    expect(tables.map((t) => [t.name, t.files, t.rows, t.duplicates.share])).toEqual([['a.csv', ['a.csv', 'b.csv'], 2, 0.5], ['c.csv', ['c.csv'], 1, 0]]);
  });

  it('reads JSON documents and JSON lines, nested and mixed, and keeps numbers as they are written', async () => {
    const { files, tables } = await contentsOf({
      'doc.json': JSON.stringify({ type: 'x', features: [{ p: { n: 'z', on: '2026-01-01' } }, { p: { n: 'y' } }] }), 'values.json': '[1,2,"x"]',
      'lines.jsonl': '{"a":1,"p":[{"id":7,"身份证号":"x"}],"big":123456789012345678901234567890}\n\n{"a":"x","code":"00012","p":null}\n',
    });
    expect(files.map((f) => [f.rows, f.findings])).toEqual([[2, []], [3, []], [2, []]]);
    expect(tables[0]!.columns.map((c) => [c.name, c.logicalType, c.nulls])).toEqual([['p.n', 'text', 0], ['p.on', 'date', 1]]);
    expect(tables[1]!.columns.map((c) => [c.name, c.logicalType])).toEqual([['value', 'mixed']]);
    expect(tables[2]!.columns.map((c) => [c.name, c.logicalType])).toEqual([['a', 'mixed'], ['p[].id', 'integer'], ['p[].身份证号', 'text'], ['big', 'decimal'], ['code', 'text']]);
    expect(column(tables[2]!, 'big').max).toBe('123456789012345678901234567890');
  });

  it('reads Parquet and Arrow with the types that they state', async () => {
    const parquet = await parquetOf(`select i::int as id, date '2026-01-01' + (i % 100)::int as d, i::decimal(10,2) as dec, {'x': i, 'y': 's'} as s, [1, 2] as l, ('b' || i)::blob as b, case when i % 2 = 0 then 1.5::double else 'nan'::double end as f, null::int as n from range(1000) r(i)`);
    const table = arrow.tableFromArrays({ id: Int32Array.from([1, 2]), name: ['a', '王'], big: BigInt64Array.from([1n, 9_007_199_254_740_993n]) });
    const rows = arrow.tableFromJSON([{ when: new Date('2026-01-02T03:04:05Z'), ok: true, s: { x: 1 } }, { when: null, ok: false, s: null }]);
    const { files, tables: [p, a, b] } = await contentsOf({ 'p.parquet': parquet, 'a.arrow': Buffer.from(arrow.tableToIPC(table, 'file')), 'b.arrow': Buffer.from(arrow.tableToIPC(rows, 'file')) });
    expect(files.map((f) => [f.rows, f.findings, f.encoding])).toEqual([[1000, [], null], [2, [], null], [2, [], null]]);
    expect(p!.columns.map((c) => [c.name, c.physicalType, c.logicalType, c.min, c.max, c.nulls])).toEqual([
      ['id', 'INTEGER', 'integer', '0', '999', 0], ['d', 'DATE', 'date', '2026-01-01', '2026-04-10', 0], ['dec', 'DECIMAL(10,2)', 'decimal', '0.00', '999.00', 0], ['s.x', 'BIGINT', 'integer', '0', '999', 0], ['s.y', 'VARCHAR', 'text', null, null, 0],
      ['l', 'INTEGER[]', 'nested', null, null, 0], ['b', 'BLOB', 'binary', null, null, 0], ['f', 'DOUBLE', 'decimal', '1.5', '1.5', 0], ['n', 'INTEGER', 'empty', null, null, 1000],
    ]);
    expect(a!.columns.map((c) => [c.name, c.physicalType, c.max])).toEqual([['id', 'Int32', '2'], ['name', 'Utf8', null], ['big', 'Int64', '9007199254740993']]);
    expect(a!.sample[1]).toEqual(['2', '王', '9007199254740993']);
    expect(b!.columns.map((c) => [c.name, c.logicalType, c.nulls, c.latest])).toEqual([['when', 'timestamp', 1, '2026-01-02T03:04:05Z'], ['ok', 'boolean', 0, null], ['s.x', 'decimal', 1, null]]);
  });
});

describe('text of every encoding', () => {
  it('reads UTF-8, UTF-16 of both sides with and without a mark, and GB18030, and names them', async () => {
    const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le');
    const { files, tables } = await contentsOf({
      'bom.csv': '\ufeff姓名,城市\n张三,上海\n', 'le.csv': utf16('\ufeff姓名,城市\n张三,上海\n'), 'be.csv': utf16('\ufeff姓名,城市\n张三,上海\n').swap16(), 'bare.csv': utf16('姓名,城市\r\n张三,上海\r\n'), 'gb.csv': GB, 'le.jsonl': utf16('{"城市":"上海"}\n'),
    });
    expect(files.map((f) => [f.encoding, f.rows, f.findings])).toEqual([['UTF-8 with BOM', 1, []], ['UTF-16LE', 1, []], ['UTF-16BE', 1, []], ['UTF-16LE', 1, []], ['GB18030', 2, []], ['UTF-16LE', 1, []]]);
    expect(tables.map((t) => [t.columns.map((c) => c.name), t.rows])).toEqual([[['姓名', '城市'], 6], [['城市'], 1]]);
    expect(tables[0]!.sample.at(-1)).toEqual(['李平', '北京']);
  });
  it('says where what is in none of them begins, and takes nothing for Chinese that is not', async () => {
    const latin = Buffer.from('name,city\nRené,Orléans\nZoë,Besançon\n', 'latin1');
    const korean = Buffer.from('c0ccb8a72cb5b5bdc30ab1e8c3b6bcf62cbcadbfef0a', 'hex');
    const contents = await contentsOf({
      'latin.csv': latin, 'japanese.csv': Buffer.from('96bc914f2c8f5a8f8a0a93635c2c938c8b9e0a', 'hex'), 'cut.csv': Buffer.from('a\n上').subarray(0, -1), 'zero.csv': 'a,b\n1,x\0y\n', 'half.csv': Buffer.concat([Buffer.from('\ufeffa,b\n1,', 'utf16le'), Buffer.from([0, 0xd8, 0x0a, 0])]),
      'korean.csv': Buffer.concat(Array(30).fill(korean).concat(Buffer.from('b0a1b0a2b0a3b0a4b0a5b0a6b0a7b0a8b0a9b0aab0abb0acb0adb0aeb0afb0b0b0b1b0b2b0b3b0b42cb0a10a', 'hex'))),
    });
    expect(['latin.csv', 'japanese.csv', 'cut.csv', 'zero.csv', 'half.csv', 'korean.csv'].map((f) => finding(contents, f))).toEqual([
      `byte ${latin.indexOf(0xe9)}: neither UTF-8 nor another encoding that can be told for sure (UTF-16, GB18030)`, expect.stringContaining('byte 0: neither'), expect.stringContaining('byte 2: neither'), 'byte 7: a zero byte, which text does not hold',
      expect.stringMatching(/^byte \d+: not UTF-16LE$/), expect.stringContaining('byte 0: neither'),
    ]);
    expect(contents.tables).toEqual([]);
  });
});

describe('delimited text that is not what it says', () => {
  it('is told by line and count, and its rows are no table of the revision', async () => {
    const contents = await contentsOf({
      'ragged.csv': 'a,b\n1,2\n1\n1,2,3\n', 'open.csv': 'a,b\n1,"x\n2,3\n', 'middle.csv': 'a,b\n1,2\n"x"y,2\n', 'head.csv': 'a,b\n', 'blank.csv': ' \n\n', 'gzip.csv': gzipSync('a,b\n1,2\n'), 'twice.csv': 'a,b,a\n1,2,3\n', 'ends.csv': 'a,b\r\n1,2\n3,4\r\n5,6\r7,8\n',
      'header.csv': `"a,${'x'.repeat(2_000_000)}`, 'mixed.csv': 'a,b\n1;2\n3;4\n', 'parquet.csv': Buffer.from('PAR1 and so on'),
    });
    expect(Object.fromEntries(contents.files.map((f) => [f.fileName, f.findings]))).toEqual({
      'ragged.csv': ['line 3: not as many columns as the header: 2 expected, 1 found', 'line 4: not as many columns as the header: 2 expected, 3 found'], 'open.csv': ['line 2: a quote is not closed, or stands in the middle of a cell'],
      'middle.csv': ['line 3: a quote is not closed, or stands in the middle of a cell'], 'head.csv': ['there is no record below the header'], 'blank.csv': ['there is no header'], 'gzip.csv': ['it is gzip, not text: hand it in unpacked and as what it is'],
      'twice.csv': ['line 1: columns 1 and 3 have the same name'], 'ends.csv': ['could not be read: line ends or quotes are mixed'], 'header.csv': [expect.stringContaining('a quote in it is never closed')],
      'mixed.csv': ['line 2: not as many columns as the header: 2 expected, 1 found', 'line 3: not as many columns as the header: 2 expected, 1 found'], 'parquet.csv': [expect.stringContaining('it is Parquet')],
    });
    expect(contents.tables.filter((t) => !t.partial)).toEqual([]);
    // What can be read of it the detectors see all the same.
    expect(contents.tables.find((t) => t.name === 'ragged.csv')).toMatchObject({ partial: true, rows: 3 });
  });
  it('takes line breaks in cells and headers, quotes, tabs, semicolons, bars, CRLF, CR and blank lines', async () => {
    const { files, tables } = await contentsOf({ 'a.csv': '"a\nx",b\n"1\n2","say ""hi"""\n', 'b.csv': 'c\td\n1\t2\n', 'c.csv': 'e;f\r\n1;2\r\n\r\n', 'd.csv': 'g|h\r1|2\r', 'e.csv': 'i\n1\n\n\n2\n\n', 'f.csv': ',j\n0,1\n' });
    expect(files.map((f) => [f.delimiter, f.rows, f.findings])).toEqual([[',', 1, []], ['\t', 1, []], [';', 1, []], ['|', 1, []], [',', 2, []], [',', 1, []]]);
    expect(tables[0]!.sample).toEqual([['1\n2', 'say "hi"']]);
    expect(tables.at(-1)!.columns.map((c) => c.name)).toEqual(['column 1', 'j']);
  });
  it('reads cells of megabytes and the first of too many columns', async () => {
    const wide = `${Array.from({ length: 10_001 }, (_, i) => `c${i}`).join(',')}\n${Array.from({ length: 10_001 }, (_, i) => i).join(',')}\n`;
    const { files, tables } = await contentsOf({ 'cells.csv': `a,b\n${`1,"${'x'.repeat(3_000_000)}"\n`.repeat(3)}`, 'long.csv': `a,b\n1,"${'x'.repeat(9_000_000)}"\n`, 'wide.csv': wide }, { columns: 300 });
    expect(files.map((f) => [f.rows, f.findings[0] ?? null, f.unread])).toEqual([[3, null, null], [null, expect.stringContaining('line 2: a record is longer than can be read'), null], [1, null, '10001 columns, of which the first 300 are read']]);
    expect(column(tables[0]!, 'b')).toMatchObject({ maxLength: 3_000_000 });
    expect([tables[0]!.sample[0]![1]!.length, tables.find((t) => t.name === 'wide.csv')!.columns.length]).toEqual([128, 300]);
  });
});

describe('JSON, Parquet and Arrow that are not what they say', () => {
  it('finds what is no JSON, nests without end, repeats a key or is half of it no object', async () => {
    const contents = await contentsOf({
      'comma.json': '[{"a":1},]', 'deep.json': `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`, 'deep.jsonl': `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}\n`, 'half.json': '[{"a":1},"x"]', 'line.jsonl': '{"a":1}\n{"a":\n{"a":3}\n', 'twice.jsonl': '{"a":1}\n{"a":1,"a":2}\n', 'none.json': '[]', 'secret.jsonl': '{"a":"13812345678"x}\n',
    });
    expect(Object.fromEntries(contents.files.map((f) => [f.fileName, f.findings[0]]))).toEqual({
      'comma.json': expect.stringContaining('the file is not JSON'), 'deep.json': 'byte 500: brackets stand more than 100 deep in each other', 'deep.jsonl': expect.stringContaining('more than 100 deep'), 'half.json': 'some of its entries are objects and others are not',
      'line.jsonl': 'could not be read: line 2: not JSON', 'twice.jsonl': 'could not be read: an object holds the same key twice', 'none.json': 'there is no row in it', 'secret.jsonl': 'could not be read: line 1: not JSON',
    });
    expect(JSON.stringify(contents.files)).not.toContain('13812345678');
  });
  it('finds footers that lie, cut and foreign files', async () => {
    const good = await parquetOf('select i as id from range(100) r(i)');
    const changed = (length: number): Buffer => {
      const bytes = Buffer.from(good);
      bytes.writeUInt32LE(length, bytes.length - 8);
      return bytes;
    };
    const rows = Buffer.from(good);
    // The number of rows stands in the footer as a varint: 100 becomes another that is as long.
    const footer = rows.length - 8 - rows.readUInt32LE(rows.length - 8);
    for (let at = footer; at < rows.length - 8; at++) if (rows[at] === 0xc8 && rows[at + 1] === 0x01) rows.writeUInt16LE(0x01ca, at);
    const ipc = Buffer.from(arrow.tableToIPC(arrow.tableFromArrays({ id: Int32Array.from([1, 2]) }), 'file'));
    const stream = Buffer.from(arrow.tableToIPC(arrow.tableFromArrays({ id: Int32Array.from([1, 2]) }), 'stream'));
    const contents = await contentsOf({ 'good.parquet': good, 'cut.parquet': good.subarray(0, -1), 'long.parquet': changed(0x7fff_ffff), 'short.parquet': changed(5), 'rows.parquet': rows, 'text.parquet': 'a,b\n1,2\n', 'cut.arrow': ipc.subarray(0, -2), 'stream.arrow': stream, 'empty.arrow': Buffer.from('ARROW1\0\0\0\0\0\0ARROW1') });
    expect(finding(contents, 'good.parquet')).toBeUndefined();
    for (const { fileName, findings } of contents.files.slice(1)) expect([fileName, findings]).toEqual([fileName, [expect.stringMatching(/could not be read|it does not begin and end as|the file does not begin as|its footer states \d+ rows/)]]);
    expect(contents.tables.filter((t) => !t.partial).map((t) => t.name)).toEqual(['good.parquet']);
  });
});

describe('files that would take the machine', () => {
  it('are refused by what their footer states, before they are unpacked', async () => {
    const rows = await parquetOf('select 0 as z from range(3000000)', ', row_group_size 3000000');
    const bytes = await parquetOf(`select repeat('x', 1000) || i as s from range(20000) r(i)`, ', compression zstd, dictionary_size_limit 1');
    expect(rows.length).toBeLessThan(20_000);
    const contents = await contentsOf({ 'rows.parquet': rows, 'bytes.parquet': bytes, 'good.csv': 'a\n1\n' }, { rows: 1_000_000, expandedBytes: 1_000_000 });
    expect([finding(contents, 'rows.parquet'), finding(contents, 'bytes.parquet'), finding(contents, 'good.csv')]).toEqual(['its footer states 3000000 rows; at most 1000000 are read', expect.stringMatching(/^it unpacks to \d+ bytes/), undefined]);
  });
  it('are ended when they take more space or time, and the others of their revision are read without them', async () => {
    // Its dictionary holds one value, so that the footer states next to nothing.
    const bomb = await parquetOf(`select repeat('x', 100000) as s from range(20000)`, ', compression zstd');
    expect(bomb.length).toBeLessThan(10_000);
    const space = await contentsOf({ 'bomb.parquet': bomb, 'good.csv': 'a\n1\n' }, { expandedBytes: 64 * 1024 * 1024 });
    expect([finding(space, 'bomb.parquet'), finding(space, 'good.csv'), space.tables.map((t) => t.name)]).toEqual(['could not be read: it unpacks to more than there is room for', undefined, ['good.csv']]);
    const time = await contentsOf({ 'slow.csv': `a\n${'1\n'.repeat(3_000_000)}`, 'good.csv': 'a\n1\n' }, { stepMs: 400, stepBytesPerSecond: 1e9 });
    expect([finding(time, 'slow.csv'), time.files[1]!.rows]).toEqual([expect.stringMatching(/takes longer than \d+ seconds/), expect.anything()]);
  });
  it('are ended when they take more memory', async () => {
    const contents = await contentsOf({ 'a.csv': `a\n${'123456789\n'.repeat(2_000_000)}` }, { processBytes: 120 * 1024 * 1024 });
    expect(finding(contents, 'a.csv')).toBe('could not be read: it takes more memory than there is for one file');
  });
  it('leave no verdict when the exchange itself ends the reader', async () => {
    const stopping = new AbortController();
    const reading = contentsOf({ 'a.csv': `a\n${'123456789\n'.repeat(2_000_000)}` }, {}, stopping.signal);
    setTimeout(() => stopping.abort(new Error('stopping')), 700);
    await expect(reading).rejects.toThrow(ReaderError);
    await expect(contentsOf({ 'a.csv': 'a\n1\n' }, {}, AbortSignal.abort(new Error('stopped')))).rejects.toThrow('stopped');
  });
});
