import { type Classification, LEVELS, type SensitiveCategory, type USCategory } from '../classification.js';
import type { Proposal } from './proposal.js';

/** Fields of a classification in which a vendor can be milder than the data speaks for. */
export const DEVIATION_FIELDS = ['persons', 'sensitivePersons', 'sensitiveCategories', 'includesRRN', 'usCounts', 'level', 'anonymisation', 'anonymisationReport'] as const;
export type DeviationField = (typeof DEVIATION_FIELDS)[number];

export interface Deviation {
  readonly field: DeviationField;
  readonly declared: string;
  readonly proposed: string;
  readonly why: string;
}

/** What is compared. Fields that a classification from before they were asked for does not carry are not. */
export type DeclaredTags = Pick<Classification, 'level' | 'persons' | 'sensitivePersons' | 'anonymisation' | 'sensitiveCategories' | 'usCounts' | 'includesRRN'>;
/** The k that an anonymisation report states; null where it states none. */
export interface StatedAnonymity {
  readonly k: number | null;
}

/** Where a classification is milder than the proposals of the dataset's revisions, each field once, with what each of them says. Stricter is no deviation. */
export function deviations(proposals: readonly Proposal[], declared: DeclaredTags, report: StatedAnonymity | null = null): Deviation[] {
  const found = Map.groupBy(proposals.flatMap((p) => deviationsFrom(p, declared, report)), (d) => d.field);
  return DEVIATION_FIELDS.flatMap((field) => (found.has(field) ? [together(field, found.get(field)!)] : []));
}

/** A consent to one revision's deviation is none to another's in the same field. */
function together(field: DeviationField, all: readonly Deviation[]): Deviation {
  const each = (key: 'declared' | 'proposed' | 'why'): string => [...new Set(all.map((d) => d[key]))].join('; ');
  return { field, declared: each('declared'), proposed: each('proposed'), why: each('why') };
}

function deviationsFrom(proposal: Proposal, declared: DeclaredTags, report: StatedAnonymity | null): Deviation[] {
  const anonymised = declared.anonymisation === 'anonymised';
  const contradictions = anonymised ? againstAnonymity(proposal, report) : [];
  // Of data that is anonymous nobody is counted, whatever its columns were once about; of data that is not, everybody.
  const counted = anonymised && !contradictions.some((c) => c.field === 'anonymisation') ? [] : milderCounts(proposal, declared);
  const found = [...counted, ...milderUs(proposal, declared), ...contradictions];
  const hint = proposal.hints.find((h) => h.asksReason && LEVELS.indexOf(h.level) > LEVELS.indexOf(declared.level));
  if (hint) found.push({ field: 'level', declared: declared.level, proposed: hint.level, why: `${hint.text} (${hint.source}; ${hint.mark})` });
  return found;
}

function milderCounts({ suggested: s, findings }: Proposal, declared: DeclaredTags): Deviation[] {
  const found: Deviation[] = [];
  const by = s.countedBy ? `counted by ${s.countedBy}${s.exact ? '' : ', at least'}` : 'columns about persons, without one that counts them';
  const total = s.persons + s.sensitivePersons;
  if (declared.persons + declared.sensitivePersons < total) found.push({ field: 'persons', declared: String(declared.persons + declared.sensitivePersons), proposed: String(total), why: by });
  if (declared.sensitivePersons < s.sensitivePersons) found.push({ field: 'sensitivePersons', declared: String(declared.sensitivePersons), proposed: String(s.sensitivePersons), why: `${s.sensitiveCategories.join(', ')}; ${by}` });
  if (declared.sensitiveCategories) {
    const missing = s.sensitiveCategories.filter((c) => !declared.sensitiveCategories!.includes(c));
    if (missing.length) found.push({ field: 'sensitiveCategories', declared: declared.sensitiveCategories.join(', ') || 'none', proposed: s.sensitiveCategories.join(', '), why: whereFrom(findings, missing) });
  }
  const rrn = declared.includesRRN === false ? findings.find((f) => f.role === 'identifier' && f.confidence === 'high' && f.detector.startsWith('kr_rrn')) : undefined;
  if (rrn) found.push({ field: 'includesRRN', declared: 'no', proposed: 'yes', why: `${rrn.table}: ${rrn.column}` });
  return found;
}

/** Anonymising does not help in the United States (28 CFR 202.206): compared whatever was declared. */
function milderUs({ suggested: s }: Proposal, declared: DeclaredTags): Deviation[] {
  if (!declared.usCounts) return [];
  const short = Object.entries(s.usCounts).filter(([category, n]) => (declared.usCounts![category as USCategory] ?? 0n) < n);
  if (!short.length) return [];
  return [{ field: 'usCounts', declared: short.map(([c]) => `${c} ${declared.usCounts![c as USCategory] ?? 0n}`).join(', '), proposed: short.map(([c, n]) => `${c} ${n}`).join(', '), why: 'the data names people in the United States' }];
}

function againstAnonymity({ identifyingColumns, anonymity }: Proposal, report: StatedAnonymity | null): Deviation[] {
  const found: Deviation[] = [];
  const single = anonymity.find((a) => a.exact && a.k === 1);
  if (identifyingColumns.length) found.push({ field: 'anonymisation', declared: 'anonymised', proposed: 'none or deidentified', why: `columns that name people or things of theirs: ${identifyingColumns.slice(0, 10).join(', ')}` });
  else if (single) found.push({ field: 'anonymisation', declared: 'anonymised', proposed: 'deidentified', why: `${single.columns.join(', ')} single somebody out (k = 1)` });
  const short = report?.k ? anonymity.find((a) => a.exact && a.k < report.k!) : undefined;
  if (short) found.push({ field: 'anonymisationReport', declared: `k = ${report!.k}`, proposed: `k = ${short.k}`, why: `groups of ${short.columns.join(', ')}` });
  return found;
}

function whereFrom(findings: Proposal['findings'], categories: readonly SensitiveCategory[]): string {
  const columns = findings.filter((f) => f.spi && categories.includes(f.spi) && f.confidence !== 'low').map((f) => `${f.table}: ${f.column}`);
  return `${categories.join(', ')}${columns.length ? ` in ${[...new Set(columns)].slice(0, 10).join(', ')}` : ''}`;
}
