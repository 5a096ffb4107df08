import { invalid, isDay, type Refusal, stateConflict } from '#shared';
import { COUNTER_ERRORS } from '../../counter.errors.js';
import { addDays, addMonths, type Day } from '../calendar/days.js';
import type { ApprovalTerm, CaseDetail, CaseStep } from './case-kind.js';
import { type CaseDocument, missingDocuments, newest } from './counter-case.js';

export interface Opinion {
  readonly favourable: boolean;
  readonly scope: string;
}
/** What is said with an event; which of it has to be, the step says. */
export interface MoveDetails {
  readonly reason?: string | null;
  readonly reference?: string | null;
  readonly occurredOn?: Day | null;
  readonly validFrom?: Day | null;
  readonly validUntil?: Day | null;
  readonly opinion?: Opinion | null;
}

const MESSAGES: Readonly<Record<CaseDetail, string>> = {
  reason: 'why', reference: 'the number that the authority or body gave it', occurredOn: 'the day on which it happened', validUntil: 'the last day on which it holds', opinion: 'what the opinion says',
};
/** What should have been filed long ago can still be: the calendars go back as far. */
const OLDEST_DAYS = 1_096;
const AHEAD_DAYS = 366;
/** The gate of the catalogue takes no opinion for longer. */
const OPINION_DAYS = 365;
const LONGEST_MONTHS = 120;

/** What is missing for this step, or wrong in what was said with it. */
export function checkMove(step: CaseStep, details: MoveDetails, today: Day, clockFrom: Day | null): Refusal | undefined {
  for (const path of step.needs ?? []) if (details[path] === undefined || details[path] === null) return invalid(COUNTER_ERRORS.DETAIL, path, `${step.event} needs it: ${MESSAGES[path]}`);
  for (const path of ['occurredOn', 'validFrom', 'validUntil'] as const) if (details[path] && !isDay(details[path])) return invalid(COUNTER_ERRORS.DETAIL, path, 'a day, YYYY-MM-DD');
  const { occurredOn, validUntil } = details;
  if (occurredOn && (occurredOn > today || occurredOn < addDays(today, -OLDEST_DAYS))) return invalid(COUNTER_ERRORS.OCCURRED, 'occurredOn', `not later than today, ${today}, and not more than ${OLDEST_DAYS} days ago`);
  if (occurredOn && clockFrom && occurredOn < clockFrom) return invalid(COUNTER_ERRORS.OCCURRED, 'occurredOn', `not before ${clockFrom}, when the time began that it ends`);
  if (step.effect === 'DELIVER_OPINION' && (validUntil! <= today || validUntil! > addDays(today, OPINION_DAYS))) return invalid(COUNTER_ERRORS.VALIDITY, 'validUntil', `after today and at most ${OPINION_DAYS} days ahead`);
  return undefined;
}

export function checkEvidence({ event, evidence = [], accepted = [] }: CaseStep, documents: readonly CaseDocument[], state: string): Refusal | undefined {
  const { missing, unchecked } = missingDocuments(documents, evidence, accepted);
  if (missing.length) return stateConflict(COUNTER_ERRORS.EVIDENCE, `${event} needs a document of the kind ${missing.join(' and of the kind ')}`, state);
  return unchecked.length ? stateConflict(COUNTER_ERRORS.EVIDENCE, `${event} needs the newest document of the kind ${unchecked.join(' and of the kind ')} to have been accepted by staff`, state) : undefined;
}

/** How long an approval holds; the law gives some for a time only. */
export function checkTerm(term: ApprovalTerm, validFrom: Day, validUntil: Day | null, today: Day): Refusal | undefined {
  const wrong = (path: 'validFrom' | 'validUntil', message: string): Refusal => invalid(COUNTER_ERRORS.VALIDITY, path, message);
  if (validFrom > addDays(today, AHEAD_DAYS) || validFrom < addMonths(today, -LONGEST_MONTHS)) return wrong('validFrom', 'at most ten years ago or a year ahead');
  if (validUntil === null) return term.end === 'REQUIRED' ? wrong('validUntil', `it has an end (${term.citation})`) : undefined;
  if (validUntil < validFrom || validUntil < today) return wrong('validUntil', 'not before its first day, and not over already');
  const longest = addMonths(validFrom, term.maxYears ? term.maxYears * 12 : LONGEST_MONTHS);
  return validUntil > longest ? wrong('validUntil', `at most until ${longest} (${term.citation})`) : undefined;
}

/** Everybody who checked what a grant rests on: none of them grants it. */
export const checkers = (step: CaseStep, documents: readonly CaseDocument[], checkedBy: string | null): (string | null)[] =>
  [checkedBy, ...(step.accepted ?? []).map((kind) => newest(documents, kind)?.checkedBy ?? null)].filter((who) => who !== null);
