import { ODRL } from './vocabulary.js';

export interface PolicyProblem {
  readonly path: string;
  readonly message: string;
}

/** More than one reader can take in is noise, or an attack. */
const MOST_PROBLEMS = 20;

/** What was found wrong while a document is read; reading goes on, so that its author sees all of it. */
export class Findings {
  readonly list: PolicyProblem[] = [];

  add(path: string, message: string): null {
    if (this.list.length < MOST_PROBLEMS) this.list.push({ path, message });
    return null;
  }
}

export type JsonObject = Readonly<Record<string, unknown>>;
export const isObject = (value: unknown): value is JsonObject => value !== null && typeof value === 'object' && !Array.isArray(value);

/** JSON-LD lets one stand for a list of one, and a list be called a list. */
export function listOf(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value;
  return isObject(value) && Array.isArray(value['@list']) ? value['@list'] : [value];
}

/** The text of a value, literal or reference; null where it is none. */
export function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value);
  if (!isObject(value)) return null;
  return textOf(value['@id'] ?? value['@value'] ?? null);
}

/** The short name of a term, however it is written; null where it is none of ODRL's. */
export function termOf(value: unknown): string | null {
  const text = textOf(value);
  if (text === null) return null;
  const name = text.startsWith(ODRL) ? text.slice(ODRL.length) : text.startsWith('odrl:') ? text.slice('odrl:'.length) : text;
  return /^[A-Za-z]{1,40}$/.test(name) ? name : null;
}

/** Keys that are not understood are refused: what a term would have said nobody could hold anybody to. */
export function onlyKnown(object: JsonObject, known: readonly string[], path: string, findings: Findings): void {
  for (const key of Object.keys(object)) if (!known.includes(key)) findings.add(path ? `${path}.${key}` : key, 'not understood by this exchange');
}
