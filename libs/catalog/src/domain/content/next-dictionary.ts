import type { FieldProblem } from '#shared';
import type { TableProfile } from '../profile/profile.js';
import { checkDictionary, type DictionaryColumn, SENSITIVITIES } from './dictionary.js';

/** What is wrong with the dictionary that takes the place of another one without a review: what a column gives away may be said to be more, never less. */
export function checkNextDictionary(before: readonly DictionaryColumn[], next: readonly DictionaryColumn[]): FieldProblem[] {
  const said = new Map(before.map((c) => [c.name, c.sensitivity]));
  return [...checkDictionary(next), ...next.flatMap(({ name, sensitivity }, i) => {
    const was = said.get(name) ?? 'none';
    return SENSITIVITIES.indexOf(sensitivity) < SENSITIVITIES.indexOf(was) ? [{ path: `dictionary.${i}.sensitivity`, message: `${name} was ${was}: it can be said to give away more, not less` }] : [];
  })];
}

/** The next one, in which no column gives away less than the one before says now: another revision may have been released since it was checked. */
export function sharpest(before: readonly DictionaryColumn[], next: readonly DictionaryColumn[]): DictionaryColumn[] {
  const said = new Map(before.map((c) => [c.name, SENSITIVITIES.indexOf(c.sensitivity)]));
  return next.map((c) => ({ ...c, sensitivity: SENSITIVITIES[Math.max(SENSITIVITIES.indexOf(c.sensitivity), said.get(c.name) ?? 0)]! }));
}

/** Columns that were said to be sensitive, that the next dictionary is silent about, and that the files still have. Pure. */
export function silenced(before: readonly DictionaryColumn[], next: readonly DictionaryColumn[], tables: readonly TableProfile[]): string[] {
  const there = new Set(tables.flatMap((t) => t.columns.map((c) => c.name)));
  const told = new Set(next.map((c) => c.name));
  return before.filter((c) => c.sensitivity !== 'none' && !told.has(c.name) && there.has(c.name)).map((c) => `the dictionary leaves out ${c.name}, which was ${c.sensitivity} and which the files still have`);
}
