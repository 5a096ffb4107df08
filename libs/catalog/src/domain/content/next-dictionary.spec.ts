import type { TableProfile } from '../profile/profile.js';
import type { DictionaryColumn, Sensitivity } from './dictionary.js';
import { checkNextDictionary, sharpest, silenced } from './next-dictionary.js';

const column = (name: string, sensitivity: Sensitivity = 'none'): DictionaryColumn => ({ name, type: 'string', unit: null, descriptions: {}, sensitivity });
const table = (...names: string[]): TableProfile => ({ columns: names.map((name) => ({ name })) }) as unknown as TableProfile;

describe('the dictionary of a later revision', () => {
  it('adds, drops and sharpens columns, and softens none', () => {
    const before = [column('ship'), column('master', 'personal')];
    expect(checkNextDictionary(before, [column('ship', 'confidential'), column('master', 'sensitive_personal'), column('berth')])).toEqual([]);
    expect(checkNextDictionary(before, [column('berth')])).toEqual([]);
    expect(checkNextDictionary(before, [column('ship'), column('master', 'confidential')])).toEqual([{ path: 'dictionary.1.sensitivity', message: expect.stringContaining('was personal') as string }]);
  });

  it('is a dictionary like any other', () => {
    expect(checkNextDictionary([], [column('ship'), column('ship')])).toEqual([{ path: 'dictionary.1.name', message: 'each column once' }]);
  });

  it('takes what was said meanwhile, where that is more', () => {
    expect(sharpest([column('ship'), column('master', 'personal')], [column('master'), column('ship', 'confidential'), column('berth')])).toEqual([column('master', 'personal'), column('ship', 'confidential'), column('berth')]);
  });

  it('does not uncover a column by silence, as long as the files have it', () => {
    const before = [column('ship'), column('master', 'personal'), column('phone', 'personal')];
    expect(silenced(before, [column('ship'), column('phone', 'personal')], [table('ship'), table('master', 'phone')])).toEqual([expect.stringContaining('leaves out master') as string]);
    expect(silenced(before, [], [table('ship')])).toEqual([]);
  });
});
