import { Injectable } from '@nestjs/common';
import { BadCursorError, Clock, encodeCursor, type PageRequest } from '#shared';
import { type Conjunction, conjunctionOf, daysOf, lookOf, type Look, type SearchRequest, selectivity, tsquery } from '../../domain/search/search-query.js';
import { stretchesOf } from '../../domain/search/listing-order.js';
import { type FacetCount, type FoundProduct, type SearchAnswer, SearchRepository, type SearchWindow } from '../../storage/search/search.repository.js';

/** So many matches are looked for where there are many, the newest: more would cost more than anybody waits for. */
const MOST_CANDIDATES = 600;
/** Room for a guess that was too low. */
const WINDOW = 2 * MOST_CANDIDATES;
/** How common words are changes slowly. */
const FRESH_MS = 60_000;
const END = 2n ** 62n;
/** What this share of all products fulfils is quicker found by walking the order of listings. */
const EVERYWHERE = 0.2;
/** More than are listed before the statistics are read again. */
const LISTED_MEANWHILE = 65_536n;

export interface SearchResult {
  readonly products: readonly FoundProduct[];
  readonly hasNextPage: boolean;
  cursorOf(product: FoundProduct): string;
  /** Counted where `exact`; else estimated from how common the words are. */
  readonly total: number;
  /** Whether total and facet counts are of all matches, and not of the newest. */
  readonly exact: boolean;
  readonly counts: readonly FacetCount[];
  /** The words that were looked for instead of mistyped ones; null: those that were asked for. */
  readonly corrected: string | null;
}

interface Statistics {
  readonly frequencies: ReadonlyMap<string, number>;
  readonly rare: number;
  readonly rows: number;
  readonly newest: bigint;
  readonly until: number;
}

/** Finds listed products that everybody may see. */
@Injectable()
export class SearchProducts {
  private statistics: Statistics | undefined;

  constructor(private readonly repository: SearchRepository, private readonly clock: Clock) {}

  async execute(request: SearchRequest, page: PageRequest): Promise<SearchResult> {
    const cursor = cursorOf(page);
    const conjunction = conjunctionOf(request, this.clock.now());
    const found = await this.find(request, conjunction, page, cursor);
    if (found.answer.matched > 0 || cursor || conjunction.words.length === 0) return this.shown(found, page, null);
    const corrected = await this.corrected(conjunction);
    return corrected ? this.shown(await this.find(request, corrected, page, null), page, corrected.words.join(' ')) : this.shown(found, page, null);
  }

  /** Looks among the newest of them where they are many, and among all where those are too few for the page. A later page goes on where the one before looked. */
  private async find(request: SearchRequest, conjunction: Conjunction, page: PageRequest, cursor: Cursor | null): Promise<Found> {
    const { frequencies, rare, rows, newest } = await this.known();
    const share = selectivity(conjunction, frequencies, rare);
    const reach = BigInt(Math.ceil(MOST_CANDIDATES / share));
    const walks = request.sort === 'NEWEST';
    const upTo = walks && cursor ? cursor.seq - 1n : END;
    const top = walks && cursor ? upTo : newest;
    let above = !walks && cursor ? cursor.above : top > reach ? top - reach : 0n;
    const parts = lookOf(conjunction, frequencies, rare);
    const look = (): Promise<SearchAnswer> => {
      const stretches = above > 0n && share < EVERYWHERE ? stretchesOf(above, upTo === END ? newest + LISTED_MEANWHILE : upTo) : null;
      return this.repository.search(this.window(request, conjunction, parts, { page, cursor, above, upTo, stretches }), this.today());
    };
    let answer = await look();
    if (above > 0n && answer.products.length <= page.first && (walks || !cursor)) {
      above = 0n;
      answer = await look();
    }
    const exact = above === 0n && upTo === END && answer.matched < WINDOW;
    return { answer, above, exact, total: exact ? answer.matched : Math.max(answer.matched, Math.round(share * rows)) };
  }

  private window(request: SearchRequest, { words }: Conjunction, look: Look, { page, cursor, above, upTo, stretches }: { page: PageRequest; cursor: Cursor | null } & Pick<SearchWindow, 'above' | 'upTo' | 'stretches'>): SearchWindow {
    const { since, before } = daysOf(request.freshness, this.clock.now());
    return {
      look, ranking: tsquery({ words, groups: [] }), above, upTo, stretches, refreshedSince: since, refreshedBefore: before,
      candidates: WINDOW, sort: request.sort, after: cursor && [cursor.rank, cursor.seq], first: page.first, facets: request.facets,
    };
  }

  private async corrected({ words, groups }: Conjunction): Promise<Conjunction | null> {
    const nearest = await this.repository.nearest(words);
    return nearest.size ? { words: [...new Set(words.map((w) => nearest.get(w) ?? w))], groups } : null;
  }

  private async known(): Promise<Statistics> {
    const now = this.clock.now().getTime();
    if (this.statistics && now < this.statistics.until) return this.statistics;
    const [frequencies, { rows, newest }] = await Promise.all([this.repository.frequencies(), this.repository.size()]);
    // What the statistics do not name is rarer than what they do.
    const rare = frequencies.size ? Math.min(...frequencies.values()) / 2 : 1;
    this.statistics = { frequencies, rows, newest, rare, until: now + FRESH_MS };
    return this.statistics;
  }

  private shown({ answer, above, exact, total }: Found, { first }: PageRequest, corrected: string | null): SearchResult {
    const products = answer.products.slice(0, first);
    return { products, hasNextPage: answer.products.length > first, cursorOf: (p) => encodeCursor([above, p.rank, p.seq].map(String)), total, exact, counts: answer.counts, corrected };
  }

  private today(): string {
    return this.clock.now().toISOString().slice(0, 10);
  }
}

interface Found {
  readonly answer: SearchAnswer;
  readonly above: bigint;
  readonly exact: boolean;
  readonly total: number;
}
interface Cursor {
  readonly above: bigint;
  readonly rank: bigint;
  readonly seq: bigint;
}
function cursorOf({ after }: PageRequest): Cursor | null {
  if (!after) return null;
  if (!after.every((key) => /^\d{1,18}$/.test(key))) throw new BadCursorError('after is not a cursor of this list');
  const [above, rank, seq] = after.map(BigInt) as [bigint, bigint, bigint];
  return { above, rank, seq };
}
