import type { SensitiveCategory, USCategory } from '../classification.js';

/** How sure the source of a mapping is, as in the rulebooks. */
export type Mark = 'verified' | 'secondary' | 'general-knowledge';

/**
 * How a column leads to a person. identifier: by itself. pseudonym: by a key that somebody holds. device: by a thing that one person
 * carries. quasi: together with others. attribute: says something about a person whom another column names. none: an organisation or a thing.
 */
export type Role = 'identifier' | 'pseudonym' | 'device' | 'quasi' | 'attribute' | 'none';

export interface Tags {
  readonly role: Role;
  readonly spi: SensitiveCategory | null;
  readonly us: USCategory | null;
  /** W3C Data Privacy Vocabulary 2.3, personal data extension. */
  readonly dpv: string | null;
  /** Where the mapping to `spi` comes from, and how sure that is. */
  readonly source: string;
  readonly mark: Mark;
}

/** One value as the detectors see it. */
export interface Value {
  /** Half-width (NFKC), trimmed, cut. */
  readonly text: string;
  /** The same in upper case without spaces, dashes, dots and brackets. */
  readonly bare: string;
}

export interface Detector extends Tags {
  readonly id: string;
  /** Terms of column names, lower case, in Chinese and English. */
  readonly headers: readonly string[];
  /** Terms that say that the column is about something else after all. */
  readonly unless?: readonly string[];
  /** `today` is `YYYY-MM-DD`. Linear in the length of the value. */
  readonly test?: (value: Value, today: string) => boolean;
  /** The share of values that must pass under a fitting name, and without one; null: a name is needed. */
  readonly headed: number;
  readonly alone: number | null;
  /** Values carry a check digit or a form that nothing else has, so that they are believed without a name. */
  readonly checked?: boolean;
  /** Is looked for inside longer texts too. */
  readonly embedded?: boolean;
  /** Among the identifiers of a table the one with the lowest rank counts the persons. */
  readonly rank?: number;
}

const GB_45574 = 'GB/T 45574-2025';
export const PLAIN = { spi: null, source: GB_45574, mark: 'secondary' } as const satisfies Partial<Tags>;
export const sensitive = (spi: SensitiveCategory, mark: Mark, source = `PIPL Art. 28, ${GB_45574}`): Pick<Tags, 'spi' | 'source' | 'mark'> => ({ spi, mark, source });
