import { performance } from 'node:perf_hooks';
import fc from 'fast-check';
import { isIban, isLuhn, isMyNumber, isNric, isResidentId, isRrn } from './check-digits.js';
import { DETECTORS } from './detectors.js';
import { inspectColumn } from './inspect-column.js';
import { headerWords, holds, mask, toValue } from './value.js';

const TODAY = '2026-11-23';
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const digits = (n: number): fc.Arbitrary<string> => fc.array(fc.integer({ min: 0, max: 9 }), { minLength: n, maxLength: n }).map((d) => d.join(''));
const completed = (body: string, alphabet: string, is: (text: string) => boolean): string[] => [...alphabet].map((c) => body + c).filter(is);
const inspect = (header: string, cells: string[]) => inspectColumn(header, cells, 1, TODAY);

const residentId = fc.tuple(fc.constantFrom('310101', '110105', '440524', '659001'), fc.date({ min: new Date('1900-01-01'), max: new Date('2026-01-01'), noInvalidDate: true }), digits(3)).map(([region, born, order]) => {
  const body = `${region}${born.toISOString().slice(0, 10).replaceAll('-', '')}${order}`;
  return `${body}${'10X98765432'[WEIGHTS.reduce((sum, w, i) => sum + w * Number(body[i]), 0) % 11]!}`;
});

describe('numbers with a check digit', () => {
  it('resident numbers are seen, also full-width and parted; with one digit changed they are not', () => {
    fc.assert(fc.property(residentId, fc.nat(16), fc.integer({ min: 1, max: 9 }), (id, place, by) => {
      expect(isResidentId(id, TODAY)).toBe(true);
      const wide = [...id].map((c) => (c === 'X' ? 'ｘ' : String.fromCodePoint(c.charCodeAt(0) + 0xfee0))).join('');
      const written = `${id.slice(0, 6)} ${id.slice(6, 14)}-${id.slice(14)}`;
      expect(inspect('c', [id, wide, written]).findings).toMatchObject([{ detector: 'cn_resident_id', confidence: 'high', share: 1 }]);
      const changed = id.slice(0, place) + String((Number(id[place]) + by) % 10) + id.slice(place + 1);
      expect(isResidentId(changed, TODAY)).toBe(false);
    }));
  });
  it.each<[string, (text: string) => boolean, fc.Arbitrary<string>, string]>([
    ['NRIC', isNric, fc.tuple(fc.constantFrom('S', 'T', 'F', 'G', 'M'), digits(7)).map((p) => p.join('')), 'ABCDEFGHIJKLMNPQRTUWXZ'],
    ['My Number', isMyNumber, digits(11), '0123456789'],
    ['Luhn', isLuhn, digits(15).filter((d) => Number(d) > 0), '0123456789'],
    ['RRN', isRrn, fc.constantFrom('900101', '850630', '991231').chain((d) => digits(5).map((r) => `${d}1${r}`)), '0123456789'],
  ])('%s: one character completes a number, and no other digit in its last place but one goes with it', (_, is, bodies, alphabet) => {
    fc.assert(fc.property(bodies, fc.integer({ min: 1, max: 9 }), (body, by) => {
      const whole = completed(body, alphabet, is);
      expect(whole).toHaveLength(1);
      const changed = `${body.slice(0, -1)}${(Number(body.at(-1)) + by) % 10}${whole[0]!.at(-1)!}`;
      // My Number and RRN map two remainders to one digit, so that a change may rarely go unseen there.
      if (is === isNric || is === isLuhn) expect(is(changed)).toBe(false);
    }));
  });
  it('IBAN: one pair of check digits', () => {
    fc.assert(fc.property(digits(18), (body) => {
      const pairs = Array.from({ length: 97 }, (_, i) => `DE${String(i + 2).padStart(2, '0')}${body}`).filter(isIban);
      expect(pairs).toHaveLength(1);
    }));
  });
  it('knows no birth that is to come and no region that is not', () => {
    expect(isResidentId('11010519491231002X', '1949-12-30')).toBe(false);
    expect(isResidentId('00010519491231002X', TODAY)).toBe(false);
  });
});

describe('a column', () => {
  it('is judged by the values that are there: null words are none', () => {
    expect(inspect('c', ['NULL', 'N/A', '无', '', ' - ', '13812345678', '13912345678', '13712345678']).findings).toMatchObject([{ detector: 'cn_mobile', share: 1 }]);
    expect(inspect('身份证号', ['NULL', '无']).findings).toEqual([]);
  });
  it('is found out by a few numbers in long texts', () => {
    const notes = Array.from({ length: 40 }, (_, i) => (i < 4 ? `客户来电，身份证11010519491231002X，回访 ${i}` : `普通备注文字没有别的内容，编号 ${i}`));
    expect(inspect('备注', notes).findings).toMatchObject([{ detector: 'cn_resident_id', share: 0.1, named: false }]);
  });
  it('of hashes under the name of an identifier is a pseudonym; of anything else it is doubtful', () => {
    expect(inspect('身份证号', ['a'.repeat(64), 'b'.repeat(64)]).findings).toMatchObject([{ detector: 'cn_resident_id', role: 'pseudonym', disguised: true, confidence: 'medium' }]);
    expect(inspect('身份证号', ['red', 'green']).findings).toMatchObject([{ detector: 'cn_resident_id', confidence: 'low' }]);
  });
  it('with one chance hit among many is not', () => expect(inspect('order', ['11010519491231002X', ...Array.from({ length: 99 }, (_, i) => `A${i}`)]).findings).toEqual([]));
  it('without a header does not give its first value away as a name', () => {
    for (const header of ['11010519491231002X', '13812345678', 'wang@example.cn', '来电13812345678登记客户信息在此处', '沪A12345', '']) expect([header, inspect(header, ['x']).name]).toEqual([header, 'column 1']);
    expect(inspect('出生日期', ['x']).name).toBe('出生日期');
  });
  it('is read up to 10,000 values of 128 characters', () => {
    const { values } = inspect('c', Array.from({ length: 10_050 }, () => 'x'.repeat(5_000)));
    expect([values.length, values[0]!.text.length]).toEqual([10_000, 128]);
  });
  it.each(['userName', 'user_name', 'USER NAME', 'user-name', '用户 user name', 'username', 'user_name2'])('named %s holds user name', (header) => expect(holds(headerWords(header), 'user name')).toBe(true));
  it.each(['superusername', 'usernames', 'user', 'name user'])('named %s does not', (header) => expect(holds(headerWords(header), 'user name')).toBe(false));
});

describe('what is kept of a value', () => {
  it('is never the value', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 }).filter((t) => !/^\**$/.test(t)), (text) => {
      const masked = mask(text);
      expect(masked).not.toContain(text);
      expect([...masked.replaceAll('*', '')].length).toBeLessThanOrEqual(2);
    }));
    expect([mask('张'), mask('张三'), mask('13812345678')]).toEqual(['*', '张*', '1*********8']);
  });
  it('holds in findings: no example is a cell', () => {
    fc.assert(fc.property(fc.array(residentId, { minLength: 1, maxLength: 20 }), (ids) => {
      for (const finding of inspect('身份证号', ids).findings) for (const example of finding.examples) expect(ids.some((id) => example.includes(id.slice(1, 5)))).toBe(false);
    }));
  });
});

describe('hostile cells', () => {
  const LONG = ['1'.repeat(1e6), 'a@'.repeat(5e5), `${'a.'.repeat(5e5)}@`, ' '.repeat(1e6), '省'.repeat(1e6), `${'1 '.repeat(5e5)}st`, 'A-'.repeat(5e5), '((((('.repeat(2e5), 'ACGT'.repeat(2e5), '\u{1F600}'.repeat(5e5), 'ﷺ'.repeat(5e5), ':'.repeat(1e6), '1.'.repeat(5e5)];
  it('cost no more than their length: every test of every detector at once', () => {
    const started = performance.now();
    for (const text of LONG) {
      expect(toValue(text)?.text.length ?? 0).toBeLessThanOrEqual(128);
      inspect(text, [text, text, text]);
    }
    // A backtracking expression takes minutes here; what this takes is milliseconds.
    expect(performance.now() - started).toBeLessThan(20_000);
  });
  it('take no test more than linear time even uncut', () => {
    for (const { id, test } of DETECTORS) {
      if (!test) continue;
      for (const text of LONG) {
        const part = text.slice(0, 50_000);
        const started = performance.now();
        test({ text: part, bare: part }, TODAY);
        expect([id, performance.now() - started < 2_000]).toEqual([id, true]);
      }
    }
  });
});
