import { type FieldProblem, isCountry, LIMITS } from '#shared';
import type { ListPosition } from './law/lists.js';

/** Levels of GB/T 43697-2024, mildest first, and above them what that standard leaves to the law on state secrets. */
export const LEVELS = ['general', 'important', 'core', 'state_secret'] as const;
export type Level = (typeof LEVELS)[number];
export const ANONYMISATIONS = ['none', 'deidentified', 'anonymised'] as const;
export type Anonymisation = (typeof ANONYMISATIONS)[number];
export const COLLECTION_PLACES = ['CN', 'overseas'] as const;
export type CollectionPlace = (typeof COLLECTION_PLACES)[number];
/** Categories of sensitive personal information (PIPL Art. 28; GB/T 45574-2025). */
export const SENSITIVE_CATEGORIES = ['biometric', 'religious_belief', 'specific_identity', 'medical_health', 'financial_account', 'whereabouts', 'minors_under_14', 'other'] as const;
export type SensitiveCategory = (typeof SENSITIVE_CATEGORIES)[number];
/** Categories of bulk US sensitive personal data (28 CFR 202.205). */
export const US_CATEGORIES = ['human_genomic', 'omic_other', 'biometric', 'precise_geolocation_devices', 'health', 'financial', 'identifiers'] as const;
export type USCategory = (typeof US_CATEGORIES)[number];
/** Industries of GB/T 43697-2024 section 5. */
export const INDUSTRIES = ['industrial', 'telecom', 'finance', 'energy', 'transport', 'natural_resources', 'health', 'education', 'science', 'other'] as const;
export type Industry = (typeof INDUSTRIES)[number];

/** A place that part of the data came from, with its law. */
export interface Upstream {
  /** ISO 3166-1 alpha-2. */
  readonly jurisdiction: string;
  /** Whether the contract with that source bars onward transfer to countries of concern; null: not known. */
  readonly noOnwardClause: boolean | null;
}

/** The tags of one dataset, as its vendor declares them. */
export interface Classification {
  readonly level: Level;
  /** An authority told the vendor, or published, that this is important data (Network Data Security Management Regulations Art. 29, 37). */
  readonly importantDataNotified: boolean;
  /** De-duplicated natural persons of whom only non-sensitive personal information is held. */
  readonly persons: bigint;
  /** De-duplicated natural persons of whom sensitive personal information (PIPL Art. 28) is held. */
  readonly sensitivePersons: bigint;
  readonly anonymisation: Anonymisation;
  /** The document that shows that nobody can be identified again. */
  readonly anonymisationEvidence: string | null;
  readonly collectedIn: CollectionPlace;
  /** Mainland personal or important data was added to data collected overseas. */
  readonly domesticDataAdded: boolean;
  /** A word of the sector lists, `retail`; `other` where none fits. */
  readonly sector: string;
  /** Where the data comes from and by what right (DSL Art. 33). */
  readonly sourceStatement: string;
  /** What follows is missing in classifications that precede it; then it is not known. */
  readonly sensitiveCategories?: readonly SensitiveCategory[];
  readonly industry?: Industry | null;
  /** Where the persons live, ISO 3166-1 alpha-2. */
  readonly subjectJurisdictions?: readonly string[];
  /** Lineage: places other than the vendor's that the data came from. */
  readonly upstream?: readonly Upstream[];
  /** US persons (or devices) by category, anonymised or not; null: not known. */
  readonly usCounts?: Readonly<Partial<Record<USCategory, bigint>>> | null;
  /** Government-related data in the sense of 28 CFR 202.222. */
  readonly governmentRelated?: boolean;
  /** The vendor collected it from the persons himself: he is no data broker of it; null: not known. */
  readonly collectedFirstHand?: boolean | null;
  readonly publiclyAvailable?: boolean;
  /** It only passes through the vendor's country. */
  readonly inTransit?: boolean;
  /** Korean resident registration numbers. */
  readonly includesRRN?: boolean;
  /** What the list of the vendor's zone or city says of it; null: no list is claimed. */
  readonly listPosition?: ListPosition | null;
}

/** More people than live: whoever writes a greater number has counted rows. */
export const MAX_PERSONS = 10_000_000_000n;
export const SECTOR_PATTERN = /^[a-z][a-z0-9_]{0,39}$/;
const MAX_UPSTREAM = 20;

/** Whether the data is out of the law on personal information: anonymised, with evidence (PIPL Art. 4, 73(4)). De-identified is not. */
export const isAnonymised = (c: Pick<Classification, 'anonymisation' | 'anonymisationEvidence'>): boolean => c.anonymisation === 'anonymised' && hasText(c.anonymisationEvidence);
export const isSourceStated = (c: Classification): boolean => hasText(c.sourceStatement);
export const isCount = (n: bigint): boolean => n >= 0n && n <= MAX_PERSONS;

/** What is wrong in a classification by itself, each with the path of its field; an empty list when nothing is. */
export function checkClassification(c: Classification): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const refuse = (when: boolean, path: string, message: string): void => void (when && problems.push({ path, message }));
  for (const path of ['persons', 'sensitivePersons'] as const) refuse(!isCount(c[path]), path, `a number of persons from 0 to ${MAX_PERSONS}`);
  refuse(c.anonymisation === 'anonymised' && !hasText(c.anonymisationEvidence), 'anonymisationEvidence', 'anonymised data needs the evidence that nobody can be identified again');
  refuse(c.anonymisation === 'none' && c.anonymisationEvidence !== null, 'anonymisation', 'evidence is given for data that is not anonymised');
  refuse(c.anonymisation === 'deidentified' && c.persons <= 0n && c.sensitivePersons <= 0n, 'persons', 'de-identified data stays personal information: count the persons (PIPL Art. 73(3))');
  refuse(c.importantDataNotified && c.level === 'general', 'level', 'data that an authority notified or published as important is not general');
  refuse(c.domesticDataAdded && c.collectedIn === 'CN', 'domesticDataAdded', 'only data collected overseas can have mainland data added to it');
  refuse(!isSourceStated(c), 'sourceStatement', 'where the data comes from and by what right (DSL Art. 33)');
  for (const path of ['sourceStatement', 'anonymisationEvidence'] as const) refuse((c[path]?.length ?? 0) > LIMITS.longText, path, `at most ${LIMITS.longText} characters`);
  refuse(!SECTOR_PATTERN.test(c.sector), 'sector', 'a word of the sector lists in lower case, or other');
  lineage(c, refuse);
  return problems;
}

function lineage(c: Classification, refuse: (when: boolean, path: string, message: string) => void): void {
  const upstream = c.upstream ?? [];
  refuse(upstream.length > MAX_UPSTREAM, 'upstream', `at most ${MAX_UPSTREAM} places`);
  refuse(upstream.some((u) => !isCountry(u.jurisdiction)), 'upstream', 'ISO 3166-1 alpha-2 codes');
  refuse(new Set(upstream.map((u) => u.jurisdiction)).size !== upstream.length, 'upstream', 'each place once');
  refuse((c.subjectJurisdictions ?? []).some((code) => !isCountry(code)), 'subjectJurisdictions', 'ISO 3166-1 alpha-2 codes');
  for (const [category, count] of Object.entries(c.usCounts ?? {})) refuse(!isCount(count), `usCounts.${category}`, `a number of persons or devices from 0 to ${MAX_PERSONS}`);
  refuse((c.sensitiveCategories?.length ?? 0) > 0 && c.sensitivePersons <= 0n && c.anonymisation !== 'anonymised', 'sensitivePersons', 'sensitive categories are named: count the persons');
  refuse(c.listPosition?.whitelisted === true && c.listPosition.itemOnList === true, 'listPosition', 'an item is on the general list or on the negative list, not on both');
}

const hasText = (text: string | null): boolean => text !== null && text.trim() !== '';
