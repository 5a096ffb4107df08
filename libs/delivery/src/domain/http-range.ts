import type { Span } from './spans.js';

/** What a request asks for: the whole file, one part of it, or a part that it does not have. */
export type Wanted = { readonly kind: 'whole' } | { readonly kind: 'part'; readonly span: Span } | { readonly kind: 'unsatisfiable' };

const WHOLE: Wanted = { kind: 'whole' };

/**
 * The Range header of RFC 9110, section 14.2, for one range of bytes. Another unit, a malformed header, and more than one
 * range are ignored, as the RFC allows: the answer is the whole file. `If-Range` must be the strong validator exactly.
 */
export function wantedRange(range: string | undefined, ifRange: string | undefined, etag: string, size: number): Wanted {
  if (range === undefined || (ifRange !== undefined && ifRange !== etag)) return WHOLE;
  const [, first, last] = /^bytes=[ \t]*(\d{0,18})-(\d{0,18})[ \t]*$/i.exec(range) ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) return WHOLE;
  if (first === '') {
    const length = Math.min(Number(last), size);
    return length === 0 ? { kind: 'unsatisfiable' } : { kind: 'part', span: { from: size - length, to: size } };
  }
  const from = Number(first);
  if (last !== '' && Number(last) < from) return WHOLE;
  if (from >= size) return { kind: 'unsatisfiable' };
  return { kind: 'part', span: { from, to: last === '' ? size : Math.min(Number(last) + 1, size) } };
}
