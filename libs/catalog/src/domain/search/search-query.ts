import { searchWords } from './search-text.js';

export const FACETS = ['THEME', 'ORIGIN', 'PRICE_MODEL', 'DELIVERY_METHOD', 'LEVEL', 'LANGUAGE', 'FORMAT', 'FRESHNESS', 'VENDOR'] as const;
export type Facet = (typeof FACETS)[number];
export const SORTS = ['RELEVANCE', 'NEWEST', 'TRADES'] as const;
export type Sort = (typeof SORTS)[number];
export const FRESHNESS = ['MONTH', 'QUARTER', 'YEAR', 'OLDER'] as const;
export type Freshness = (typeof FRESHNESS)[number];
/** Within how many days the newest revision was closed. */
export const FRESH_DAYS: Readonly<Record<Exclude<Freshness, 'OLDER'>, number>> = { MONTH: 31, QUARTER: 92, YEAR: 366 };

/** The prefix under which a facet's values stand in a product's document, beside the words; that of freshness is the month, and narrows down only. */
const PREFIX: Readonly<Record<Exclude<Facet, 'FRESHNESS'>, string>> = { THEME: 't', ORIGIN: 'o', PRICE_MODEL: 'p', DELIVERY_METHOD: 'd', LEVEL: 'l', LANGUAGE: 'g', FORMAT: 'f', VENDOR: 'v' };

export interface SearchRequest {
  readonly text: string | null;
  /** Of each facet: one of these. */
  readonly filters: readonly { readonly facet: Exclude<Facet, 'FRESHNESS'>; readonly values: readonly string[] }[];
  readonly freshness: Freshness | null;
  readonly sort: Sort;
  /** Those that are counted. */
  readonly facets: readonly Facet[];
}

/** All of the groups; of each group one of the lexemes. */
export interface Conjunction {
  readonly words: readonly string[];
  readonly groups: readonly (readonly string[])[];
}

/** More words than anybody types; each costs a look into the index. */
const MOST_WORDS = 12;

export function conjunctionOf({ text, filters, freshness }: SearchRequest, today: Date): Conjunction {
  const words = text === null ? [] : [...new Set(searchWords(text).split(' ').filter(Boolean))].slice(0, MOST_WORDS);
  const months = freshness && freshness !== 'OLDER' ? [monthsSince(FRESH_DAYS[freshness], today)] : [];
  return { words, groups: [...filters.filter((f) => f.values.length > 0).map(({ facet, values }) => [...new Set(values)].map((v) => `${PREFIX[facet]}:${v}`)), ...months] };
}

/** As PostgreSQL reads a tsquery. Null: nothing is asked for. */
export function tsquery({ words, groups }: Conjunction): string | null {
  const all = [...words.map(quoted), ...groups.map((g) => `(${g.map(quoted).join(' | ')})`)];
  return all.length ? all.join(' & ') : null;
}
const quoted = (lexeme: string): string => `'${lexeme.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;

function monthsSince(days: number, today: Date): string[] {
  const first = new Date(today.getTime() - days * 86_400_000);
  const months: string[] = [];
  // The month after too: days are those of the database's clock.
  for (let at = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth(), 1)); at.getTime() <= today.getTime() + 86_400_000; at.setUTCMonth(at.getUTCMonth() + 1)) months.push(`m:${at.toISOString().slice(0, 7)}`);
  return months;
}

/** The first day that is still so fresh, and the last that is not older; null: any. */
export function daysOf(freshness: Freshness | null, today: Date): { readonly since: string | null; readonly before: string | null } {
  const day = (days: number): string => new Date(today.getTime() - days * 86_400_000).toISOString().slice(0, 10);
  if (freshness === null) return { since: null, before: null };
  return freshness === 'OLDER' ? { since: null, before: day(FRESH_DAYS.YEAR) } : { since: day(FRESH_DAYS[freshness]), before: null };
}

/** What share of all products fulfils it, supposing that words and facets are independent. `frequencies`: of the common ones; what is not there is rarer. */
export const selectivity = (conjunction: Conjunction, frequencies: ReadonlyMap<string, number>, rare: number): number =>
  partsOf(conjunction, frequencies, rare).reduce((product, { share }) => product * share, 1);

/** How a conjunction is looked for: tsqueries that the index is asked for one by one, and what is looked at in the rows that it gives. */
export interface Look {
  readonly keys: readonly [string | null, string | null, string | null];
  readonly rest: string | null;
}
/**
 * The index reads entries of all products that have what it is asked for, however few of them are wanted: what is common is quicker looked at in the rows. So many
 * of the rows that the index gives are at least what was looked for.
 */
const COMMON = 0.5;

/** The rarest first, each by itself: asked for them together, the index weighs all of them for each entry of one. */
export function lookOf(conjunction: Conjunction, frequencies: ReadonlyMap<string, number>, rare: number): Look {
  const parts = partsOf(conjunction, frequencies, rare).sort((a, b) => a.share - b.share);
  let cut = parts.length;
  // The rarest stays a key.
  for (let share = 1; cut > 1 && share * parts[cut - 1]!.share >= COMMON; cut--) share *= parts[cut - 1]!.share;
  const [narrow, wide] = [parts.slice(0, cut), parts.slice(cut)].map((some) => some.map((p) => p.lexemes)) as [string[][], string[][]];
  const all = (groups: readonly (readonly string[])[]): string | null => tsquery({ words: [], groups });
  return { keys: [all(narrow.slice(0, 1)), all(narrow.slice(1, 2)), all(narrow.slice(2))], rest: all(wide) };
}

const partsOf = ({ words, groups }: Conjunction, frequencies: ReadonlyMap<string, number>, rare: number): { readonly lexemes: readonly string[]; readonly share: number }[] =>
  [...words.map((w) => [w]), ...groups].map((lexemes) => ({ lexemes, share: Math.min(1, lexemes.reduce((sum, lexeme) => sum + (frequencies.get(lexeme) ?? rare), 0)) }));
