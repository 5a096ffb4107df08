import { type FieldProblem, isPlainText, LIMITS } from '#shared';
import { canonicalLanguage } from './language.js';

/** Types of a column, as files of any format tell them apart. */
export const COLUMN_TYPES = ['string', 'integer', 'decimal', 'boolean', 'date', 'time', 'datetime', 'binary', 'list', 'object'] as const;
export type ColumnType = (typeof COLUMN_TYPES)[number];
/** What a value of the column gives away. */
export const SENSITIVITIES = ['none', 'confidential', 'personal', 'sensitive_personal', 'important'] as const;
export type Sensitivity = (typeof SENSITIVITIES)[number];
/** `ucum`: a code of the Unified Code for Units of Measure, read by machines; `text`: words for people. */
export const UNIT_SYSTEMS = ['ucum', 'text'] as const;
export type UnitSystem = (typeof UNIT_SYSTEMS)[number];

export interface DictionaryColumn {
  readonly name: string;
  readonly type: ColumnType;
  readonly unit: { readonly system: UnitSystem; readonly value: string } | null;
  /** By BCP 47 language. */
  readonly descriptions: Readonly<Record<string, string>>;
  readonly sensitivity: Sensitivity;
}

/** The widest tables that people describe by hand; wider ones are better told as several datasets. */
export const MAX_COLUMNS = 1_000;
const MAX_LANGUAGES = 21;
const UNIT_LENGTH = 60;
const NAME_LENGTH = 200;

/** A UCUM code by its form: printable ASCII without blanks, brackets that close. Whether each atom is in the table is not looked up. */
export function isUcumForm(code: string): boolean {
  if (!/^[!-~]{1,60}$/.test(code)) return false;
  const open: string[] = [];
  for (const c of code) {
    // What stands in braces is a note, where nothing opens.
    if ('([{'.includes(c)) open.push(c);
    else if (')]}'.includes(c) && open.pop() !== { ')': '(', ']': '[', '}': '{' }[c]) return false;
  }
  return open.length === 0;
}

/** What is wrong with a data dictionary. Names of columns are told apart as they stand in the file. */
export function checkDictionary(columns: readonly DictionaryColumn[]): FieldProblem[] {
  if (columns.length > MAX_COLUMNS) return [{ path: 'dictionary', message: `at most ${MAX_COLUMNS} columns` }];
  const problems: FieldProblem[] = [];
  const names = new Set<string>();
  columns.forEach((column, i) => {
    const refuse = (when: boolean, path: string, message: string): void => void (when && problems.push({ path: `dictionary.${i}.${path}`, message }));
    refuse(column.name.length > NAME_LENGTH || !isPlainText(column.name), 'name', `the name of a column, plain text of at most ${NAME_LENGTH} characters`);
    refuse(names.has(column.name), 'name', 'each column once');
    names.add(column.name);
    if (column.unit) {
      const { system, value } = column.unit;
      refuse(system === 'ucum' ? !isUcumForm(value) : value.length > UNIT_LENGTH || !isPlainText(value), 'unit', system === 'ucum' ? 'a UCUM code: m/s, [kn_i], {TEU}' : `plain text of at most ${UNIT_LENGTH} characters`);
    }
    const told = Object.entries(column.descriptions);
    refuse(told.length > MAX_LANGUAGES, 'descriptions', `at most ${MAX_LANGUAGES} languages`);
    for (const [language, text] of told) {
      refuse(canonicalLanguage(language) !== language, `descriptions.${language}`, 'a BCP 47 language');
      refuse(text.length > LIMITS.longText || !/\S/.test(text), `descriptions.${language}`, `a text of at most ${LIMITS.longText} characters`);
    }
  });
  return problems;
}
