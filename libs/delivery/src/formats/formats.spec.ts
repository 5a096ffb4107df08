import fc from 'fast-check';
import { formatCheck } from './index.js';
import { MAX_PARSED_BYTES } from './json.js';

/** The findings on a file that arrives in pieces of the given size. */
async function findings(mediaType: string, file: Buffer | string, piece = 7): Promise<readonly string[]> {
  const check = formatCheck(mediaType)!;
  const bytes = Buffer.from(file);
  for (let at = 0; at < bytes.length; at += piece) await check.push(bytes.subarray(at, at + piece));
  return check.end();
}
const csv = (file: Buffer | string) => findings('text/csv', file);
const json = (file: Buffer | string) => findings('application/json', file);

describe('CSV', () => {
  it('takes quotes, line breaks in fields, a BOM, CRLF and a blank line at the end', async () => {
    for (const file of ['a,b\n1,2\n', '\ufeffa,b\r\n"x, ""y""\r\nz",2\r\n', 'a\n1\n\n', 'port,teu\n上海,49\n']) expect(await csv(file)).toEqual([]);
  });
  it('finds the line with too few or too many columns', async () => {
    expect(await csv('a,b\n1,2\n1\n')).toEqual(['line 3: not as many columns as the header']);
    expect(await csv('a,b\n1,2,3\n')).toEqual(['line 2: not as many columns as the header']);
  });
  it('finds open quotes, other encodings and missing rows', async () => {
    expect(await csv('a,b\n"1,2\n')).toEqual([expect.stringMatching(/^line \d+: not CSV/)]);
    expect(await csv(Buffer.from([0x61, 0x0a, 0xff, 0x0a]))).toContain('the file is not UTF-8');
    expect(await csv(Buffer.from('a\n上').subarray(0, -1))).toContain('the file is not UTF-8');
    expect(await csv('a,b\n')).toEqual(['there is no record below the header']);
    expect(await csv(',\n1,2\n')).toEqual(['there is no header']);
  });
  it('takes whatever a correct writer writes, however it is cut into pieces', async () => {
    const cell = fc.string({ unit: 'grapheme', maxLength: 6 }).map((s) => `"${s.replaceAll('"', '""')}"`);
    await fc.assert(fc.asyncProperty(fc.integer({ min: 1, max: 4 }).chain((n) => fc.array(fc.array(cell, { minLength: n, maxLength: n }), { minLength: 1, maxLength: 8 })), fc.integer({ min: 1, max: 50 }), async (rows, piece) => {
      const file = [rows[0]!.map((_, i) => `c${i}`), ...rows].map((r) => r.join(',')).join('\n');
      expect(await findings('text/csv', file, piece)).toEqual([]);
    }), { numRuns: 60 });
  });
});

describe('JSON', () => {
  it('parses what fits and looks at both ends of what does not', async () => {
    expect(await json('{"a":[1,2]}')).toEqual([]);
    expect(await json('{"a":[1,2}')).toEqual(['the file is not JSON']);
    expect(await json(Buffer.from([0x22, 0xff, 0x22]))).toEqual(['the file is not UTF-8']);
    const large = `[${'1,'.repeat(MAX_PARSED_BYTES / 2)}1]\n `;
    expect(await findings('application/json', large, 1 << 20)).toEqual([]);
    expect(await findings('application/json', large.trimEnd().slice(0, -1), 1 << 20)).toHaveLength(1);
  });
});

describe('Parquet and Arrow', () => {
  const parquet = (footer: number, length = footer): Buffer => {
    const size = Buffer.alloc(4);
    size.writeInt32LE(length);
    return Buffer.concat([Buffer.from('PAR1'), Buffer.alloc(20 + footer), size, Buffer.from('PAR1')]);
  };
  it('takes a whole frame and finds a cut, a wrong start and a footer that does not fit', async () => {
    const type = 'application/vnd.apache.parquet';
    for (const piece of [1, 3, 1000]) expect(await findings(type, parquet(16), piece)).toEqual([]);
    expect(await findings(type, parquet(16).subarray(0, -1))).toEqual(['the file does not end as Parquet does: it is cut off']);
    expect(await findings(type, 'PAR1')).toEqual(['the file does not end as Parquet does: it is cut off']);
    expect(await findings(type, 'a,b\n1,2\n')).toEqual(['the file does not begin as Parquet does']);
    expect(await findings(type, parquet(16, 4000))).toEqual(['the length of the footer does not fit the file']);
    expect(await findings(type, parquet(16, -1))).toEqual(['the length of the footer does not fit the file']);
  });
  it('reads the frame of Arrow files', async () => {
    const arrow = Buffer.concat([Buffer.from('ARROW1\0\0'), Buffer.alloc(40), Buffer.from([24, 0, 0, 0]), Buffer.from('ARROW1')]);
    expect(await findings('application/vnd.apache.arrow.file', arrow)).toEqual([]);
    expect(await findings('application/vnd.apache.arrow.file', arrow.subarray(0, -2))).toHaveLength(1);
  });
});

it('knows no other type', () => expect(formatCheck('text/html')).toBeUndefined());
