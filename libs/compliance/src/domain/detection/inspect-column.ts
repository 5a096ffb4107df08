import type { Detector, Role, Value } from './detector.js';
import { DETECTORS } from './detectors.js';
import { headerWords, holds, mask, MAX_VALUES, tokensOf, toValue } from './value.js';

/** high: values prove it. medium: name and values agree, or the name says it. low: the name says it and the values do not. */
export type FindingConfidence = 'high' | 'medium' | 'low';

export interface ColumnFinding {
  readonly detector: string;
  readonly role: Role;
  readonly confidence: FindingConfidence;
  /** Values that pass among those that are there, 0 to 1, to four decimals. */
  readonly share: number;
  /** The column's name says so. */
  readonly named: boolean;
  /** The name says an identifier and the values are hashes: a pseudonym, which stays personal information. */
  readonly disguised: boolean;
  /** First and last character. */
  readonly examples: readonly string[];
}
export interface ColumnInspection {
  /** The name, or its place where the name itself is somebody's data. */
  readonly name: string;
  readonly values: readonly (Value | null)[];
  readonly findings: readonly ColumnFinding[];
}

const MIN_MATCHES = 3;
const EXAMPLES = 3;
const DISGUISED_SHARE = 0.8;
const HASH = /^(?:[0-9A-F]{32}|[0-9A-F]{40}|[0-9A-F]{64}|[0-9A-F]{128})$/;

/** What a column holds, by its name and a sample of its cells. Pure; linear in the number of cells. */
export function inspectColumn(header: string, cells: readonly string[], place: number, today: string): ColumnInspection {
  const values = cells.slice(0, MAX_VALUES).map(toValue);
  const present = values.filter((v) => v !== null);
  const words = headerWords(header);
  const tokens = present.map(tokensOf);
  const hashed = present.length > 0 && present.filter((v) => HASH.test(v.bare)).length >= DISGUISED_SHARE * present.length;
  const findings = DETECTORS.map((d) => judge(d, words, present, tokens, hashed, today)).filter((f) => f !== null);
  return { name: safeName(header, place, today), values, findings: withoutRepeats(findings) };
}

function judge(detector: Detector, words: string, present: readonly Value[], tokens: readonly (readonly Value[])[], hashed: boolean, today: string): ColumnFinding | null {
  const named = detector.headers.some((t) => holds(words, t)) && !(detector.unless ?? []).some((t) => holds(words, t));
  if (!present.length || (!named && detector.alone === null)) return null;
  const { test } = detector;
  const matching = test ? present.filter((v, i) => test(v, today) || (detector.embedded && tokens[i]!.some((t) => test(t, today)))) : present;
  const share = matching.length / present.length;
  const finding = (confidence: FindingConfidence, disguised = false): ColumnFinding => ({
    detector: detector.id, role: disguised ? 'pseudonym' : detector.role, confidence, share: Math.round(share * 10_000) / 10_000, named, disguised,
    examples: [...new Set((test ? matching : present).slice(0, EXAMPLES * 4).map((v) => mask(v.text)))].slice(0, EXAMPLES),
  });
  if (named && test && matching.length > 0 && share >= detector.headed) return finding('high');
  if (detector.alone !== null && matching.length >= Math.min(MIN_MATCHES, present.length) && share >= detector.alone) return finding(detector.checked ? 'high' : 'medium');
  if (!named) return null;
  if (!test) return finding('medium');
  return hashed && detector.rank !== undefined ? finding('medium', true) : finding('low');
}

/** Several forms of the same thing are tried under one name: those that failed say nothing once one has passed. */
const withoutRepeats = (findings: readonly ColumnFinding[]): ColumnFinding[] => {
  const proven = findings.some((f) => f.confidence !== 'low');
  return proven ? findings.filter((f) => f.confidence !== 'low') : findings.slice(0, 3);
};

/** A file without a header has somebody's data where the name should be. */
function safeName(header: string, place: number, today: string): string {
  const value = toValue(header);
  const own = value && DETECTORS.some((d) => d.test && d.alone !== null && (d.test(value, today) || (d.embedded && tokensOf(value).some((t) => d.test!(t, today)))));
  return !value || own || /\d{6}/.test(value.bare) ? `column ${place}` : value.text.slice(0, 100);
}
