import type { Verdict } from '../decision.js';
import type { Law } from '../law/law.js';
import { type CaseResult, decideCase } from './decide-case.js';

/** A decision file is none. */
export class DecisionFileError extends Error {}

interface Expected {
  readonly outcome?: string;
  readonly mechanisms?: readonly string[];
  readonly filings?: readonly Readonly<Record<string, unknown>>[];
  /** FACTS_INVALID or FACTS_MISSING, with the facts that are named. */
  readonly error?: string;
  readonly paths?: readonly string[];
  readonly missing?: readonly string[];
}
interface Case {
  readonly id: string;
  readonly input: unknown;
  readonly expected?: Expected;
}
const MOST_CASES = 100_000;

/** The cases of a file: `{ cases: [...] }` or a list, each with id and input. */
export function readCases(data: unknown): Case[] {
  const cases = Array.isArray(data) ? data : (data as { cases?: unknown } | null)?.cases;
  if (!Array.isArray(cases) || cases.length > MOST_CASES) throw new DecisionFileError(`a decision file has a list of at most ${MOST_CASES} cases`);
  return cases.map((c: unknown, i) => {
    const entry = c as Partial<Case> | null;
    if (typeof entry !== 'object' || entry === null || typeof entry.id !== 'string' || entry.id === '') throw new DecisionFileError(`cases[${i}]: an object with an id`);
    return entry as Case;
  });
}

/** One line of the answer: what was decided, or why it could not be. */
export function line(id: string, result: CaseResult): object {
  if (result.kind === 'invalid') return { id, error: { code: 'FACTS_INVALID', problems: result.problems } };
  if (result.kind === 'missing') return { id, error: { code: 'FACTS_MISSING', missing: result.facts } };
  const { outcome, permitted, mechanisms, needs, obligations, considered } = result.verdict;
  return { id, outcome, permitted, mechanisms, filings: filingsOf(result.verdict), needs, rules: rulesOf(result.verdict), obligations, considered };
}

const FILING_WORDS = ['type', 'filer', 'to', 'deadline', 'reply', 'validity', 'renewal'] as const;
const filingsOf = (v: Verdict): Record<string, string>[] => v.filings.map((f) => Object.fromEntries(FILING_WORDS.flatMap((w) => (f[w] === null ? [] : [[w, f[w]]]))));

function rulesOf(v: Verdict): object[] {
  const ids = [...new Set(v.reasons.map((r) => r.rule))];
  return ids.map((id) => {
    const reasons = v.reasons.filter((r) => r.rule === id);
    const { rulebook, version, guideline } = reasons[0]!;
    return { rule: id, rulebook, version, guideline, citations: reasons.map((r) => ({ citation: r.citation, confidence: r.confidence })) };
  });
}

/** In what an answer differs from what its case expects; empty where it agrees, or expects nothing. */
export function differences({ expected }: Case, result: CaseResult): string[] {
  if (!expected) return [];
  if (expected.error) return sameError(expected, result) ? [] : [`expected ${expected.error} ${(expected.paths ?? expected.missing ?? []).join()}`];
  if (result.kind !== 'decided') return [`expected ${String(expected.outcome)}, not decided`];
  const { verdict } = result;
  const found: string[] = [];
  if (expected.outcome !== verdict.outcome) found.push(`expected ${String(expected.outcome)}, decided ${verdict.outcome}`);
  if (expected.mechanisms && JSON.stringify([...expected.mechanisms].sort()) !== JSON.stringify([...verdict.mechanisms].sort())) found.push(`expected mechanisms ${expected.mechanisms.join()}, decided ${verdict.mechanisms.join()}`);
  const filings = filingsOf(verdict);
  if (expected.filings && (expected.filings.length !== filings.length || !expected.filings.every((e) => filings.some((f) => Object.entries(e).every(([k, value]) => f[k] === value))))) found.push('other filings');
  return found;
}

function sameError({ error, paths, missing }: Expected, result: CaseResult): boolean {
  if (result.kind === 'invalid') return error === 'FACTS_INVALID' && sameWords(paths, result.problems.map((p) => p.path));
  return result.kind === 'missing' && error === 'FACTS_MISSING' && sameWords(missing, result.facts);
}
const sameWords = (expected: readonly string[] | undefined, found: readonly string[]): boolean => !expected || JSON.stringify([...expected].sort()) === JSON.stringify([...found].sort());

export interface DecidedFile {
  readonly lines: readonly object[];
  readonly disagreements: readonly { readonly id: string; readonly differences: readonly string[] }[];
}
export function decideFile(law: Law, data: unknown): DecidedFile {
  const results = readCases(data).map((c) => ({ id: c.id, case: c, result: decideCase(law, c.input) }));
  return {
    lines: results.map(({ id, result }) => line(id, result)),
    disagreements: results.map((r) => ({ id: r.id, differences: differences(r.case, r.result) })).filter((d) => d.differences.length),
  };
}
