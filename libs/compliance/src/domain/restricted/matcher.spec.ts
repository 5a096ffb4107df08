import fc from 'fast-check';
import { type ListedParty, match, matchesUser, normalName, type Screened } from './matcher.js';

const party = (over: Partial<ListedParty> = {}): ListedParty => ({ organisationId: null, scheme: null, number: null, normalNames: [normalName('Harbour Data Ltd')], effectiveFrom: '2026-01-01', effectiveTo: null, ...over });
const organisation = (over: Partial<Screened> = {}): Screened => ({ id: 'a', legalName: 'Somebody Else', jurisdiction: 'SG', registryNumbers: [{ scheme: 'UEN', value: '196800306E' }], ...over });
const today = { first: '2026-11-23', last: '2026-11-23' };

describe('names as they are compared', () => {
  it.each([
    ['Harbour Data Ltd', 'HARBOUR  DATA, LIMITED'], ['Harbour Data Ltd', 'Ｈａｒｂｏｕｒ Data Co., Ltd.'], ['Société Générale S.A.', 'societe generale'], ['O’Neill Data LLC', "O'NEILL DATA"],
    ['Müller GmbH & Co. KG', 'MULLER'], ['上海临港数据有限公司', '上海临港数据股份有限公司'], ['华为技术（香港）有限公司', '华为技术(香港)有限公司'], ['腾讯科技集团公司', '腾讯科技'],
    ['株式会社トヨタ', 'トヨタ株式会社'], ['㈱トヨタ', 'トヨタ'], ['주식회사 카카오', '카카오'], ['Data-Works Pte. Ltd.', 'Data Works Private Limited'],
  ])('%s is %s', (a, b) => expect(normalName(a)).toBe(normalName(b)));

  it.each([
    ['Harbour Data Ltd', 'Harbor Data Ltd'], ['上海临港数据有限公司', '北京临港数据有限公司'], ['上海临港数据有限公司', '上海临港信息有限公司'], ['ガス株式会社', 'カス株式会社'], ['Limited', 'Company'], ['有限公司', '集团'],
  ])('%s is not %s', (a, b) => expect(normalName(a)).not.toBe(normalName(b)));

  it('a second time changes nothing, and a name with a letter or digit is never empty', () => {
    const word = fc.constantFrom('Harbour', 'Data', 'Co', 'Ltd', '公司', '集团', '上海', '株式会社', 'é', '7', '.', ',', '(', ')', '-', '’');
    fc.assert(fc.property(fc.array(word, { maxLength: 8 }), (words) => {
      const name = words.join(' ');
      expect(normalName(normalName(name))).toBe(normalName(name));
      expect(normalName(name) === '').toBe(!/[\p{L}\p{N}]/u.test(name));
    }));
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (name) => expect(typeof normalName(name)).toBe('string')));
  });
});

describe('a party and an organisation', () => {
  it('are the same for sure by id or registry number, whatever the name', () => {
    expect(match(party({ organisationId: 'a' }), organisation(), today)).toBe('SURE');
    expect(match(party({ scheme: 'UEN', number: '196800306E' }), organisation(), today)).toBe('SURE');
    expect(match(party({ scheme: 'LEI', number: '196800306E' }), organisation(), today)).toBeNull();
    expect(match(party({ organisationId: 'b', scheme: 'UEN', number: '1' }), organisation(), today)).toBeNull();
  });

  it('may be the same by name alone, in whatever country, also where their numbers differ', () => {
    expect(match(party(), organisation({ legalName: 'harbour data limited', jurisdiction: 'HK' }), today)).toBe('POSSIBLE');
    expect(match(party({ scheme: 'UEN', number: '1' }), organisation({ legalName: 'Harbour Data' }), today)).toBe('POSSIBLE');
    expect(match(party({ normalNames: [normalName('X'), normalName('临港数据有限公司')] }), organisation({ legalName: '临港数据' }), today)).toBe('POSSIBLE');
    expect(match(party({ normalNames: [''] }), organisation({ legalName: '...' }), today)).toBeNull();
  });

  it('so may an end user be, by name or by id, while the entry holds', () => {
    const user = (name: string, organisationId: string | null = null) => ({ name, organisationId });
    expect([matchesUser(party(), user('HARBOUR DATA'), today), matchesUser(party({ organisationId: 'a' }), user('X', 'a'), today), matchesUser(party(), user('Harbour'), today), matchesUser(party({ normalNames: [''] }), user('...'), today)]).toEqual([true, true, false, false]);
    expect(matchesUser(party({ effectiveTo: '2026-11-01' }), user('Harbour Data'), today)).toBe(false);
  });

  it('the entry holds from its first moment anywhere to its last', () => {
    const sure = party({ organisationId: 'a', effectiveFrom: '2026-11-23', effectiveTo: '2026-11-24' });
    const at = (first: string, last: string) => match(sure, organisation(), { first, last });
    expect([at('2026-11-22', '2026-11-21'), at('2026-11-23', '2026-11-22'), at('2026-11-24', '2026-11-23'), at('2026-11-25', '2026-11-24')]).toEqual([null, 'SURE', 'SURE', null]);
  });
});
