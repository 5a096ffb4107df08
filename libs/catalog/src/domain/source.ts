import type { FieldProblem } from '#shared';

export const SOURCE_ORIGINS = ['own_collection', 'licensed', 'public_source', 'derived'] as const;
export type SourceOrigin = (typeof SOURCE_ORIGINS)[number];
/** Grounds of PIPL Art. 13, and that none is needed. */
export const LEGAL_BASES = ['consent', 'contract', 'statutory_duty', 'emergency', 'public_interest', 'publicly_disclosed', 'other_law', 'no_personal_information'] as const;
export type LegalBasis = (typeof LEGAL_BASES)[number];

/** Where data comes from and by what right, as far as a machine can check it; the statement beside it says the rest (DSL Art. 33). */
export interface DataSource {
  readonly origin: SourceOrigin;
  /** Licensor, public body or the data that it was derived from; null for what the vendor collected. */
  readonly from: string | null;
  readonly legalBasis: LegalBasis;
}

const PLACEHOLDER = /^(?:n\/?a|none|null|nil|tbd|tba|todo|test(?:ing)?|xxx*|asdf\w*|qwerty\w*|foo|bar|lorem ipsum.*|unknown|same|see above|any|abc+|123\d*|无|没有|暂无|不详|未知|测试|待定|同上|略)$/i;
const MIN_LETTERS = 8;

/** Whether a text says something: not a placeholder, not one character again and again. A Chinese character counts for two letters. */
export function saysSomething(text: string): boolean {
  const plain = text.normalize('NFKC').trim().replace(/[\s.。!！?？…_-]+$/u, '');
  if (PLACEHOLDER.test(plain)) return false;
  const characters = plain.match(/[\p{L}\p{N}]/gu) ?? [];
  const letters = characters.reduce((n, c) => n + (/\p{Script=Han}/u.test(c) ? 2 : 1), 0);
  return letters >= MIN_LETTERS && new Set(characters).size >= 4;
}

export function checkSource(source: DataSource | null, statement: string, persons: bigint): FieldProblem[] {
  const problems: FieldProblem[] = [];
  if (!saysSomething(statement)) problems.push({ path: 'classification.sourceStatement', message: 'say where the data comes from and by what right (DSL Art. 33); a placeholder does not' });
  if (!source) return problems;
  if ((source.origin === 'own_collection') !== (source.from === null)) problems.push({ path: 'source.from', message: 'whom or what it comes from; left out exactly for what the vendor collected himself' });
  if (source.from !== null && /^[\p{P}\p{S}\s]*$/u.test(source.from)) problems.push({ path: 'source.from', message: 'a name' });
  if (source.legalBasis === 'no_personal_information' && persons > 0n) problems.push({ path: 'source.legalBasis', message: 'persons are counted: name the ground for their data (PIPL Art. 13)' });
  return problems;
}
