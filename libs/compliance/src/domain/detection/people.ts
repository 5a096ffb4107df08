import { type Detector, PLAIN, sensitive } from './detector.js';
import { dayOf, yearsBetween } from './value.js';

const SURNAMES = new Set('王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝');
const COMPOUND = ['欧阳', '上官', '司马', '诸葛', '司徒', '东方', '皇甫', '尉迟', '公孙', '令狐', '慕容', '夏侯', '端木', '南宫'];
const HAN_NAME = /^\p{Script=Han}{2,4}$/u;

/** A surname and one or two characters. Many other words look like it: it only supports the column's name. */
export function isChineseName(text: string): boolean {
  if (!HAN_NAME.test(text)) return false;
  const compound = COMPOUND.some((s) => text.startsWith(s));
  return compound ? text.length >= 3 : text.length <= 3 && SURNAMES.has(text[0]!);
}
const isLatinName = (text: string): boolean => text.length <= 60 && /^\p{Lu}[\p{L}'’.-]*(?:[ ,]{1,2}\p{Lu}[\p{L}'’.-]*){0,4}$/u.test(text);

const OF_THINGS = ['公司', '企业', '产品', '商品', '品牌', '店', '港', '船', '项目', '学校', '医院', '城市', '街道', 'company', 'product', 'item', 'ship', 'vessel', 'file', 'brand', 'city', 'country', 'station', 'airport', 'school', 'species', 'column', 'table'];
const QUASI = { role: 'quasi', us: null, ...PLAIN } as const;
const DATES = { test: ({ text }: { text: string }, today: string): boolean => isBirthDay(text, today), headed: 0.3, alone: null };
const isBirthDay = (text: string, today: string): boolean => {
  const day = dayOf(text);
  return day !== null && day <= today && yearsBetween(day, today) <= 130;
};

export const PEOPLE: readonly Detector[] = [
  {
    id: 'person_name', role: 'identifier', us: 'identifiers', dpv: 'pd:Name', ...PLAIN, rank: 7, unless: OF_THINGS,
    headers: ['姓名', '真实姓名', '姓氏', '联系人', '法定代表人', '持卡人', '收件人', '患者姓名', '客户姓名', 'full name', 'first name', 'last name', 'middle name', 'surname', 'family name', 'given name', 'forename', 'customer name', 'patient name', 'employee name', 'passenger name',
      'contact name', 'owner name', 'driver name', 'student name', 'person name', 'cardholder', 'cardholder name', 'xingming', 'xm'],
    test: ({ text }) => isChineseName(text) || isLatinName(text), headed: 0.5, alone: null,
  },
  { id: 'person_name_by_values', role: 'identifier', us: 'identifiers', dpv: 'pd:Name', ...PLAIN, rank: 7, unless: OF_THINGS, headers: ['name', '名字', '名称', '负责人', '人员', 'user', '用户', '客户', '会员', 'customer', 'patient', 'employee'], test: ({ text }) => isChineseName(text), headed: 0.7, alone: null },
  {
    id: 'subject_id', role: 'pseudonym', us: 'identifiers', dpv: 'pd:UID', ...PLAIN, rank: 2, unless: ['product', 'order', '订单', '产品'],
    headers: ['用户id', '用户编号', '客户号', '客户id', '客户编号', '会员号', '会员id', '患者编号', '患者id', '住院号', '门诊号', '病历号', '学号', '工号', '员工编号', '受试者', 'openid', 'unionid', 'user id', 'userid', 'uid', 'customer id', 'client id', 'member id', 'membership no', 'patient id', 'mrn',
      'employee id', 'student id', 'subject id', 'participant id', 'person id', 'individual id', 'account id', 'subscriber id', 'passenger id', 'driver id', 'donor id'],
    headed: 0, alone: null,
  },
  { id: 'birth_date', ...QUASI, dpv: 'pd:BirthDate', headers: ['出生日期', '出生年月', '生日', '出生', 'birth date', 'birthdate', 'date of birth', 'dob', 'birthday', 'born', 'csrq'], ...DATES },
  { id: 'birth_year', ...QUASI, dpv: 'pd:BirthDate', headers: ['出生年', '出生年份', 'birth year', 'year of birth', 'yob'], test: ({ text }, today) => /^(?:18|19|20)\d{2}$/.test(text) && text <= today.slice(0, 4), headed: 0.5, alone: null },
  { id: 'age', ...QUASI, dpv: 'pd:Age', headers: ['年龄', '岁数', 'age', 'patient age'], test: ({ text }) => /^\d{1,3}(?:岁)?$/.test(text) && parseInt(text, 10) <= 130, headed: 0.5, alone: null },
  { id: 'gender', ...QUASI, dpv: 'pd:Gender', headers: ['性别', 'gender', 'sex', 'xb'], test: ({ text }) => /^(?:男|女|男性|女性|m|f|male|female|[0129])$/i.test(text), headed: 0.5, alone: null },
  { id: 'nationality', ...QUASI, dpv: 'pd:Nationality', headers: ['国籍', 'nationality', 'citizenship'], headed: 0, alone: null },
  { id: 'marital_status', ...QUASI, dpv: 'pd:MaritalStatus', headers: ['婚姻', '婚否', 'marital', 'marital status'], headed: 0, alone: null },
  { id: 'occupation', ...QUASI, dpv: 'pd:Professional', headers: ['职业', '职务', '岗位', 'occupation', 'job title', 'profession'], headed: 0, alone: null },
  { id: 'education', ...QUASI, dpv: 'pd:Education', headers: ['学历', '文化程度', 'education level', 'highest degree'], headed: 0, alone: null },
  {
    id: 'ethnicity', role: 'quasi', us: null, dpv: 'pd:EthnicOrigin', headers: ['民族', '族裔', '种族', 'ethnicity', 'ethnic group', 'ethnic origin', 'race'], unless: ['race id', 'race date', 'race name'],
    test: ({ text }) => /^\p{Script=Han}{1,6}族$/u.test(text) || /^[\p{L} /,()-]{2,50}$/u.test(text), headed: 0.5, alone: null, ...sensitive('specific_identity', 'general-knowledge'),
  },
];
