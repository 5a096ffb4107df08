import { canonicalHash } from '#shared';
import { dayAt, yearAt } from './calendar.js';
import { isInForce, type Rulebook } from './rulebook.js';
import { parseRulebook, RulebookError } from './rulebook-schema.js';

/** A rulebook that passed the schema, with the SHA-256 of its canonical JSON. */
export interface ShelvedRulebook {
  readonly content: Rulebook;
  readonly hash: string;
}

/** What applies to an export at a moment: the book, its hash, and day and year in its calendar. */
export interface Applicable extends ShelvedRulebook {
  readonly day: string;
  readonly year: number;
}

/** Every rulebook that this version of the exchange knows. Made at start; a malformed one stops the start. */
export class RulebookShelf {
  /** Stands for "none of these": the hash of the list of all hashes. */
  readonly hash: string;

  private constructor(readonly books: readonly ShelvedRulebook[]) {
    this.hash = canonicalHash(books.map((b) => b.hash).sort());
  }

  static of(data: readonly unknown[]): RulebookShelf {
    const books = data.map((d) => parseRulebook(d)).map((content) => ({ content, hash: canonicalHash(content) }));
    const starts = books.map(({ content }) => `${content.origin} from ${content.effectiveFrom}`);
    const twice = starts.find((s, i) => starts.indexOf(s) !== i);
    if (twice) throw new RulebookError(`two rulebooks are for ${twice}`);
    return new RulebookShelf(books);
  }

  /** The rulebook of an origin at an instant: among those in force the one that took effect last. */
  at(origin: string, instant: Date): Applicable | null {
    const found = this.books
      .map((book) => ({ ...book, day: dayAt(instant, book.content.timeZone), year: yearAt(instant, book.content.timeZone) }))
      .filter((b) => b.content.origin === origin && isInForce(b.content, b.day));
    return found.reduce<Applicable | null>((latest, b) => (latest && latest.content.effectiveFrom > b.content.effectiveFrom ? latest : b), null);
  }
}
