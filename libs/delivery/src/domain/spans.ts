/** Bytes from `from` up to and without `to`. A file here has at most 10 GiB, so positions are exact as numbers. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Sorted, apart from each other, none empty: the one form of a set of bytes. */
export type Spans = readonly Span[];

export const NO_SPANS: Spans = [];

export function union(...sets: readonly Spans[]): Spans {
  const all = sets.flat().filter((s) => s.from < s.to).sort((a, b) => a.from - b.from);
  const merged: { from: number; to: number }[] = [];
  for (const span of all) {
    const last = merged.at(-1);
    if (last && span.from <= last.to) last.to = Math.max(last.to, span.to);
    else merged.push({ ...span });
  }
  return merged;
}

export function subtract(set: Spans, hole: Span): Spans {
  if (hole.from >= hole.to) return set;
  return set.flatMap((s) => [{ from: s.from, to: Math.min(s.to, hole.from) }, { from: Math.max(s.from, hole.to), to: s.to }]).filter((s) => s.from < s.to);
}

export const holds = (set: Spans, span: Span): boolean => span.from >= span.to || set.some((s) => s.from <= span.from && span.to <= s.to);
export const isWhole = (set: Spans, size: number): boolean => holds(set, { from: 0, to: size });

/** The last byte of `span` that is not in the set. */
export function lastMissing(set: Spans, span: Span): number | undefined {
  const gap = set.reduce<Spans>((left, s) => subtract(left, s), [span]).at(-1);
  return gap && gap.from < gap.to ? gap.to - 1 : undefined;
}

/** As PostgreSQL writes an int8multirange: `{[0,5),[7,9)}`. */
export const toMultirange = (set: Spans): string => `{${set.map((s) => `[${s.from},${s.to})`).join(',')}}`;
export const fromMultirange = (text: string): Spans => [...text.matchAll(/\[(\d+),(\d+)\)/g)].map(([, from, to]) => ({ from: Number(from), to: Number(to) }));
