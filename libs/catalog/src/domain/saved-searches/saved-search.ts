import type { Conjunction, SearchRequest } from '../search/search-query.js';

/** What a saved search asks for: a search without sequence and counts. */
export type Criteria = Pick<SearchRequest, 'text' | 'filters' | 'freshness'>;

export interface SavedSearch {
  readonly id: string;
  readonly organisationId: string;
  readonly name: string;
  readonly criteria: Criteria;
  /** Products that its organisation was told of, and those since it looked last. */
  readonly matches: number;
  readonly newMatches: number;
  readonly lastNotifiedAt: Date | null;
  readonly createdAt: Date;
}

/** All of a saved search but freshness, which is of the day on which it is asked. */
export const lasting = (criteria: Criteria): SearchRequest => ({ ...criteria, freshness: null, sort: 'NEWEST', facets: [] });

/**
 * The lexemes of which whatever matches has one at least: the rarest part of what is asked for, so that a product is held against few
 * searches. `frequencies`: of the common ones; what is not there is rare. Empty where nothing is asked for.
 */
export function needlesOf({ words, groups }: Conjunction, frequencies: ReadonlyMap<string, number>): readonly string[] {
  const share = (lexemes: readonly string[]): number => lexemes.reduce((sum, lexeme) => sum + (frequencies.get(lexeme) ?? 0), 0);
  const parts = [...words.map((w) => [w]), ...groups];
  return parts.reduce<readonly string[]>((least, part) => (least.length === 0 || share(part) < share(least) ? part : least), []);
}

/** Products that one notice names; its details have as many as it tells of. */
const NAMED = 5;
export const noticeText = (name: string, titles: readonly string[]): string =>
  `${name}: ${titles.slice(0, NAMED).join('; ')}${titles.length > NAMED ? ` and ${titles.length - NAMED} more` : ''}`;
