import { countryName } from '#shared';
import { type Condition, type Connective, type Constraint, type Duty, isLogical, type Policy, type Rule } from './policy.js';
import { renderTarget } from './parts/render-target.js';
import { purposeText } from './purposes.js';
import { parseDuration } from '../pricing/duration.js';
import { actionText, DUTIES, OPERANDS } from './vocabulary.js';
import type { ChannelKind } from './values.js';
import type { Language } from './words.js';

export type ClauseKind = 'PERMISSION' | 'PROHIBITION' | 'OBLIGATION' | 'SCOPE';
export interface Clause {
  readonly uid: string;
  readonly kind: ClauseKind;
  readonly text: string;
}

interface Phrases {
  readonly permission: (action: string, conditions: string) => string;
  readonly prohibition: (action: string, conditions: string) => string;
  readonly obligation: (action: string, conditions: string, words: string | null) => string;
  readonly duties: (duties: readonly string[]) => string;
  readonly join: Readonly<Record<Connective, string>>;
  readonly list: string;
  readonly operand: (c: Constraint, values: string) => string;
  readonly parties: Readonly<Record<string, string>>;
  readonly duration: (years: number, months: number, days: number) => string;
  readonly conditions: (all: readonly string[]) => string;
}

const plural = (n: number, word: string): string[] => (n === 0 ? [] : [`${n} ${word}${n === 1 ? '' : 's'}`]);
const NEGATIVE: ReadonlySet<string> = new Set(['neq', 'isNoneOf']);
const not = (c: Constraint, yes: string, no: string): string => (NEGATIVE.has(c.operator) ? no : yes);

const EN: Phrases = {
  permission: (action, conditions) => `The licensee may ${action}${conditions}.`,
  prohibition: (action, conditions) => `The licensee must not ${action}${conditions}.`,
  obligation: (action, conditions, words) => `The licensee must ${action}${conditions}${words ? `: "${words}"` : ''}.`,
  duties: (duties) => ` For this the licensee must ${duties.join(', and ')}.`,
  join: { and: ' and ', or: ' or ', xone: ' or (but not both) ' }, list: ', ',
  operand: (c, values) => {
    switch (c.operand) {
      case 'purpose': return not(c, `for the purpose of ${values}`, `for any purpose but ${values}`);
      case 'spatial': return not(c, `in ${values}`, `anywhere but in ${values}`);
      case 'recipient': return not(c, `by or to ${values}`, `by or to anybody but ${values}`);
      case 'fileFormat': return not(c, `as ${values}`, `in any format but ${values}`);
      case 'deliveryChannel': return not(c, `delivered ${values}`, `delivered otherwise than ${values}`);
      case 'dateTime': return `${{ lt: 'before', lteq: 'until', gt: 'after', gteq: 'from' }[c.operator as 'lt']} ${values}`;
      case 'elapsedTime': return `within ${values} of the beginning of the licence`;
      case 'delayPeriod': return `within ${values} of its end`;
      case 'count': return c.operator === 'lt' ? `fewer than ${values} times` : `at most ${values} times`;
      case 'namedUsers': return c.operator === 'lt' ? `by fewer than ${values} users, each by name` : `by at most ${values} users, each by name`;
      default: return c.operand satisfies never;
    }
  },
  parties: { ASSIGNEE: 'the licensee', DECLARED_USER: 'the end users whom the licensee declared' },
  duration: (years, months, days) => [...plural(years, 'year'), ...plural(months, 'month'), ...plural(days, 'day')].join(' and '),
  conditions: (all) => (all.length ? ` ${all.join(', ')}` : ''),
};

const ZH: Phrases = {
  permission: (action, conditions) => `被许可方可以${conditions}${action}。`,
  prohibition: (action, conditions) => `被许可方不得${conditions}${action}。`,
  obligation: (action, conditions, words) => `被许可方必须${conditions}${action}${words ? `：“${words}”` : ''}。`,
  duties: (duties) => `为此，被许可方必须${duties.join('，并且')}。`,
  join: { and: '且', or: '或', xone: '或（二者择一）' }, list: '、',
  operand: (c, values) => {
    switch (c.operand) {
      case 'purpose': return not(c, `为${values}之目的`, `为除${values}以外的目的`);
      case 'spatial': return not(c, `在${values}境内`, `在除${values}以外的地区`);
      case 'recipient': return not(c, `由或向${values}`, `由或向除${values}以外的任何人`);
      case 'fileFormat': return not(c, `以${values}格式`, `以除${values}以外的格式`);
      case 'deliveryChannel': return not(c, `以${values}的交付方式`, `以除${values}以外的交付方式`);
      case 'dateTime': return { lt: `在${values}之前`, lteq: `至${values}止`, gt: `在${values}之后`, gteq: `自${values}起` }[c.operator as 'lt'];
      case 'elapsedTime': return `在许可开始后${values}内`;
      case 'delayPeriod': return `在许可结束后${values}内`;
      case 'count': return c.operator === 'lt' ? `少于${values}次` : `最多${values}次`;
      case 'namedUsers': return c.operator === 'lt' ? `由少于${values}名具名用户` : `由最多${values}名具名用户`;
      default: return c.operand satisfies never;
    }
  },
  parties: { ASSIGNEE: '被许可方', DECLARED_USER: '被许可方申报的最终用户' },
  duration: (years, months, days) => `${years ? `${years}年` : ''}${months ? `${months}个月` : ''}${days ? `${days}日` : ''}`,
  conditions: (all) => (all.length ? `${all.join('、')}` : ''),
};
const PHRASES: Readonly<Record<Language, Phrases>> = { en: EN, zh: ZH };

/** Every clause of the policy in plain words; the policy itself is what binds. */
export function renderPolicy(policy: Policy, language: Language): Clause[] {
  return [
    ...policy.permissions.map((r): Clause => ({ uid: r.uid, kind: 'PERMISSION', text: renderRule(r, 'permission', language) })),
    ...policy.prohibitions.map((r): Clause => ({ uid: r.uid, kind: 'PROHIBITION', text: renderRule(r, 'prohibition', language) })),
    ...policy.obligations.map((d): Clause => ({ uid: d.uid, kind: 'OBLIGATION', text: renderObligation(d, language) })),
    ...(policy.targets ?? []).map((t, i): Clause => ({ uid: `part-${i + 1}`, kind: 'SCOPE', text: renderTarget(t, language) })),
  ];
}

export function renderRule({ action, conditions, duties }: Rule, kind: 'permission' | 'prohibition', language: Language): string {
  const phrases = PHRASES[language];
  const clause = phrases[kind](actionText(action, language), phrases.conditions(conditions.map((c) => renderCondition(c, language))));
  return duties.length ? clause + phrases.duties(duties.map((d) => renderDuty(d, language))) : clause;
}

export function renderCondition(condition: Condition, language: Language): string {
  const phrases = PHRASES[language];
  if (isLogical(condition)) return `(${condition.of.map((c) => renderCondition(c, language)).join(phrases.join[condition.connective])})`;
  return phrases.operand(condition, condition.values.map((v) => renderValue(condition, v, language)).join(phrases.list));
}

function renderObligation({ action, conditions, text }: Duty, language: Language): string {
  const phrases = PHRASES[language];
  return phrases.obligation(DUTIES[action][language], phrases.conditions(conditions.map((c) => renderCondition(c, language))), text);
}
function renderDuty({ action, conditions, text }: Duty, language: Language): string {
  const phrases = PHRASES[language];
  const when = phrases.conditions(conditions.map((c) => renderCondition(c, language)));
  const words = text ? (language === 'zh' ? `（“${text}”）` : ` ("${text}")`) : '';
  return language === 'zh' ? `${when}${DUTIES[action].zh}${words}` : `${DUTIES[action].en}${when}${words}`;
}

function renderValue({ operand }: Constraint, value: string, language: Language): string {
  switch (OPERANDS[operand].kind) {
    case 'PURPOSE': return purposeText(value, language);
    case 'PLACE': return placeText(value, language);
    case 'PARTY': return PHRASES[language].parties[value] ?? value;
    case 'CHANNEL': return CHANNELS[value as ChannelKind][language];
    case 'DURATION': { const { months, days } = parseDuration(value)!; return PHRASES[language].duration(Math.floor(months / 12), months % 12, days); }
    default: return value;
  }
}

const CHANNELS: Readonly<Record<ChannelKind, Readonly<Record<Language, string>>>> = {
  public: { en: 'over public networks', zh: '公共网络' }, networks: { en: 'only into registered networks of the licensee', zh: '仅限被许可方登记的网络' },
  'mutual-tls': { en: 'only against registered client certificates of the licensee (mutual TLS)', zh: '仅限被许可方登记的客户端证书（双向TLS）' },
};
const CHINESE_REGIONS = new Intl.DisplayNames('zh-Hans', { type: 'region' });
/** Written as the law of the exchange's home writes it, where the runtime's tables do not. */
const CHINESE: Readonly<Record<string, string>> = { TW: '中国台湾' };
/** Subdivisions have no names in the runtime's tables: they stand by their code. */
function placeText(code: string, language: Language): string {
  if (code.includes('-')) return code;
  return language === 'en' ? countryName(code) : (CHINESE[code] ?? CHINESE_REGIONS.of(code) ?? code);
}
