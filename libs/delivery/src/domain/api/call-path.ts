import type { ApiOperation } from '#catalog';

/** The path and the query of a call, in the one form in which the vendor gets them. */
export interface CallTarget {
  readonly segments: readonly string[];
  /** `/v1/quotes/ABC`, canonical. */
  readonly path: string;
  /** Without its question mark; null: none. */
  readonly query: string | null;
}

const LONGEST = 8_000;
/** RFC 3986: pchar and percent-encoded bytes. */
const SEGMENT = /^(?:[A-Za-z0-9\-._~!$&'()*+,;=:@]|%[0-9A-Fa-f]{2})+$/;
const QUERY = /^[\x21\x22\x24-\x7e]*$/;
/** What two servers may read as two different things: a slash or a percent sign that was hidden, a backslash, control characters. */
const AMBIGUOUS = /[/\\%\p{Cc}]/u;
/** Some servers cut off parameters of a segment before they look at it: `..;x` is `..` to them. */
const isDots = (segment: string): boolean => /^\.{1,2}(?:;|$)/.test(segment);

const canonical = (text: string): string => encodeURIComponent(text).replace(/%(?:24|26|2B|2C|3B|3D|3A|40)/g, decodeURIComponent);

function segmentOf(raw: string): string | null {
  if (!SEGMENT.test(raw)) return null;
  try {
    const text = decodeURIComponent(raw);
    return AMBIGUOUS.test(text) || isDots(text) ? null : canonical(text);
  } catch {
    return null;
  }
}

/**
 * What stands behind the prefix in a request's target, or null: nothing is repaired. A path with dot segments, empty segments, encoded slashes, double
 * encoding or bytes that are no UTF-8 is no path, since the exchange and the vendor's system might not mean the same by it.
 */
export function callTarget(rest: string): CallTarget | null {
  if (rest.length > LONGEST || !rest.startsWith('/')) return null;
  const mark = rest.indexOf('?');
  const query = mark < 0 ? null : rest.slice(mark + 1);
  if (query !== null && !QUERY.test(query)) return null;
  const raw = (mark < 0 ? rest : rest.slice(0, mark)).slice(1).split('/');
  const open = raw.at(-1) === '';
  if (open) raw.pop();
  const segments = raw.map(segmentOf);
  if (segments.includes(null)) return null;
  return { segments: open ? [...(segments as string[]), ''] : (segments as string[]), path: `/${segments.join('/')}${open && segments.length ? '/' : ''}`, query };
}

const segmentsOf = (path: string): string[] => path.slice(1).split('/');
const fits = (template: string, segment: string): boolean => (template.startsWith('{') ? segment !== '' : segment === canonical(template));

/** The operation that a call is of, or null: it may not be called. Where several fit, the one with the earliest plain segment. */
export function operationOf(operations: readonly ApiOperation[], method: string, { segments }: Pick<CallTarget, 'segments'>): ApiOperation | null {
  const found = operations.filter((o) => {
    const template = segmentsOf(o.path);
    return o.method === method && template.length === segments.length && template.every((t, i) => fits(t, segments[i]!));
  });
  const rank = (o: ApiOperation): string => segmentsOf(o.path).map((s) => (s.startsWith('{') ? '1' : '0')).join('');
  return found.sort((a, b) => (rank(a) < rank(b) ? -1 : 1))[0] ?? null;
}

/** The parameters of a query without those of this name, however it is written: the exchange's own stands alone. */
export const withoutParameter = (query: string, name: string): string => query.split('&').filter((part) => {
  const raw = part.split('=', 1)[0]!.replaceAll('+', ' ');
  try {
    return decodeURIComponent(raw).toLowerCase() !== name.toLowerCase();
  } catch {
    return false;
  }
}).join('&');
