import { type FieldProblem, LIMITS } from '#shared';

/** Levels of GB/T 43697-2024, mildest first, and above them what that standard leaves to the law on state secrets. */
export const LEVELS = ['general', 'important', 'core', 'state_secret'] as const;
export type Level = (typeof LEVELS)[number];
export const ANONYMISATIONS = ['none', 'deidentified', 'anonymised'] as const;
export type Anonymisation = (typeof ANONYMISATIONS)[number];
export const COLLECTION_PLACES = ['CN', 'overseas'] as const;
export type CollectionPlace = (typeof COLLECTION_PLACES)[number];

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
}

/** More people than live: whoever writes a greater number has counted rows. */
export const MAX_PERSONS = 10_000_000_000n;
export const SECTOR_PATTERN = /^[a-z][a-z0-9_]{0,39}$/;

/** Whether the data is out of the law on personal information: anonymised, with evidence (PIPL Art. 4, 73(4)). De-identified is not. */
export const isAnonymised = (c: Classification): boolean => c.anonymisation === 'anonymised' && hasText(c.anonymisationEvidence);
export const isSourceStated = (c: Classification): boolean => hasText(c.sourceStatement);

/** What is wrong in a classification by itself, each with the path of its field; an empty list when nothing is. */
export function checkClassification(c: Classification): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const refuse = (when: boolean, path: keyof Classification, message: string): void => void (when && problems.push({ path, message }));
  for (const path of ['persons', 'sensitivePersons'] as const) refuse(c[path] < 0n || c[path] > MAX_PERSONS, path, `a number of persons from 0 to ${MAX_PERSONS}`);
  refuse(c.anonymisation === 'anonymised' && !hasText(c.anonymisationEvidence), 'anonymisationEvidence', 'anonymised data needs the evidence that nobody can be identified again');
  refuse(c.anonymisation === 'none' && c.anonymisationEvidence !== null, 'anonymisation', 'evidence is given for data that is not anonymised');
  refuse(c.anonymisation === 'deidentified' && c.persons <= 0n && c.sensitivePersons <= 0n, 'persons', 'de-identified data stays personal information: count the persons (PIPL Art. 73(3))');
  refuse(c.importantDataNotified && c.level === 'general', 'level', 'data that an authority notified or published as important is not general');
  refuse(c.domesticDataAdded && c.collectedIn === 'CN', 'domesticDataAdded', 'only data collected overseas can have mainland data added to it');
  refuse(!isSourceStated(c), 'sourceStatement', 'where the data comes from and by what right (DSL Art. 33)');
  for (const path of ['sourceStatement', 'anonymisationEvidence'] as const) refuse((c[path]?.length ?? 0) > LIMITS.longText, path, `at most ${LIMITS.longText} characters`);
  refuse(!SECTOR_PATTERN.test(c.sector), 'sector', 'a word of the sector lists in lower case, or other');
  return problems;
}

const hasText = (text: string | null): boolean => text !== null && text.trim() !== '';
