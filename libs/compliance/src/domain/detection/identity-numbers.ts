import { stdnum } from 'stdnum';
import { isMyNumber, isNric, isResidentId, isRrn, isRrnShaped } from './check-digits.js';
import { type Detector, PLAIN, sensitive } from './detector.js';

const OFFICIAL = { role: 'identifier', us: 'identifiers', dpv: 'pd:OfficialID', headed: 0.3, rank: 1, ...PLAIN } as const;
const library = (country: string, kind: string) => (bare: string): boolean => stdnum[country]![kind]!.validate(bare).isValid;
const [isHkId, isSsn, isNino, isTaiwanId] = [library('HK', 'hkid'), library('US', 'ssn'), library('GB', 'nino'), library('TW', 'natid')];

/** Numbers that a state gives to one person. The number of an identity card is not sensitive by itself any more; its photograph is. */
export const IDENTITY_NUMBERS: readonly Detector[] = [
  {
    id: 'cn_resident_id', ...OFFICIAL, headers: ['身份证', '证件号', '公民身份', '居民身份', 'id card', 'id card no', 'id card number', 'id number', 'id no', 'identity card', 'identity number', 'resident id', 'national id', 'sfz', 'sfzh'],
    unless: ['照片', 'photo', 'image', 'scan'], test: ({ bare }, today) => isResidentId(bare, today), alone: 0.02, checked: true, embedded: true,
  },
  { id: 'hk_id', ...OFFICIAL, headers: ['hkid', 'hk id', '香港身份证', 'hong kong identity card'], test: ({ bare }) => /^[A-Z]{1,2}\d{6}[\dA]$/.test(bare) && isHkId(bare), alone: 0.5, checked: true },
  { id: 'sg_nric', ...OFFICIAL, headers: ['nric', 'fin', 'nric fin', 'fin no'], test: ({ bare }) => isNric(bare), alone: 0.3, checked: true, embedded: true },
  { id: 'mo_id', ...OFFICIAL, headers: ['bir', '澳门身份证', 'macau id', 'macao id'], test: ({ bare }) => /^[157]\d{7}$/.test(bare), alone: null },
  { id: 'tw_id', ...OFFICIAL, headers: ['身分證', '台湾身份证', 'taiwan id'], test: ({ bare }) => /^[A-Z][1289]\d{8}$/.test(bare) && isTaiwanId(bare), alone: 0.5, checked: true },
  { id: 'kr_rrn', ...OFFICIAL, headers: ['rrn', 'resident registration number', '주민등록번호', '居民登记号'], test: ({ bare }) => isRrn(bare), alone: 0.8, checked: true },
  { id: 'kr_rrn_since_2020', ...OFFICIAL, headers: ['rrn', 'resident registration number', '주민등록번호', '居民登记号'], test: ({ bare }) => isRrnShaped(bare), alone: null },
  { id: 'jp_my_number', ...OFFICIAL, headers: ['my number', 'individual number', 'マイナンバー', '个人番号', '個人番号'], test: ({ bare }) => isMyNumber(bare), alone: 0.9, checked: true },
  { id: 'us_ssn', ...OFFICIAL, headers: ['ssn', 'social security', 'social security number', 'itin'], test: ({ text, bare }) => /^\d{9}$/.test(bare) && isSsn(text), alone: null },
  { id: 'us_ssn_written', ...OFFICIAL, headers: [], test: ({ text }) => /^\d{3}-\d{2}-\d{4}$/.test(text) && isSsn(text), alone: 0.5 },
  { id: 'gb_nino', ...OFFICIAL, headers: ['nino', 'ni number', 'national insurance'], test: ({ bare }) => /^[A-Z]{2}\d{6}[A-D]$/.test(bare) && isNino(bare), alone: 0.5, checked: true },
  {
    id: 'passport', ...OFFICIAL, dpv: 'pd:Passport', headers: ['护照', 'passport', 'passport no', 'passport number', '通行证', 'travel document'],
    test: ({ bare }) => /^(?:[A-Z]{1,2}\d{6,8}|\d{9}|[A-Z]\d{2}[A-Z0-9]{6}|[A-Z]{2}\d{7})$/.test(bare), alone: null,
  },
  { id: 'driving_licence', ...OFFICIAL, headers: ['驾驶证', '驾照', 'driving licence', 'driver license', 'drivers license', 'driving license'], alone: null },
  { id: 'social_insurance', ...OFFICIAL, headers: ['社保号', '社保卡', '医保卡', '公积金账号', 'social insurance no', 'health insurance no'], alone: null },
  { id: 'identity_photo', role: 'identifier', us: 'biometric', dpv: 'pd:Picture', headers: ['身份证照片', '证件照', 'id photo', 'id card photo', 'id card image', 'passport photo'], headed: 0, alone: null, rank: 9, ...sensitive('other', 'secondary') },
  /** An organisation's code: no personal information. */
  { id: 'cn_uscc', role: 'none', us: null, dpv: null, ...PLAIN, headers: ['统一社会信用代码', '社会信用代码', 'uscc'], test: ({ bare }) => /^[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}$/.test(bare) && /[A-Z]/.test(bare.slice(0, 17)), headed: 0.3, alone: 0.5 },
];
