import type { Condition, Constraint, Duty, Policy, Rule } from './policy.js';
import type { ActionName } from './vocabulary.js';
import type { Language } from './words.js';

export const TEMPLATES = ['INTERNAL_USE', 'DERIVED_PRODUCTS', 'REDISTRIBUTION'] as const;
export type TemplateName = (typeof TEMPLATES)[number];

/** What a vendor fills in; what he leaves out is not restricted, except that nothing is passed on unless the template says so. */
export interface TemplateParameters {
  /** Purpose codes; at least one. */
  readonly purposes: readonly string[];
  /** ISO 3166 codes; at least one. */
  readonly territories: readonly string[];
  /** Whether end users whom the licensee declares with his order may use it too. */
  readonly declaredUsers: boolean;
  /** UUIDs of organisations that may use it beside the licensee, such as companies of his group. */
  readonly alsoFor: readonly string[];
  /** Instant at which all use ends, whatever the licence lasts. */
  readonly until: string | null;
  /** How many of the licensee's people and keys fetch it, each by name. */
  readonly namedUsers: string | null;
  /** How often the data may be fetched. */
  readonly maxDownloads: string | null;
  /** Kinds of delivery channels on which it may come; none: all. */
  readonly channels?: readonly string[];
  /** The words in which the source is named; null: no attribution. */
  readonly attribution: string | null;
  /** ISO 8601 duration after the licence's end by which the data is deleted; null: it may be kept. */
  readonly deletionWithin: string | null;
}

export interface Template {
  readonly name: TemplateName;
  readonly text: Readonly<Record<Language, string>>;
  /** Of the four that ODRL's `use` would include unsaid. */
  readonly permits: readonly ActionName[];
}

export const TEMPLATE_LIST: readonly Template[] = [
  { name: 'INTERNAL_USE', permits: [], text: { en: 'Own use; nothing is passed on, derived for others or sold.', zh: '仅供自用，不得转发、衍生对外产品或商业化。' } },
  { name: 'DERIVED_PRODUCTS', permits: ['derive', 'commercialize'], text: { en: 'Own use, and products of one’s own that do not hold the data itself.', zh: '自用，并可制作不含原始数据的自有产品。' } },
  { name: 'REDISTRIBUTION', permits: ['derive', 'commercialize', 'distribute'], text: { en: 'Use, derived products, and passing the data on under the same terms, with notice to the licensor.', zh: '使用、衍生，并可在通知许可方的前提下按相同条款转发数据。' } },
];

const only = (operand: Constraint['operand'], operator: Constraint['operator'], values: readonly string[]): Constraint => ({ operand, operator, values: [...new Set(values)].sort() });

/** The policy of a template. Pure: the same parameters give the same policy. */
export function fromTemplate(name: TemplateName, p: TemplateParameters): Policy {
  const { permits } = TEMPLATE_LIST.find((t) => t.name === name)!;
  const within: Condition[] = [only('purpose', 'isAnyOf', p.purposes), only('spatial', 'isAnyOf', p.territories)];
  const until: Condition[] = p.until ? [only('dateTime', 'lt', [p.until])] : [];
  const parties = ['ASSIGNEE', ...(p.declaredUsers ? ['DECLARED_USER'] : []), ...p.alsoFor];
  const use: Rule = {
    uid: 'use', action: 'use', duties: [],
    conditions: [...within, only('recipient', 'isAnyOf', parties), ...until, ...(p.namedUsers ? [only('namedUsers', 'lteq', [p.namedUsers])] : []), ...(p.maxDownloads ? [only('count', 'lteq', [p.maxDownloads])] : []), ...(p.channels?.length ? [only('deliveryChannel', 'isAnyOf', p.channels)] : [])],
  };
  const permissions = permits.map((action): Rule => ({ uid: action, action, conditions: [...within, ...(action === 'distribute' ? [] : [only('recipient', 'isAnyOf', parties)]), ...until], duties: action === 'distribute' ? passingOn() : [] }));
  const forbidden = (['distribute', 'grantUse', 'derive', 'commercialize'] as const).filter((a) => !permits.includes(a));
  return {
    permissions: [use, ...permissions],
    prohibitions: forbidden.map((action): Rule => ({ uid: `no-${action}`, action, conditions: [], duties: [] })),
    obligations: [...(p.attribution ? [duty('attribution', 'attribute', [], p.attribution)] : []), ...(p.deletionWithin ? [duty('deletion', 'delete', [only('delayPeriod', 'lteq', [p.deletionWithin])])] : [])],
  };
}

const passingOn = (): Duty[] => [duty('distribute-terms', 'nextPolicy', []), duty('distribute-inform', 'inform', [])];
const duty = (uid: string, action: Duty['action'], conditions: readonly Condition[], text: string | null = null): Duty => ({ uid, action, conditions, text });
