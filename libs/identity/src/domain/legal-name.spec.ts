import { isSameName } from './legal-name.js';

describe('names of registers', () => {
  it.each([['Straits Analytics Pte. Ltd.', 'STRAITS ANALYTICS PTE LTD'], ['上海临港数据有限公司', '上海临港数据 有限公司'], ['Ｅｌｂｅ Daten GmbH', 'Elbe Daten GmbH'], ['Müller & Söhne', 'MÜLLER SÖHNE']])('%s is %s', (a, b) => expect(isSameName(a, b)).toBe(true));
  it.each([['DBS Bank Ltd', 'Straits Analytics'], ['Alpha Ltd', 'Alpha Limited'], ['Аlpha', 'Alpha'], ['', ''], ['...', '-'], ['Muller', 'Müller']])('%s is not %s', (a, b) => expect(isSameName(a, b)).toBe(false));
});
