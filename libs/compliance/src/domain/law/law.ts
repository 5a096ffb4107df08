import { canonicalHash } from '#shared';
import type { Calendar } from '../calendar/calendar.js';
import { dayAt } from '../days.js';
import { compile, type Condition, type ListsOnDay, type Test } from './condition.js';
import { isInForce } from './in-force.js';
import { type CountryList, type LawList, LIST_TYPES, type RecognitionList, type ThresholdList } from './lists.js';
import type { Obligation, Rule, Rulebook } from './rulebook.js';

/** A document of the law that passed its schema, with the SHA-256 of its canonical JSON. */
export type LawDocument = { readonly hash: string } & ({ readonly kind: 'rulebook'; readonly content: Rulebook } | { readonly kind: 'list'; readonly content: LawList } | { readonly kind: 'calendar'; readonly content: Calendar });

/** A set of documents does not fit together. */
export class LawError extends Error {}

/** A moment as an instant, or as a day that is the same everywhere. */
export type Moment = Date | string;

export interface ReadyRule extends Rule {
  readonly holds: Test;
}
/** A rulebook made ready for one day: what is in force on it, with conditions that can be asked at once. */
export interface BookOnDay {
  readonly book: Rulebook;
  readonly hash: string;
  readonly day: string;
  readonly year: number;
  readonly lists: ListsOnDay;
  readonly rules: readonly ReadyRule[];
  readonly obligations: ReadonlyMap<string, Obligation & { readonly holds: Test }>;
}

const DAYS_KEPT = 200;

/**
 * The law as it is applied: rulebooks and lists that fit together. Of the versions of a rulebook that are in force on a day the one that took effect
 * last applies, of two that took effect on the same day the one that stands later in the documents.
 */
export class Law {
  /** Stands for exactly these documents in this order: of two versions of the same day the later one applies. */
  readonly hash: string;
  private readonly lists = new Map<string, LawList>();
  private readonly books: readonly (LawDocument & { kind: 'rulebook' })[];
  private readonly ready = new Map<string, BookOnDay>();

  private constructor(readonly documents: readonly LawDocument[]) {
    this.books = documents.filter((d) => d.kind === 'rulebook');
    for (const d of documents) if (d.kind === 'list') this.lists.set(d.content.id, d.content);
    this.hash = canonicalHash(documents.map((d) => d.hash));
  }

  /** Throws a LawError that names every reference that leads nowhere. */
  static of(documents: readonly LawDocument[]): Law {
    const law = new Law(documents);
    const problems = law.books.flatMap(({ content }) => [...content.rules.map((r) => ['rule', r.id, r.when] as const), ...content.obligations.map((o) => ['obligation', o.id, o.when] as const)]
      .flatMap(([what, id, when]) => law.broken(when).map((list) => `rulebook ${content.id} ${content.version}, ${what} ${id}: ${list}`)));
    if (problems.length) throw new LawError(problems.join('\n'));
    return law;
  }

  /** The rulebooks that are asked about transfers from a place: its own first, then those for every transfer. */
  booksFor(origin: string, at: Moment): { readonly own: BookOnDay | null; readonly general: readonly BookOnDay[] } {
    const newest = new Map<string, { found: LawDocument & { kind: 'rulebook' }; day: string }>();
    for (const found of this.books) {
      if (!found.content.origins.includes(origin) && !found.content.origins.includes('*')) continue;
      const day = typeof at === 'string' ? at : dayAt(at, found.content.timeZone);
      if (!isInForce(found.content, day)) continue;
      const kept = newest.get(found.content.id);
      if (!kept || found.content.effectiveFrom >= kept.found.content.effectiveFrom) newest.set(found.content.id, { found, day });
    }
    const all = [...newest.values()];
    const own = all.filter(({ found }) => !found.content.origins.includes('*')).sort((a, b) => (a.found.content.effectiveFrom < b.found.content.effectiveFrom ? 1 : -1))[0];
    return { own: own ? this.onDay(own.found, own.day) : null, general: all.filter(({ found }) => found.content.origins.includes('*')).map(({ found, day }) => this.onDay(found, day)) };
  }

  list(id: string): LawList | undefined {
    return this.lists.get(id);
  }
  calendars(): Calendar[] {
    return this.documents.flatMap((d) => (d.kind === 'calendar' ? [d.content] : []));
  }
  /** The table of mutual recognition. */
  recognition(): RecognitionList | undefined {
    return [...this.lists.values()].find((l): l is RecognitionList => l.type === 'recognition');
  }

  private onDay({ content: book, hash }: LawDocument & { kind: 'rulebook' }, day: string): BookOnDay {
    const key = `${hash} ${day}`;
    const kept = this.ready.get(key);
    if (kept) return kept;
    if (this.ready.size >= DAYS_KEPT) this.ready.clear();
    const lists: ListsOnDay = {
      day, countries: (id) => this.lists.get(id) as CountryList, thresholds: (id) => this.lists.get(id) as ThresholdList,
      zone: (id) => { const list = this.lists.get(id); return list?.type === 'zone' ? list : undefined; },
      recognition: () => this.recognition(),
    };
    const made: BookOnDay = {
      book, hash, day, year: Number(day.slice(0, 4)), lists,
      rules: book.rules.filter((r) => isInForce(r, day)).map((r) => ({ ...r, holds: compile(r.when, lists) })),
      obligations: new Map(book.obligations.map((o) => [o.id, { ...o, holds: compile(o.when, lists) }])),
    };
    this.ready.set(key, made);
    return made;
  }

  /** References of a condition to lists that are not there, or of another type. */
  private broken(condition: Condition): string[] {
    if ('all' in condition || 'any' in condition) return ('all' in condition ? condition.all : condition.any).flatMap((c) => this.broken(c));
    if ('not' in condition) return this.broken(condition.not);
    const wanted: readonly [string, (typeof LIST_TYPES)[number]] | null =
      'inList' in condition ? [condition.inList, 'countries'] : 'sharesOf' in condition ? [condition.sharesOf, 'countries'] : 'against' in condition ? [condition.against, 'thresholds'] : null;
    if (!wanted || this.lists.get(wanted[0])?.type === wanted[1]) return [];
    return [`the list ${wanted[0]} of the type ${wanted[1]} is missing`];
  }
}
