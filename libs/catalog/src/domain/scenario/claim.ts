import { type FieldProblem, LIMITS } from '#shared';
import { saysSomething } from '../source.js';
import type { ScenarioPack } from './pack.js';

export const ANSWERS = ['YES', 'NO', 'NOT_APPLICABLE'] as const;
export type Answer = (typeof ANSWERS)[number];

export interface ChecklistAnswer {
  readonly code: string;
  readonly answer: Answer;
  /** Evidence, or why it does not apply. */
  readonly note: string | null;
}
/** A product says that it is of a scenario; it keeps the version of the pack that it was checked against. */
export interface ScenarioClaim {
  readonly pack: string;
  readonly version: string;
  readonly metadata: object;
  readonly answers: readonly ChecklistAnswer[];
}

/** What is wrong with the answers of a vendor; `submitting`: those that are due when a product is handed in have to be there, and not be no. */
export function checkAnswers({ checklist }: ScenarioPack, answers: readonly ChecklistAnswer[], submitting: boolean): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const items = new Map(checklist.map((item) => [item.code, item]));
  const given = new Map<string, ChecklistAnswer>();
  answers.forEach((a, i) => {
    const refuse = (when: boolean, path: string, message: string): void => void (when && problems.push({ path: `scenario.answers.${i}.${path}`, message }));
    refuse(items.get(a.code)?.answeredBy !== 'VENDOR', 'code', 'an item of the checklist that the vendor answers');
    refuse(given.has(a.code), 'code', 'each item once');
    refuse(a.note !== null && a.note.length > LIMITS.longText, 'note', `at most ${LIMITS.longText} characters`);
    refuse(a.answer === 'NOT_APPLICABLE' && !(a.note !== null && saysSomething(a.note)), 'note', 'say why it does not apply');
    given.set(a.code, a);
  });
  if (!submitting) return problems;
  for (const { code, requiredAtSubmit } of checklist) {
    const answer = given.get(code)?.answer;
    if (requiredAtSubmit && (answer === undefined || answer === 'NO')) problems.push({ path: `scenario.answers.${code}`, message: answer === undefined ? 'not answered' : 'answered with no' });
  }
  return problems;
}
