import { SENSITIVE_CATEGORIES, US_CATEGORIES, type USCategory } from '../classification.js';
import { anonymityOf } from './anonymity.js';
import { DETECTOR_VERSION } from './detectors.js';
import { hintsFor } from './hints.js';
import { inspectTable, distinctOf, type TableInspection, typeOf } from './inspect-table.js';
import type { RevisionProfile } from './profile.js';
import { counts, type InspectedTable, MAX_FINDINGS, type Proposal, type ProposedFinding, type SuggestedTags } from './proposal.js';
import { detectorOf, NOBODY, suggestFor } from './suggest.js';

const MAX_TABLES = 100;
/** Columns of all tables together: what is looked at, and what of it is listed in the proposal. */
const MAX_INSPECTED = 20_000;
const MAX_LISTED = 2_000;
const IDENTIFYING = new Set(['identifier', 'pseudonym', 'device']);

/**
 * The tags that the names, types and values of a revision's columns speak for, on a day that ages are counted on. Pure. Yields between
 * columns, so that a caller can let others work; `proposeTags` goes through in one piece.
 */
export function* proposing(profile: RevisionProfile, today: string): Generator<undefined, Proposal, undefined> {
  const tables: TableInspection[] = [];
  const notProfiled = [...profile.notProfiled];
  let columns = 0;
  for (const table of profile.tables) {
    columns += table.header.length;
    if (tables.length < MAX_TABLES && columns <= MAX_INSPECTED) tables.push(yield* inspectTable(table, today));
    else notProfiled.push({ fileName: table.name, mediaType: 'table', reason: `more than ${MAX_TABLES} tables or ${MAX_INSPECTED} columns` });
  }
  const suggested = strictest(tables.map((t) => suggestFor(t, today)));
  const findings = tables.flatMap(findingsOf);
  return {
    detectorVersion: DETECTOR_VERSION, day: today, findings: findings.slice(0, MAX_FINDINGS), suggested, hints: hintsFor(tables, suggested), notProfiled,
    tables: listed(tables),
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

function listed(tables: readonly TableInspection[]): InspectedTable[] {
  let left = MAX_LISTED;
  return tables.map((t) => {
    const columns = t.columns.slice(0, left).map((c, place) => ({ name: c.name, type: typeOf(c), distinct: distinctOf(t, place) }));
    left -= columns.length;
    return { name: t.profile.name, files: t.profile.files, rows: t.profile.rows, sampled: t.profile.sample.length, columns };
  });
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
  const usCounts: Partial<Record<USCategory, bigint>> = {};
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
