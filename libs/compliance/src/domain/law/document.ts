import { canonicalHash } from '#shared';
import { readCalendar } from '../calendar/parse-calendar.js';
import type { LawDocument } from './law.js';
import { readList } from './list-schema.js';
import { Reader } from './reader.js';
import type { Rulebook } from './rulebook.js';
import { isDocumentId, readRulebook } from './rulebook-schema.js';

/** Data is no document of the law. The message names the file and every place that is wrong. */
export class DocumentError extends Error {
  constructor(readonly file: string, readonly problems: readonly string[]) {
    super(`${file} is refused:\n${problems.map((p) => `  - ${p}`).join('\n')}`);
  }
}

/** Takes data for a document of the law only when it is one. `name`: the file it comes from. */
export function parseDocument(data: unknown, name: string): LawDocument {
  const read = new Reader();
  const entry = typeof data === 'object' && data !== null && !Array.isArray(data) ? (data as Record<string, unknown>) : {};
  if (entry !== data) throw new DocumentError(name, ['$: must be an object']);
  const kind = entry['kind'];
  read.oneOf(kind, '$.kind', ['rulebook', 'list', 'calendar']);
  for (const key of ['id', 'version'] as const) read.check(entry[key], `$.${key}`, isDocumentId, 'must be lower-case words joined by - or .');
  const content = kind === 'rulebook' ? readRulebook(read, entry, '$') : kind === 'list' ? readList(read, entry, '$') : kind === 'calendar' ? readCalendar(read, entry, '$') : null;
  if (read.problems.length || !content) throw new DocumentError(name, read.problems);
  return { kind, content, hash: canonicalHash(data) } as LawDocument;
}

/** A rulebook of the first form, as it was kept before lists and mechanisms were known: checked when it was taken, and no new one is. */
export function documentOfFirstForm(content: unknown): LawDocument {
  const { origin, ...book } = content as Omit<Rulebook, 'origins' | 'jurisdiction'> & { readonly origin: string };
  const rules = book.rules.map((r) => ({ ...r, needs: null, guideline: null, filings: r.filings.map((f) => ({ ...f, clock: null, settledBy: null })) }));
  return { kind: 'rulebook', hash: canonicalHash(content), content: { ...book, jurisdiction: origin, origins: [origin], rules } };
}

export const isFirstForm = (content: object): boolean => 'origin' in content && !('kind' in content);
