import { type FieldProblem, isCountry, isDay, isPlainText, isSubdivision, LIMITS } from '#shared';
import type { ScenarioClaim } from '../scenario/claim.js';
import { canonicalLanguage } from './language.js';
import { checkKeywords, checkTexts, type Texts } from './texts.js';
import type { Vocabulary } from './vocabulary.js';

export const MAX_THEMES = 10;
/** Every country of the world, and some of their parts. */
export const MAX_PLACES = 300;
export const MAX_DATA_LANGUAGES = 50;
export const MAX_STANDARDS = 20;
export const MAX_RELATED = 20;
const MAX_URL = 500;

/** Who answers for the data (dct:publisher). */
export interface Publisher {
  readonly name: string;
  readonly url: string | null;
}
/** Whom to ask (dcat:contactPoint): a mailbox, a page or both. */
export interface ContactPoint {
  readonly name: string;
  readonly email: string | null;
  readonly url: string | null;
}

/** What a product says of itself, in the terms of DCAT-AP 3. */
export interface ProductContent extends Texts {
  /** Codes of the EU table of data themes. */
  readonly themes: readonly string[];
  /** In the default language, or in none. */
  readonly keywords: readonly string[];
  /** Where the data is about: ISO 3166-1 alpha-2 or ISO 3166-2. */
  readonly spatial: readonly string[];
  /** First and last day that the data is about, `YYYY-MM-DD`; null: open. */
  readonly temporalStart: string | null;
  readonly temporalEnd: string | null;
  /** A code of the EU table of frequencies. */
  readonly frequency: string | null;
  /** BCP 47. */
  readonly dataLanguages: readonly string[];
  readonly publisher: Publisher | null;
  readonly contact: ContactPoint | null;
  /** IRIs of the standards that it follows. */
  readonly conformsTo: readonly string[];
  /** Other products, by id. */
  readonly related: readonly string[];
  /** The scenario that it claims, held against its pack. */
  readonly scenario: ScenarioClaim | null;
}

export interface ContentVocabularies {
  readonly theme: Vocabulary;
  readonly frequency: Vocabulary;
}

const isWebAddress = (text: string): boolean => text.length <= MAX_URL && /^https?:\/\/[^\s<>"{}|\\^`]+$/.test(text) && URL.canParse(text);
/** Of an IRI only what every registry of them demands: a scheme and no blank. */
const isIri = (text: string): boolean => text.length <= MAX_URL && /^[a-z][a-z0-9+.-]*:[^\s<>"{}|\\^`]+$/i.test(text);
const isMailbox = (text: string): boolean => text.length <= 254 && /^[^\s@<>()",;:\\[\]]{1,64}@[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?\.[a-z0-9-]{2,}$/i.test(text);
const isPlace = (code: string): boolean => isCountry(code) || isSubdivision(code);

/** What is wrong with the content, field by field. */
export function checkContent(content: ProductContent, { theme, frequency }: ContentVocabularies): FieldProblem[] {
  const problems: FieldProblem[] = [...checkTexts(content, true), ...checkKeywords(content.keywords, 'keywords')];
  const each = (path: string, values: readonly string[], most: number, holds: (value: string) => boolean, message: string): void => {
    if (values.length > most) problems.push({ path, message: `at most ${most}` });
    values.slice(0, most).forEach((value, i) => void (holds(value) || problems.push({ path: `${path}.${i}`, message })));
  };
  each('themes', content.themes, MAX_THEMES, (code) => Object.hasOwn(theme.codes, code), `a code of ${theme.iri}`);
  each('spatial', content.spatial, MAX_PLACES, isPlace, 'an ISO 3166-1 alpha-2 or ISO 3166-2 code');
  each('dataLanguages', content.dataLanguages, MAX_DATA_LANGUAGES, (tag) => canonicalLanguage(tag) === tag, 'a BCP 47 language');
  each('conformsTo', content.conformsTo, MAX_STANDARDS, isIri, 'an IRI');
  if (content.frequency !== null && !Object.hasOwn(frequency.codes, content.frequency)) problems.push({ path: 'frequency', message: `a code of ${frequency.iri}` });
  return [...problems, ...checkPeriod(content), ...checkPeople(content)];
}

function checkPeriod({ temporalStart, temporalEnd }: ProductContent): FieldProblem[] {
  const days = ([['temporalStart', temporalStart], ['temporalEnd', temporalEnd]] as const).filter(([, day]) => day !== null && !isDay(day)).map(([path]) => ({ path, message: 'a day, YYYY-MM-DD' }));
  if (days.length) return days;
  return temporalStart !== null && temporalEnd !== null && temporalEnd < temporalStart ? [{ path: 'temporalEnd', message: 'not before the first day' }] : [];
}

function checkPeople({ publisher, contact }: ProductContent): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const refuse = (when: boolean, path: string, message: string): void => void (when && problems.push({ path, message }));
  const isName = (name: string): boolean => name.length <= LIMITS.shortText && isPlainText(name);
  if (publisher) {
    refuse(!isName(publisher.name), 'publisher.name', 'plain text');
    refuse(publisher.url !== null && !isWebAddress(publisher.url), 'publisher.url', 'an http or https address');
  }
  if (contact) {
    refuse(!isName(contact.name), 'contact.name', 'plain text');
    refuse(contact.email === null && contact.url === null, 'contact.email', 'a mailbox or an address');
    refuse(contact.email !== null && !isMailbox(contact.email), 'contact.email', 'a mailbox');
    refuse(contact.url !== null && !isWebAddress(contact.url), 'contact.url', 'an http or https address');
  }
  return problems;
}
