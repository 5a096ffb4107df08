import type { TerminationTerms } from '../agreements/termination.js';
import { judge, type Judgement } from './evaluate.js';
import type { PolicyProblem } from './json-ld.js';
import type { Constraint, Duty, Policy } from './policy.js';
import { isLogical } from './policy.js';
import type { Target } from './parts/target.js';
import { readPolicy } from './read-policy.js';
import { renderCondition, renderRule } from './render.js';
import { fromTemplate, type TemplateName, type TemplateParameters } from './templates.js';
import { addDuration } from '../pricing/duration.js';
import type { Language } from './words.js';
import { writePolicy } from './write-policy.js';

/** What a buyer may do with the data, and how either side leaves early. Frozen with the agreement. */
export interface LicenceTerms {
  /** Null: a policy of the vendor's own. */
  readonly template: TemplateName | null;
  readonly policy: Policy;
  readonly termination: TerminationTerms;
}

/** What a vendor hands in: a template with its parameters, or a policy. */
export interface TermsDraft extends Omit<LicenceTerms, 'policy'> {
  readonly parameters: Omit<TemplateParameters, 'purposes' | 'territories'>;
  /** ODRL as JSON text; then the template is null. */
  readonly policy: string | null;
  /** What of the product is licensed, beside a template; left out: all of it. A policy of one's own says it as its target. */
  readonly targets?: readonly Target[];
}

export const MOST_POLICY = 60_000;
const LONGEST_NOTICE = 366;
/** Where the terms demand deletion and say no time. */
const USUAL_DELAY = 'P30D';

/** The terms of an offer for these purposes and countries, or what is wrong with them. A policy of one's own has to permit the use for each of them. */
export function termsOf(draft: TermsDraft, purposes: readonly string[], territories: readonly string[], now: Date): LicenceTerms | { readonly problems: readonly PolicyProblem[] } {
  const { template, termination } = draft;
  const wrong = noticeProblem(termination);
  if (wrong) return { problems: [wrong] };
  if (!template && draft.targets) return { problems: [{ path: 'parts', message: 'stands in the policy itself, as its target' }] };
  const policy = template ? templated(template, { ...draft.parameters, purposes, territories }, draft.targets) : ownPolicy(draft.policy);
  if ('problems' in policy) return policy;
  const stray = template ? undefined : uncovered(policy, purposes, territories, now);
  return stray ? { problems: [stray] } : { template, policy, termination };
}

function noticeProblem({ vendorNoticeDays, buyerNoticeDays }: TerminationTerms): PolicyProblem | undefined {
  for (const [path, days] of Object.entries({ vendorNoticeDays, buyerNoticeDays })) if (days !== null && (!Number.isInteger(days) || days < 1 || days > LONGEST_NOTICE)) return { path, message: `1 to ${LONGEST_NOTICE} days` };
  return undefined;
}

/** Written and read again, so that what comes from a template is checked like what comes from a stranger. */
function templated(name: TemplateName, parameters: TemplateParameters, targets?: readonly Target[]): Policy | { readonly problems: readonly PolicyProblem[] } {
  return readPolicy(writePolicy({ ...fromTemplate(name, parameters), ...(targets ? { targets } : {}) }));
}
function ownPolicy(text: string | null): Policy | { readonly problems: readonly PolicyProblem[] } {
  if (text === null) return { problems: [{ path: 'policy', message: 'a template, or a policy' }] };
  if (text.length > MOST_POLICY) return { problems: [{ path: 'policy', message: `at most ${MOST_POLICY} characters` }] };
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return { problems: [{ path: 'policy', message: 'JSON' }] };
  }
  const read = readPolicy(document);
  return 'problems' in read ? { problems: read.problems.map((p) => ({ ...p, path: p.path ? `policy.${p.path}` : 'policy' })) } : read;
}

function uncovered(policy: Policy, purposes: readonly string[], territories: readonly string[], at: Date): PolicyProblem | undefined {
  for (const purpose of purposes) {
    for (const place of territories) {
      const judged = judge(policy, { action: 'use', purpose, places: [place], recipients: [['ASSIGNEE']], at, began: null, before: 0n, named: null, mediaType: null });
      if (!judged.permitted) return { path: 'policy', message: `the offer is for ${purpose} in ${place}, and the policy does not permit it: ${whyNot(judged, 'en')}` };
    }
  }
  return undefined;
}

/** Which clause decided against it, in its own words. */
export function whyNot({ kind, clause, failed }: Extract<Judgement, { permitted: false }>, language: Language): string {
  if (!clause) return language === 'zh' ? '没有任何条款允许此行为' : 'no clause permits it';
  const text = renderRule(clause, kind === 'PROHIBITION' ? 'prohibition' : 'permission', language);
  if (!failed) return language === 'zh' ? `条款“${clause.uid}”：${text}` : `clause ${clause.uid}: ${text}`;
  const condition = renderCondition(failed, language);
  return language === 'zh' ? `条款“${clause.uid}”：${text}（未满足：${condition}）` : `clause ${clause.uid}: ${text} (not fulfilled: ${condition})`;
}

/** What of a request the failed condition is about. */
export const failedOperand = (judged: Extract<Judgement, { permitted: false }>): Constraint['operand'] | null => (judged.failed && !isLogical(judged.failed) ? judged.failed.operand : null);

/** When no use is permitted any more, for a licence that begins then; null: the terms set no end. */
export function endOfUse({ permissions }: Policy, began: Date): Date | null {
  const ends = permissions.filter((r) => r.action === 'use').map((r) => {
    const limits = r.conditions.flatMap((c) => (isLogical(c) ? [] : c.operand === 'dateTime' && (c.operator === 'lt' || c.operator === 'lteq') ? [new Date(c.values[0]!)] : c.operand === 'elapsedTime' ? [addDuration(began, c.values[0]!)] : []));
    return limits.length ? Math.min(...limits.map((d) => d.getTime())) : Infinity;
  });
  const last = Math.max(...ends);
  return ends.length && Number.isFinite(last) ? new Date(last) : null;
}

/** The clause that demands deletion after the end, and within how long; null: the terms do not ask for it. Of several the strictest, seen from `ended`. */
export function deletionDuty({ obligations }: Policy, ended: Date): { readonly clause: string; readonly dueAt: Date } | null {
  const within = (d: Duty): string => d.conditions.find((c): c is Constraint => !isLogical(c) && c.operand === 'delayPeriod')?.values[0] ?? USUAL_DELAY;
  const [first] = obligations.filter((d) => d.action === 'delete').map((d) => ({ clause: d.uid, dueAt: addDuration(ended, within(d)) })).sort((a, b) => a.dueAt.getTime() - b.dueAt.getTime());
  return first ?? null;
}
