/** Legal forms at the end of a name, as they stand after `plain`. Latin ones are words of their own, Chinese ones endings. */
const LATIN_FORMS = new Set([
  'co', 'company', 'corp', 'corporation', 'inc', 'incorporated', 'ltd', 'limited', 'llc', 'llp', 'lp', 'plc', 'pte', 'pty', 'pvt', 'private', 'sdn', 'bhd', 'gmbh', 'ag', 'kg', 'kgaa', 'sa', 'sas', 'sarl', 'srl', 'spa',
  'bv', 'nv', 'oy', 'oyj', 'ab', 'as', 'aps', 'kk', 'gk', 'jsc', 'pjsc', 'ooo', 'oao', 'group', 'holding', 'holdings',
]);
const CHINESE_FORMS = ['股份有限公司', '有限责任公司', '有限責任公司', '有限公司', '集团公司', '集團公司', '总公司', '總公司', '公司', '集团', '集團', '株式会社', '株式會社', '合同会社', '주식회사', '유한회사'];

/** Japanese and Korean short forms, as NFKC leaves them. */
const SHORT_FORMS = /\((?:株|有|주|유)\)/gu;
/** Accents of Latin, Greek and Cyrillic letters; marks of other scripts are part of their letters. */
const ACCENTS = /[\u0300-\u036f]/g;

/** NFKC, in one case, without accents and signs: letters and digits, and single blanks between words. */
function plain(name: string): string {
  const text = name.normalize('NFKC').toLowerCase().replace(SHORT_FORMS, ' ').normalize('NFD').replace(ACCENTS, '').normalize('NFC');
  // Full stops and apostrophes go without a gap, so that `S.A.` is `sa`; every other sign parts words.
  return text.replace(/[.'’`·・]/g, '').replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ').trim();
}

/**
 * A legal name as it is compared: Unicode NFKC, one case, no accents, no signs, no legal form at its end (nor a Japanese or Korean one in front). A name that is nothing
 * but a legal form stays as it is. Simplified and traditional characters stay what they are: a list names both as aliases.
 */
export function normalName(name: string): string {
  const words = plain(name).split(' ');
  while (words.length > 1 && LATIN_FORMS.has(words.at(-1)!)) words.pop();
  let text = words.join('');
  for (let cut = true; cut; ) {
    cut = false;
    for (const form of CHINESE_FORMS) {
      if (text.length > form.length && text.endsWith(form)) [text, cut] = [text.slice(0, -form.length), true];
      else if (text.length > form.length && /[会會회]/.test(form) && text.startsWith(form)) [text, cut] = [text.slice(form.length), true];
    }
  }
  return text;
}

export interface ListedParty {
  readonly organisationId: string | null;
  readonly scheme: string | null;
  readonly number: string | null;
  readonly normalNames: readonly string[];
  readonly effectiveFrom: string;
  readonly effectiveTo: string | null;
}
/** The organisation that is looked for. */
export interface Screened {
  readonly id: string;
  readonly legalName: string;
  readonly jurisdiction: string;
  readonly registryNumbers: readonly { readonly scheme: string; readonly value: string }[];
}

/** SURE: by its id or registry number. POSSIBLE: by its name alone, and a person has to look. */
export type Match = 'SURE' | 'POSSIBLE';

export interface Days {
  readonly first: string;
  readonly last: string;
}

/** `first` and `last`: the days that it is now in the earliest and the latest time zone, so that an entry holds from its first moment anywhere to its last. */
export function match(party: ListedParty, organisation: Screened, days: Days): Match | null {
  if (!holds(party, days)) return null;
  if (party.organisationId === organisation.id) return 'SURE';
  if (party.scheme !== null && organisation.registryNumbers.some((n) => n.scheme === party.scheme && n.value === party.number)) return 'SURE';
  const name = normalName(organisation.legalName);
  return name !== '' && party.normalNames.includes(name) ? 'POSSIBLE' : null;
}

/** The same of an end user, of whom a declaration knows the name and perhaps the id alone. */
export const matchesUser = (party: ListedParty, user: { readonly name: string; readonly organisationId: string | null }, days: Days): boolean =>
  holds(party, days) && ((user.organisationId !== null && user.organisationId === party.organisationId) || (normalName(user.name) !== '' && party.normalNames.includes(normalName(user.name))));

const holds = ({ effectiveFrom, effectiveTo }: ListedParty, { first, last }: Days): boolean => first >= effectiveFrom && (effectiveTo === null || last < effectiveTo);
