import { DETECTORS } from './detectors.js';
import { inspectColumn } from './inspect-column.js';

const TODAY = '2026-11-23';
const found = (header: string, ...cells: string[]): string[] => inspectColumn(header, cells, 1, TODAY).findings.filter((f) => f.confidence !== 'low').map((f) => f.detector);

/** One line a detector: a name and values that it must see, and a name and values that it must not. */
const CASES: Readonly<Record<string, readonly [yes: readonly [string, ...string[]], no: readonly [string, ...string[]]]>> = {
  cn_resident_id: [['身份证号', '11010519491231002X', '440524188001010014'], ['serial', '110105194912310021', '440524188001010012', '990105194912310021']],
  hk_id: [['HKID', 'A123456(3)', 'AB987654(3)'], ['part_no', 'A123456(4)', 'B123456(3)', 'C123456(1)']],
  sg_nric: [['NRIC', 'S1234567D', 'T0000001E', 'F1234567N', 'G1234567X'], ['code', 'S1234567A', 'T0000001B', 'F1234567A']],
  mo_id: [['Macau ID', '1234567(8)', '5123456(7)'], ['number', '12345678', '51234567', '71234567']],
  tw_id: [['身分證', 'A123456789', 'B142610160'], ['code', 'A123456788', 'A123456787', 'A123456786']],
  kr_rrn: [['주민등록번호', '971013-9019902'], ['n', '9710131019901', '9710131019902', '9710131019903']],
  kr_rrn_since_2020: [['rrn', '2101013123456', '2202024654321'], ['n', '2101013123456', '2202024654321']],
  jp_my_number: [['マイナンバー', '123456789018', '123456789018'], ['number', '123456789012', '123456789013']],
  us_ssn: [['SSN', '536904399', '219099998'], ['count', '536904399', '219099998']],
  us_ssn_written: [['c1', '536-90-4399', '219-09-9998', '078-05-1121'], ['c1', '000-12-3456', '666-12-3456', '900-12-3456']],
  gb_nino: [['NI number', 'JG103759A', 'AP019283D'], ['code', 'DF103759A', 'QQ123456C', 'BG123456A']],
  passport: [['护照号', 'E12345678', 'G87654321'], ['batch', 'E12345678', 'G87654321']],
  driving_licence: [['驾驶证', '310101'], ['drive', '310101']],
  social_insurance: [['社保号', '310101'], ['社区', '310101']],
  identity_photo: [['身份证照片', 'a.jpg'], ['photo', 'a.jpg']],
  cn_uscc: [['统一社会信用代码', '91350100M000100Y43'], ['code', '913501000000']],
  cn_mobile: [['手机', '13812345678', '+86 139-1234-5678'], ['amount', '23812345678', '12812345678', '1381234567']],
  cn_landline: [['电话', '021-62345678', '0755-12345678'], ['code', '021-62345678', '0755-12345678']],
  hk_phone: [['phone', '9123 4567', '+852 6123 4567'], ['total', '91234567', '61234567']],
  sg_phone: [['mobile', '+65 8123 4567', '81234567'], ['total', '81234567', '91234567']],
  e164_phone: [['c1', '+4915112345678', '+85291234567', '+12125550123'], ['c1', '4915112345678', '85291234567']],
  us_phone: [['telephone', '(212) 555-0123', '415-555-0199'], ['n', '2125550123', '4155550199']],
  email: [['联系', 'a.b+c@example.com', 'wang@mail.example.cn', 'x@y.zz'], ['联系', 'a@@example.com', 'a b@example.com', '@example.com', 'a@localhost']],
  chat_account: [['微信号', 'wxid_1'], ['equipment', 'wxid_1']],
  address: [['住址', '上海市浦东新区世纪大道100号', '北京市朝阳区建国路1号'], ['remark', '上海', '北京', '广州']],
  postcode: [['邮编', '200120', '100022'], ['amount', '200120', '100022']],
  person_name: [['姓名', '张三', '欧阳娜娜', '李小龙'], ['产品姓名', '螺丝', '扳手', '锤子']],
  person_name_by_values: [['name', '张伟', '王芳', '李娜', '刘洋'], ['name', 'Ever Calm', 'Maersk Alabama', 'Bay Springs']],
  subject_id: [['user_id', '1', '2'], ['order_id', '1', '2']],
  birth_date: [['出生日期', '1990-01-31', '2015/7/1', '19851231'], ['出生日期', '2090-01-31', 'x', '1700-01-01']],
  birth_year: [['year of birth', '1990', '2001'], ['year', '1990', '2001']],
  age: [['年龄', '35', '7岁'], ['stage', '35', '7']],
  gender: [['性别', '男', '女'], ['sector', 'M', 'F']],
  nationality: [['国籍', '中国'], ['nation', '中国']],
  marital_status: [['婚姻状况', '已婚'], ['status', '已婚']],
  occupation: [['职业', '教师'], ['use', '教师']],
  education: [['学历', '本科'], ['level', '本科']],
  ethnicity: [['民族', '汉族', '回族'], ['民族', '1', '2', '3']],
  bank_card: [['卡号', '6222 0212 3456 7890 128', '4111 1111 1111 1111'], ['order', '4111111111111112', '5500000000000005', '4111111111111113', '4111111111111114']],
  iban: [['c', 'DE89 3704 0044 0532 0130 00', 'GB82WEST12345698765432', 'FR1420041010050500013M02606'], ['c', 'DE88370400440532013000', 'GB83WEST12345698765432', 'FR1520041010050500013M02606']],
  bank_account: [['银行账号', '110060149012345678'], ['count', '110060149012345678']],
  income: [['月薪', '12000'], ['公司收入', '12000']],
  credit_record: [['征信', '700'], ['社会信用代码', '700']],
  balance: [['余额', '12.5'], ['差额', '12.5']],
  purchase: [['消费金额', '12.5'], ['price', '12.5']],
  card_secret: [['CVV', '123'], ['cv', '123']],
  password: [['密码', 'x'], ['密度', 'x']],
  imei: [['imei', '490154203237518', '356938035643809'], ['imei', '490154203237519', '356938035643808']],
  imsi: [['IMSI', '460001234567890'], ['n', '460001234567890']],
  mac_address: [['c', '00:1A:2B:3C:4D:5E', 'a0-b1-c2-d3-e4-f5', 'ff:00:11:22:33:44'], ['c', '00:1A:2B:3C:4D', 'zz:00:11:22:33:44']],
  ip_address: [['c', '192.168.1.10', '2001:db8::1', '8.8.8.8'], ['version', '1.2.3', '10.20', '300.1.1.1']],
  device_id: [['oaid', '0f8fad5b-d9cb-469f-a165-70867728950e'], ['order', '0f8fad5b-d9cb-469f-a165-70867728950e']],
  cn_plate: [['车牌号', '沪A12345', '粤BD12345'], ['c', 'A12345', '号A12345', '沪A1']],
  vin: [['c', '1M8GDM9AXKP042788', '1HGCM82633A004352', '5GZCZ43D13S812715'], ['c', '1M8GDM9A1KP042788', '1HGCM82633A004353', '5GZCZ43D13S812716']],
  latitude: [['纬度', '31.2304', '39.904212'], ['纬度', '31.2', '39']],
  longitude: [['lng', '121.4737', '-0.127812'], ['length', '121.4737', '-0.127812']],
  point: [['c', 'POINT(121.4737 31.2304)', '[121.4737,31.2304]', '31.2304,121.4737'], ['c', 'POINT(121 31)', '1,2', '3.1,4.1']],
  geohash: [['geohash', 'wtw3sjq6q', 'wx4g0ec1'], ['hash', 'wtw3sjq6q', 'wx4g0ec1']],
  movement: [['轨迹', 'x'], ['track title', 'x']],
  diagnosis: [['诊断', '高血压'], ['故障诊断车', '高血压']],
  vital_signs: [['血压', '120/80'], ['压力', '120/80']],
  mental_reproductive: [['孕周', '12'], ['周', '12']],
  icd10: [['ICD10', 'I10', 'E11.9', 'J45.909'], ['seat', 'I10', 'E11.9']],
  snp_id: [['c', 'rs12345', 'rs7412', 'rs429358'], ['c', 'rs1', 'r12345', 'rsx']],
  dna_sequence: [['c', 'ACGTACGTACGTACGTACGTACGT', 'GGGCCCATATATATGCGCGCATAT', 'NNACGTACGTACGTACGTACGTNN'], ['c', 'ACGT', 'GATTACA', 'CAT']],
  genotype: [['genotype', 'A/G', '0|1', 'TT'], ['grade', 'A', 'C', 'TT']],
  gene_record: [['基因检测', '阳性'], ['因子', '阳性']],
  other_omic: [['methylation', '0.2'], ['methane', '0.2']],
  religion: [['宗教信仰', '佛教'], ['宗旨', '佛教']],
  political: [['政治面貌', '群众'], ['面貌', '群众']],
  trade_union: [['工会会员', '是'], ['工会', '是']],
  sexual_life: [['sexual orientation', 'x'], ['orientation', 'x']],
  criminal_record: [['犯罪记录', '无前科'], ['记录', '无前科']],
  disability: [['残疾', '二级'], ['残值', '二级']],
  communication: [['短信内容', '你好'], ['内容', '你好']],
  biometric: [['人脸特征', '0.1;0.2'], ['browser fingerprint', 'abc']],
};

describe('detectors', () => {
  it('each have a case', () => expect(Object.keys(CASES).sort()).toEqual(DETECTORS.map((d) => d.id).sort()));
  it.each(Object.entries(CASES))('%s: sees its own and leaves others', (id, [yes, no]) => {
    expect(found(...(yes as [string]))).toContain(id);
    expect(found(...(no as [string]))).not.toContain(id);
  });
  it('have ids, terms and sources that are plain', () => {
    expect(new Set(DETECTORS.map((d) => d.id)).size).toBe(DETECTORS.length);
    for (const d of DETECTORS) {
      expect([d.id, d.headers.every((h) => h === h.normalize('NFKC').toLowerCase())]).toEqual([d.id, true]);
      expect([d.id, d.source.length > 5, d.headers.length > 0 || d.alone !== null]).toEqual([d.id, true, true]);
      // Sensitive by Chinese law implies that it is about a person at all.
      expect([d.id, d.spi !== null && d.role === 'none']).toEqual([d.id, false]);
    }
  });
});
