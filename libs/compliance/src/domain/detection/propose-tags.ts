import { anonymityOf } from './anonymity.js';
import { SENSITIVE_CATEGORIES, US_CATEGORIES, type UsCategory } from './detector.js';
import { DETECTOR_VERSION } from './detectors.js';
import { hintsFor } from './hints.js';
import { inspectTable, distinctOf, type TableInspection, typeOf } from './inspect-table.js';
import type { RevisionProfile } from './profile.js';
import { counts, MAX_FINDINGS, type Proposal, type ProposedFinding, type SuggestedTags } from './proposal.js';
import { detectorOf, NOBODY, suggestFor } from './suggest.js';

const MAX_TABLES = 100;
const IDENTIFYING = new Set(['identifier', 'pseudonym', 'device']);

/**
 * The tags that the names, types and values of a revision's columns speak for, on a day that ages are counted on. Pure. Yields between
 * columns, so that a caller can let others work; `proposeTags` goes through in one piece.
 */
export function* proposing(profile: RevisionProfile, today: string): Generator<undefined, Proposal, undefined> {
  const tables: TableInspection[] = [];
  for (const table of profile.tables.slice(0, MAX_TABLES)) tables.push(yield* inspectTable(table, today));
  const suggested = strictest(tables.map((t) => suggestFor(t, today)));
  const findings = tables.flatMap(findingsOf);
  return {
    detectorVersion: DETECTOR_VERSION, day: today, findings: findings.slice(0, MAX_FINDINGS), suggested, hints: hintsFor(tables, suggested), notProfiled: profile.notProfiled,
    tables: tables.map((t) => ({
      name: t.profile.name, files: t.profile.files, rows: t.profile.rows, sampled: t.profile.sample.length,
      columns: t.columns.map((c, place) => ({ name: c.name, type: typeOf(c), distinct: distinctOf(t, place) })),
    })),
    anonymity: tables.map(anonymityOf).filter((a) => a !== null),
    identifyingColumns: [...new Set(findings.filter((f) => counts(f) && IDENTIFYING.has(f.role)).map((f) => `${f.table}: ${f.column}`))],
  };
}

export function proposeTags(profile: RevisionProfile, today: string): Proposal {
  const work = proposing(profile, today);
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

const findingsOf = ({ profile, columns }: TableInspection): ProposedFinding[] => columns.flatMap((column) => column.findings.map((f) => {
  const { spi, us, dpv, source, mark } = detectorOf(f.detector);
  return { ...f, table: profile.name, column: column.name, spi, us, dpv, source, mark };
}));

/** Tables may be about the same people: the most of any is the least of all. */
function strictest(all: readonly SuggestedTags[]): SuggestedTags {
  if (all.length === 0) return NOBODY;
  const most = all.reduce((a, b) => (b.persons + b.sensitivePersons > a.persons + a.sensitivePersons ? b : a));
  const sensitivePersons = all.reduce((n, t) => (t.sensitivePersons > n ? t.sensitivePersons : n), 0n);
  const total = most.persons + most.sensitivePersons;
  const shares = all.flatMap((t) => (t.minorsShare === null ? [] : [t.minorsShare]));
  const usCounts: Partial<Record<UsCategory, bigint>> = {};
  for (const category of US_CATEGORIES) {
    const counted = all.flatMap((t) => t.usCounts[category] ?? []);
    if (counted.length) usCounts[category] = counted.reduce((a, b) => (a > b ? a : b));
  }
  return {
    persons: total - sensitivePersons, sensitivePersons, countedBy: most.countedBy, exact: all.length === 1 && most.exact,
    sensitiveCategories: SENSITIVE_CATEGORIES.filter((c) => all.some((t) => t.sensitiveCategories.includes(c))), usCategories: US_CATEGORIES.filter((c) => all.some((t) => t.usCategories.includes(c))), usCounts,
    dpv: [...new Set(all.flatMap((t) => t.dpv))].sort(), minorsShare: shares.length ? Math.max(...shares) : null, tracks: all.some((t) => t.tracks),
  };
}
