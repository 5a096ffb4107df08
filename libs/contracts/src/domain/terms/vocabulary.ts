import type { Language } from './words.js';

/** Namespace of ODRL 2.2 (W3C Recommendation, 15 February 2018). */
export const ODRL = 'http://www.w3.org/ns/odrl/2/';
/** Which of ODRL this exchange understands, and how; named by every policy that it writes. */
export const PROFILE = 'urn:entrepot:odrl-profile:1';

type Texts = Readonly<Record<Language, string>>;

interface ActionEntry {
  /** The wider action of the vocabulary that holds it: what is permitted or forbidden there is so here. */
  readonly includedIn: ActionName | null;
  readonly text: Texts;
}

/** Actions of the ODRL vocabulary that mean something for a data product, with the concept that includes each. */
export const ACTIONS = {
  use: { includedIn: null, text: { en: 'use the data', zh: '使用数据' } },
  read: { includedIn: 'use', text: { en: 'read the data', zh: '读取数据' } },
  display: { includedIn: 'use', text: { en: 'display the data', zh: '展示数据' } },
  print: { includedIn: 'use', text: { en: 'print the data', zh: '打印数据' } },
  stream: { includedIn: 'use', text: { en: 'receive the data as a stream', zh: '以流方式接收数据' } },
  execute: { includedIn: 'use', text: { en: 'execute the data as software', zh: '将数据作为程序执行' } },
  index: { includedIn: 'use', text: { en: 'index the data', zh: '为数据建立索引' } },
  reproduce: { includedIn: 'use', text: { en: 'make copies of the data', zh: '复制数据' } },
  extract: { includedIn: 'reproduce', text: { en: 'extract parts of the data', zh: '提取部分数据' } },
  aggregate: { includedIn: 'use', text: { en: 'combine the data with other data', zh: '将数据与其他数据汇集' } },
  derive: { includedIn: 'use', text: { en: 'derive new data from it', zh: '由数据衍生新数据' } },
  modify: { includedIn: 'use', text: { en: 'modify the data', zh: '修改数据' } },
  translate: { includedIn: 'use', text: { en: 'translate the data', zh: '翻译数据' } },
  anonymize: { includedIn: 'use', text: { en: 'anonymise the data', zh: '对数据匿名化' } },
  textToSpeech: { includedIn: 'use', text: { en: 'have the data read aloud', zh: '将数据转换为语音' } },
  commercialize: { includedIn: 'use', text: { en: 'use the data commercially', zh: '将数据用于商业目的' } },
  distribute: { includedIn: 'use', text: { en: 'pass the data on to others', zh: '向他人转发数据' } },
  grantUse: { includedIn: 'use', text: { en: 'grant others the use of the data', zh: '授权他人使用数据' } },
} as const satisfies Record<string, { includedIn: string | null; text: Texts }>;
export type ActionName = 'use' | 'read' | 'display' | 'print' | 'stream' | 'execute' | 'index' | 'reproduce' | 'extract' | 'aggregate' | 'derive' | 'modify' | 'translate' | 'anonymize' | 'textToSpeech' | 'commercialize' | 'distribute' | 'grantUse';
const TABLE: Readonly<Record<string, ActionEntry>> = ACTIONS;

/** ODRL: `use` includes all of these. A licence that leaves one open would grant it unsaid, so each is permitted or forbidden in words, and a permission of something wider does not carry it. */
export const TO_BE_STATED: readonly ActionName[] = ['distribute', 'grantUse', 'derive', 'commercialize'];

/** Words of ODRL that read like trade and mean something else; a policy that uses one is refused with this reason. */
export const MISLEADING: Readonly<Record<string, string>> = {
  sell: 'odrl:sell hands the data over and deletes it with the seller; permit grantUse to let others be licensed',
  give: 'odrl:give hands the data over and deletes it with the giver; permit distribute to let it be passed on',
  transfer: 'odrl:transfer gives ownership for good; permit distribute or grantUse',
  export: 'odrl:export turns data into another form; where data may go is said by the constraint spatial',
};

/** What a duty or obligation can ask. */
export const DUTIES = {
  attribute: { en: 'name the source', zh: '注明来源' },
  delete: { en: 'delete the data', zh: '删除数据' },
  anonymize: { en: 'anonymise the data first', zh: '先对数据匿名化' },
  inform: { en: 'inform the licensor', zh: '通知许可方' },
  obtainConsent: { en: "obtain the licensor's consent first", zh: '事先取得许可方同意' },
  nextPolicy: { en: 'bind the recipient to these terms', zh: '使接收方受相同条款约束' },
  watermark: { en: 'watermark every copy', zh: '为每份副本添加水印' },
  acceptTracking: { en: 'accept that use is tracked', zh: '接受使用追踪' },
  reviewPolicy: { en: 'have the terms reviewed', zh: '复核条款' },
} as const satisfies Record<string, Texts>;
export type DutyName = keyof typeof DUTIES;

export type OperandKind = 'PURPOSE' | 'PLACE' | 'PARTY' | 'INSTANT' | 'DURATION' | 'COUNT' | 'MEDIA_TYPE' | 'CHANNEL';
const SETS = ['eq', 'neq', 'isAnyOf', 'isNoneOf'] as const;
const ORDER = ['lt', 'lteq', 'gt', 'gteq'] as const;
const AT_MOST = ['lt', 'lteq'] as const;

/** What a constraint can look at, and by which operators: only what the exchange itself can judge. */
export const OPERANDS = {
  purpose: { kind: 'PURPOSE', operators: [...SETS, 'isA'] },
  spatial: { kind: 'PLACE', operators: [...SETS, 'isPartOf'] },
  recipient: { kind: 'PARTY', operators: [...SETS, 'isA'] },
  dateTime: { kind: 'INSTANT', operators: ORDER },
  elapsedTime: { kind: 'DURATION', operators: AT_MOST },
  delayPeriod: { kind: 'DURATION', operators: ['eq', ...AT_MOST] },
  count: { kind: 'COUNT', operators: AT_MOST },
  fileFormat: { kind: 'MEDIA_TYPE', operators: SETS },
  // On what kind of way the exchange may deliver; the vendor demands it, and both sides have agreed to it.
  deliveryChannel: { kind: 'CHANNEL', operators: SETS },
  // Of the profile: ODRL itself has no word for how many of a party use something. Limits what a permission of use lets people do.
  namedUsers: { kind: 'COUNT', operators: AT_MOST },
} as const satisfies Record<string, { kind: OperandKind; operators: readonly string[] }>;
export type OperandName = keyof typeof OPERANDS;
export type OperatorName = (typeof SETS)[number] | (typeof ORDER)[number] | 'isA' | 'isPartOf';

/** From the action to the widest that includes it. */
export function chainOf(action: ActionName): ActionName[] {
  const chain: ActionName[] = [];
  for (let at: ActionName | null = action; at; at = TABLE[at]!.includedIn) chain.push(at);
  return chain;
}
/** The same as far as a permission reaches. */
export function permittedBy(action: ActionName): ActionName[] {
  const chain = chainOf(action);
  const stated = chain.findIndex((a) => TO_BE_STATED.includes(a));
  return stated < 0 ? chain : chain.slice(0, stated + 1);
}
export const actionText = (action: ActionName, language: Language): string => TABLE[action]!.text[language];
export const isAction = (name: string): name is ActionName => Object.hasOwn(ACTIONS, name);
export const isDuty = (name: string): name is DutyName => Object.hasOwn(DUTIES, name);
export const isOperand = (name: string): name is OperandName => Object.hasOwn(OPERANDS, name);

/** Operands that the profile defines, by their IRI: the context of ODRL has no short name for them. */
const OF_PROFILE: ReadonlySet<OperandName> = new Set(['namedUsers']);
export const operandTerm = (name: OperandName): string => (OF_PROFILE.has(name) ? `${PROFILE}#${name}` : name);
export const operandOfProfile = (text: string): OperandName | null => [...OF_PROFILE].find((name) => operandTerm(name) === text) ?? null;
export const isOfOdrl = (name: OperandName): boolean => !OF_PROFILE.has(name);
