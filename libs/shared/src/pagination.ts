import { LIMITS } from './config/limits.js';

/** One page of a keyset list: newest or smallest key first, never an offset. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly endCursor: string | null;
  readonly hasNextPage: boolean;
  cursorOf(item: T): string;
}

/** Of whoever sees nothing of a list. */
export const EMPTY_PAGE: Page<never> = { items: [], endCursor: null, hasNextPage: false, cursorOf: () => '' };
/** Whether nothing is asked for: each field of a filter narrows down where it is not null. */
export const isUnfiltered = (filter: object): boolean => Object.values(filter).every((value) => value === null);

export interface PageRequest {
  readonly first: number;
  readonly after: readonly string[] | null;
}

export class BadCursorError extends Error {}

export function pageRequest(first: number | undefined, after: string | null | undefined, keys: number): PageRequest {
  const size = first ?? LIMITS.pageSizeDefault;
  if (!Number.isInteger(size) || size < 1 || size > LIMITS.pageSizeMax) throw new BadCursorError(`first is from 1 to ${LIMITS.pageSizeMax}`);
  return { first: size, after: after ? decodeCursor(after, keys) : null };
}

/** The caller reads `first + 1` rows; the extra one only tells that there are more. */
export function toPage<T>(rows: readonly T[], request: PageRequest, key: (row: T) => readonly string[]): Page<T> {
  const items = rows.slice(0, request.first);
  const last = items.at(-1);
  const cursorOf = (row: T): string => encodeCursor(key(row));
  return { items, hasNextPage: rows.length > request.first, endCursor: last ? cursorOf(last) : null, cursorOf };
}

export const encodeCursor = (key: readonly string[]): string => Buffer.from(JSON.stringify(key)).toString('base64url');

function decodeCursor(cursor: string, keys: number): string[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (Array.isArray(value) && value.length === keys && value.every(isKey)) return value as string[];
  } catch {
    // falls through to the one answer for every malformed cursor
  }
  throw new BadCursorError('after is not a cursor of this list');
}

/** As the database can be asked for it: no NUL character, no half of a surrogate pair. */
const isKey = (value: unknown): boolean => typeof value === 'string' && value.length <= 64 && !value.includes('\u0000') && value.isWellFormed();
