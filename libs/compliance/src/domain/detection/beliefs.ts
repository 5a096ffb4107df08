import { type Detector, sensitive } from './detector.js';

const named = { role: 'attribute', us: null, headed: 0, alone: null } as const;

/** What the law protects most: believed from the column's name, since its values are ordinary words. */
export const BELIEFS: readonly Detector[] = [
  { id: 'religion', ...named, dpv: 'pd:ReligiousBelief', headers: ['宗教', '信仰', 'religion', 'religious', 'religious belief', 'faith', 'denomination'], ...sensitive('religious_belief', 'verified') },
  { id: 'political', ...named, dpv: 'pd:PoliticalAffiliation', headers: ['政治面貌', '党派', '党员', 'political', 'political affiliation', 'political party', 'party membership', 'voter'], ...sensitive('other', 'general-knowledge') },
  { id: 'trade_union', ...named, dpv: 'pd:TradeUnionMembership', headers: ['工会会员', 'trade union', 'union member'], ...sensitive('other', 'general-knowledge') },
  { id: 'sexual_life', ...named, dpv: 'pd:Sexual', headers: ['性取向', '性生活', 'sexual orientation', 'sexuality'], ...sensitive('other', 'general-knowledge') },
  { id: 'criminal_record', ...named, dpv: 'pd:Criminal', headers: ['犯罪', '前科', '违法记录', 'criminal record', 'conviction', 'offence', 'offense'], ...sensitive('other', 'general-knowledge') },
  { id: 'disability', ...named, dpv: 'pd:Disability', headers: ['残疾', '残障', 'disability', 'disabled'], ...sensitive('specific_identity', 'general-knowledge') },
  {
    id: 'communication', ...named, dpv: 'pd:Communication', headers: ['短信内容', '聊天记录', '通话记录', '通信记录', '邮件内容', 'message body', 'message text', 'sms', 'sms text', 'call log', 'call record', 'chat log', 'chat history', 'email body', 'email content'],
    ...sensitive('other', 'general-knowledge'),
  },
  {
    id: 'biometric', role: 'attribute', us: 'biometric', dpv: 'pd:Biometric', headed: 0, alone: null, unless: ['browser', 'device', 'file', 'key', 'sha', 'md5', 'tls', 'ja'],
    headers: ['人脸', '面部', '指纹', '声纹', '虹膜', '掌纹', '步态', '眼纹', '耳廓', 'face id', 'facial', 'face embedding', 'face vector', 'face image', 'faceprint', 'fingerprint', 'voiceprint', 'voice embedding', 'iris scan', 'iris code', 'iris template', 'retina', 'palm print', 'gait', 'biometric'],
    ...sensitive('biometric', 'verified'),
  },
];
