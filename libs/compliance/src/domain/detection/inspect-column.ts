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

/** A value as often as it occurs: what is the same is looked at once. */
interface Seen {
  readonly value: Value;
  readonly tokens: readonly Value[];
  times: number;
}
interface Column {
  readonly words: string;
  readonly seen: readonly Seen[];
  readonly total: number;
  readonly hashed: boolean;
}

/** What a column holds, by its name and a sample of its cells. Pure; linear in the number of cells. */
export function inspectColumn(header: string, cells: readonly string[], place: number, today: string): ColumnInspection {
  const byCell = new Map<string, Seen | null>();
  const values = cells.slice(0, MAX_VALUES).map((cell) => {
    let seen = byCell.get(cell);
    if (seen === undefined) {
      const value = toValue(cell);
      byCell.set(cell, (seen = value && { value, tokens: tokensOf(value), times: 0 }));
    }
    if (seen) seen.times++;
    return seen?.value ?? null;
  });
  const seen = [...byCell.values()].filter((s) => s !== null);
  const total = timesOf(seen);
  const hashed = total > 0 && timesOf(seen.filter((s) => HASH.test(s.value.bare))) >= DISGUISED_SHARE * total;
  const column: Column = { words: headerWords(header), seen, total, hashed };
  const findings = DETECTORS.map((d) => judge(d, column, today)).filter((f) => f !== null);
  return { name: safeName(header, place, today), values, findings: withoutRepeats(findings) };
}

const timesOf = (seen: readonly Seen[]): number => seen.reduce((sum, s) => sum + s.times, 0);

function judge(detector: Detector, { words, seen, total, hashed }: Column, today: string): ColumnFinding | null {
  const named = detector.headers.some((t) => holds(words, t)) && !(detector.unless ?? []).some((t) => holds(words, t));
  if (total === 0 || (!named && detector.alone === null)) return null;
  const { test } = detector;
  const matching = test ? seen.filter((s) => test(s.value, today) || (detector.embedded && s.tokens.some((t) => test(t, today)))) : seen;
  const matches = timesOf(matching);
  const share = matches / total;
  const finding = (confidence: FindingConfidence, disguised = false): ColumnFinding => ({
    detector: detector.id, role: disguised ? 'pseudonym' : detector.role, confidence, share: Math.round(share * 10_000) / 10_000, named, disguised,
    examples: [...new Set((test ? matching : seen).slice(0, EXAMPLES * 4).map((s) => mask(s.value.text)))].slice(0, EXAMPLES),
  });
  if (named && test && matches > 0 && share >= detector.headed) return finding('high');
  if (detector.alone !== null && matches >= Math.min(MIN_MATCHES, total) && share >= detector.alone) return finding(detector.checked ? 'high' : 'medium');
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
