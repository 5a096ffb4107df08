import { isDay } from '#shared';
import { GATE_STEPS, type GateStep } from '../listing-gate.js';

/** What a rulebook may make the demand for a step depend on. */
export interface GateFacts {
  /** Levels of the datasets (DSL Art. 21). */
  readonly levels: readonly string[];
  /** Where the data comes from: the vendor's country and those of its lineage, ISO 3166-1 alpha-2. */
  readonly origins: readonly string[];
  /** Whether persons are counted in a dataset. */
  readonly personalData: boolean;
}
/** Holds where each of its parts holds. */
export interface DemandCondition {
  readonly levels?: readonly string[];
  readonly origins?: readonly string[];
  readonly personalData?: boolean;
}
export interface StepRule {
  readonly step: GateStep;
  /** Demanded where one of these holds; null: of every product. */
  readonly when: readonly DemandCondition[] | null;
  /** Who of the staff may do it, of those whom the table of permissions lets; null: all of them. */
  readonly roles: readonly string[] | null;
  /** Days: how long an opinion may be good for at the most, a notice runs, a certificate is good for. Null where there is none. */
  readonly days: number | null;
}
/** What the operator demands of products before they are listed, from a day on. A product keeps the version that it was handed in under. */
export interface GateRulebook {
  readonly version: string;
  readonly effectiveFrom: string;
  readonly title: string;
  readonly steps: readonly StepRule[];
}

/** Nobody is listed untested or without a certificate, whatever a rulebook says. */
const ALWAYS: ReadonlySet<GateStep> = new Set<GateStep>(['PLATFORM_TEST', 'CERTIFICATE']);
const DAYS: Partial<Record<GateStep, readonly [number, number]>> = { OPINION: [1, 3_660], NOTICE: [1, 365], CERTIFICATE: [1, 3_660] };
const STAFFED: ReadonlySet<GateStep> = new Set<GateStep>(['OPINION', 'REVIEW', 'CERTIFICATE']);
const ROLES = new Set(['LISTING_REVIEWER', 'COMPLIANCE_OFFICER', 'STAFF_ADMIN', 'SETTLEMENT_OFFICER', 'AUDITOR']);
const LEVELS = new Set(['general', 'important', 'core', 'state_secret']);

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
const isListOf = (value: unknown, holds: (item: string) => boolean): boolean => Array.isArray(value) && value.length > 0 && value.length <= 300 && value.every((v) => typeof v === 'string' && holds(v)) && new Set(value).size === value.length;

/** Reads a document. What is wrong with it is answered place by place. */
export function parseRulebook(data: unknown): { readonly rulebook: GateRulebook } | { readonly problems: readonly string[] } {
  const problems: string[] = [];
  const refuse = (when: boolean, path: string, why: string): void => void (when && problems.push(`${path}: ${why}`));
  if (!isObject(data)) return { problems: ['$: an object'] };
  const unknown = Object.keys(data).filter((k) => !['id', 'version', 'effectiveFrom', 'title', 'steps'].includes(k));
  refuse(unknown.length > 0, `$.${unknown[0]}`, 'no such member');
  refuse(data['id'] !== 'listing-gate', '$.id', 'listing-gate');
  refuse(typeof data['version'] !== 'string' || !/^[A-Za-z0-9.-]{1,40}$/.test(data['version']), '$.version', 'letters, digits, dots and hyphens');
  refuse(typeof data['effectiveFrom'] !== 'string' || !isDay(data['effectiveFrom']), '$.effectiveFrom', 'a day, YYYY-MM-DD');
  refuse(typeof data['title'] !== 'string' || !/\S/.test(data['title']) || data['title'].length > 200, '$.title', 'a text of at most 200 characters');
  const steps = Array.isArray(data['steps']) ? data['steps'] : [];
  const named = steps.map((s) => (isObject(s) ? s['step'] : undefined));
  refuse(named.length !== GATE_STEPS.length || GATE_STEPS.some((step, i) => named[i] !== step), '$.steps', `each step once, in this sequence: ${GATE_STEPS.join(', ')}`);
  if (problems.length) return { problems };
  const rules = steps.map((s, i) => readStep(s as Json, GATE_STEPS[i]!, `$.steps.${i}`, refuse));
  if (problems.length) return { problems };
  return { rulebook: { version: data['version'] as string, effectiveFrom: data['effectiveFrom'] as string, title: data['title'] as string, steps: rules } };
}

function readStep(rule: Json, step: GateStep, path: string, refuse: (when: boolean, path: string, why: string) => void): StepRule {
  const { when = null, roles = null, days = null } = rule;
  const unknown = Object.keys(rule).filter((k) => !['step', 'when', 'roles', 'days'].includes(k));
  refuse(unknown.length > 0, `${path}.${unknown[0]}`, 'no such member');
  refuse(when !== null && ALWAYS.has(step), `${path}.when`, `${step} is demanded of every product`);
  refuse(when !== null && (!Array.isArray(when) || when.length > 20), `${path}.when`, 'a list of conditions, empty where it is demanded of none');
  if (Array.isArray(when)) when.forEach((condition, i) => checkCondition(condition, `${path}.when.${i}`, refuse));
  refuse(roles !== null && (!STAFFED.has(step) || !isListOf(roles, (r) => ROLES.has(r))), `${path}.roles`, 'roles of the staff, for a step that the staff does');
  const range = DAYS[step];
  if (range) refuse(!Number.isInteger(days) || (days as number) < range[0] || (days as number) > range[1], `${path}.days`, `a whole number from ${range[0]} to ${range[1]}`);
  else refuse(days !== null, `${path}.days`, `${step} has no period`);
  return { step, when: when as StepRule['when'], roles: roles as StepRule['roles'], days: days as number | null };
}

function checkCondition(condition: unknown, path: string, refuse: (when: boolean, path: string, why: string) => void): void {
  if (!isObject(condition)) return refuse(true, path, 'an object');
  const keys = Object.keys(condition);
  refuse(keys.length === 0 || keys.some((k) => !['levels', 'origins', 'personalData'].includes(k)), path, 'levels, origins, personalData; one of them at least');
  refuse('levels' in condition && !isListOf(condition['levels'], (l) => LEVELS.has(l)), `${path}.levels`, `of ${[...LEVELS].join(', ')}`);
  refuse('origins' in condition && !isListOf(condition['origins'], (o) => /^[A-Z]{2}$/.test(o)), `${path}.origins`, 'ISO 3166-1 alpha-2 codes');
  refuse('personalData' in condition && typeof condition['personalData'] !== 'boolean', `${path}.personalData`, 'true or false');
}

const holds = ({ levels, origins, personalData }: DemandCondition, facts: GateFacts): boolean =>
  (!levels || facts.levels.some((l) => levels.includes(l))) && (!origins || facts.origins.some((o) => origins.includes(o))) && (personalData === undefined || personalData === facts.personalData);

/** The steps that are demanded of a product with these facts. */
export const demandedSteps = ({ steps }: GateRulebook, facts: GateFacts): GateStep[] => steps.filter(({ when }) => when === null || when.some((c) => holds(c, facts))).map((r) => r.step);

export const ruleOf = ({ steps }: GateRulebook, step: GateStep): StepRule => steps.find((r) => r.step === step)!;
