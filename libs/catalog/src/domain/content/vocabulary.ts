/** A controlled vocabulary, kept as data: codes of an authority with their names. */
export interface Vocabulary {
  readonly id: string;
  /** What stands before a code to make its IRI. */
  readonly iri: string;
  readonly title: string;
  readonly codes: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

const isTextMap = (value: unknown): boolean => typeof value === 'object' && value !== null && Object.values(value).length > 0 && Object.values(value).every((v) => typeof v === 'string' && v.length > 0);

/** Reads a vocabulary document; throws with the place that is wrong. */
export function parseVocabulary(name: string, data: unknown): Vocabulary {
  const wrong = (path: string, why: string): never => {
    throw new Error(`${name} ${path}: ${why}`);
  };
  if (typeof data !== 'object' || data === null) return wrong('$', 'an object');
  const { id, iri, title, codes } = data as Record<string, unknown>;
  if (typeof id !== 'string' || !/^[a-z-]{3,40}$/.test(id)) return wrong('$.id', 'small letters and hyphens');
  if (typeof iri !== 'string' || !URL.canParse(iri)) return wrong('$.iri', 'an IRI');
  if (typeof title !== 'string' || title === '') return wrong('$.title', 'a text');
  if (typeof codes !== 'object' || codes === null || Object.keys(codes).length === 0) return wrong('$.codes', 'codes with their names');
  for (const [code, names] of Object.entries(codes)) {
    if (!/^[A-Z0-9_]{3,20}$/.test(code)) wrong(`$.codes.${code}`, 'a code of capitals, digits and low lines');
    if (!isTextMap(names)) wrong(`$.codes.${code}`, 'names by language');
  }
  return { id, iri, title, codes: codes as Vocabulary['codes'] };
}
