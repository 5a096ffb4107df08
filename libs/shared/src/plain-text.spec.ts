import fc from 'fast-check';
import { isPlainText, undisguised } from './plain-text.js';

/** Whatever turns the direction of writing (UAX 9), is not seen, or breaks the line. */
const DISGUISES = [
  '\u061c', '\u200e', '\u200f', '\u202a', '\u202b', '\u202c', '\u202d', '\u202e', '\u2066', '\u2067', '\u2068', '\u2069', '\u200b', '\u200c', '\u200d', '\u2060', '\ufeff', '\u00ad', '\u034f', '\u115f', '\u1160', '\u17b4', '\u180e', '\u2061', '\u2800', '\u3164', '\uffa0',
  '\ufe0f', '\u{e0101}', '\u{e0041}', '\u0000', '\u0007', '\u001b', '\u007f', '\u0085', '\u2028', '\u2029', '\n', '\r', '\t', '\ud800', '\udfff', '\ue000', '\uffff',
];

describe('plain text', () => {
  it.each([
    'Lingang Data Co', '临港数据有限公司', '株式会社ジオ・データ', 'شركة البيانات', 'חברת נתונים', 'ООО «Данные»', 'Société Générale & Cie, S.à r.l.', 'ડેટા', '데이터 주식회사', 'บริษัท ข้อมูล', 'Công ty Dữ Liệu', 'A', '1&1', 'O’Neil – Söhne №5 (€)',
    // Persian with a non-joiner, Sinhala and Malayalam with a joiner: they are spelt so.
    'داده‌های ایران', 'ශ්‍රී ලංකා', 'അവന്‍റെ',
  ])('is %s', (name) => {
    expect(isPlainText(name)).toBe(true);
    expect(undisguised(name)).toBe(name.normalize('NFC'));
  });

  it.each(DISGUISES.map((c) => [c.codePointAt(0)!.toString(16), c]))('is none with U+%s, wherever it stands', (_, c) => {
    for (const name of [`${c}Lingang Data`, `Lingang${c}Data`, `Lingang Data${c}`, `临港${c}数据`, c]) {
      expect([name, isPlainText(name)]).toEqual([name, false]);
      expect(undisguised(name).replaceAll(' ', '')).toBe(name.replace(c, '').replaceAll(' ', ''));
    }
  });

  it('is none without anything to see, or with marks piled on a letter', () => {
    for (const name of ['', ' ', '\u00a0\u3000', `Z${'\u0301'.repeat(6)}algo`]) expect(isPlainText(name)).toBe(false);
  });

  it('is the same question for a text and its normal form, and answered for any text', () => {
    fc.assert(fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), fc.array(fc.constantFrom('a', 'ی', 'ක', '्', ' ', ...DISGUISES)).map((parts) => parts.join(''))), (text) => {
      if (isPlainText(text)) expect(isPlainText(text.normalize('NFC'))).toBe(true);
      const kept = undisguised(text);
      expect(kept.isWellFormed()).toBe(true);
      expect([kept, /[\p{Bidi_Control}\p{Cc}\u200b\ufeff]/u.test(kept)]).toEqual([kept, false]);
      expect(undisguised(kept)).toBe(kept);
    }), { numRuns: 1_000 });
  });
});
