import { type Detector, PLAIN } from './detector.js';

const PHONE = { role: 'identifier', us: 'identifiers', dpv: 'pd:TelephoneNumber', headed: 0.3, rank: 3, ...PLAIN } as const;
const PHONE_WORDS = ['手机', '电话', '联系方式', '移动电话', 'mobile', 'phone', 'telephone', 'tel', 'cell', 'msisdn', 'contact number', 'whatsapp'];
const ORGANISATIONS = ['客服', '公司电话', 'hotline', 'office phone', 'company phone'];
const STREET = /\b(?:street|st|road|rd|avenue|ave|lane|ln|drive|dr|boulevard|blvd|court|way|close|place)\b/i;
const CHINESE_PLACE = /[省市区县旗州镇乡村街道路巷弄号栋幢楼室]/gu;

/** An e-mail address: one @, a name before it and a domain with a dot behind it. */
export function isEmail(text: string): boolean {
  const at = text.indexOf('@');
  if (at < 1 || at > 64 || at !== text.lastIndexOf('@')) return false;
  return /^[A-Za-z0-9._%+-]+$/.test(text.slice(0, at)) && /^[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+$/.test(text.slice(at + 1));
}

/** Where somebody can be reached. */
export const CONTACT: readonly Detector[] = [
  { id: 'cn_mobile', ...PHONE, headers: PHONE_WORDS, unless: ORGANISATIONS, test: ({ bare }) => /^(?:\+?86)?1[3-9]\d{9}$/.test(bare), alone: 0.6, embedded: true },
  { id: 'cn_landline', ...PHONE, headers: PHONE_WORDS, unless: ORGANISATIONS, test: ({ bare }) => /^(?:\+?86)?0\d{9,11}$/.test(bare), alone: null },
  { id: 'hk_phone', ...PHONE, headers: PHONE_WORDS, unless: ORGANISATIONS, test: ({ bare }) => /^(?:\+?852)?[4-79]\d{7}$/.test(bare), alone: null },
  { id: 'sg_phone', ...PHONE, headers: PHONE_WORDS, unless: ORGANISATIONS, test: ({ bare }) => /^(?:\+?65)?[3689]\d{7}$/.test(bare), alone: null },
  { id: 'e164_phone', ...PHONE, headers: PHONE_WORDS, unless: ORGANISATIONS, test: ({ bare }) => /^\+[1-9]\d{7,14}$/.test(bare), alone: 0.5 },
  { id: 'us_phone', ...PHONE, headers: PHONE_WORDS, unless: ORGANISATIONS, test: ({ bare }) => /^(?:\+?1)?[2-9]\d{2}[2-9]\d{6}$/.test(bare), alone: null },
  { id: 'email', role: 'identifier', us: 'identifiers', dpv: 'pd:EmailAddress', ...PLAIN, headers: ['邮箱', '电子邮件', 'email', 'e mail', 'mail', 'email address'], test: ({ text }) => isEmail(text), headed: 0.3, alone: 0.05, checked: true, embedded: true, rank: 4 },
  { id: 'chat_account', role: 'identifier', us: 'identifiers', dpv: 'pd:Username', ...PLAIN, headers: ['微信', '微信号', 'qq', 'qq号', 'wechat', 'wechat id', 'telegram', 'line id', '用户名', '昵称', 'username', 'user name', 'login name', 'nickname'], headed: 0, alone: null, rank: 6 },
  {
    id: 'address', role: 'quasi', us: null, dpv: 'pd:PhysicalAddress', ...PLAIN, headers: ['住址', '地址', '家庭住址', '居住地', '户籍', '收货', 'address', 'home address', 'street', 'street address', 'residence', 'addr'],
    unless: ['ip', 'mac', 'email', 'mail', 'url', 'web', '公司', '网址', '邮箱'],
    test: ({ text }) => new Set(text.match(CHINESE_PLACE)).size >= 2 || (/^\d{1,6}\s/.test(text) && STREET.test(text)), headed: 0.3, alone: 0.7,
  },
  { id: 'postcode', role: 'quasi', us: null, dpv: 'pd:PostalCode', ...PLAIN, headers: ['邮编', '邮政编码', 'postcode', 'post code', 'postal code', 'zip', 'zip code', 'zipcode'], test: ({ text }) => /^[A-Z0-9][A-Z0-9 -]{2,9}$/i.test(text), headed: 0.5, alone: null },
];
