/**
 * Disclosure control of what is published of trades (ESSnet SDC, Handbook on Statistical Disclosure Control, 4: magnitude tables). A cell is
 * confidential unless at least three organisations stand on each side of its trades (threshold rule), and the two largest of a side
 * make at most 85 % of its value (dominance rule, n = 2, k = 85): with fewer, one trader would read another's figures off it.
 */
export const LEAST_TRADERS = 3;
const LARGEST = 2;
const MOST_PERCENT = 85n;

/** What one vendor sold to one buyer in a month, of one sector and in one currency. */
export interface Contribution {
  readonly sector: string;
  readonly vendorCountry: string;
  readonly buyerCountry: string;
  readonly vendorId: string;
  readonly buyerId: string;
  readonly trades: bigint;
  readonly valueMinor: bigint;
}
export const BREAKDOWNS = ['TOTAL', 'SECTOR', 'COUNTRY_PAIR'] as const;
export type Breakdown = (typeof BREAKDOWNS)[number];
/** The cell of those that are not shown one by one. */
export const OTHER = 'OTHER';

export interface Cell {
  readonly breakdown: Breakdown;
  /** '' for the total, a sector, a pair such as `CN>SG`, or OTHER. */
  readonly cell: string;
  readonly of: readonly Contribution[];
}

export const pairOf = ({ vendorCountry, buyerCountry }: Contribution): string => `${vendorCountry}>${buyerCountry}`;
/** A product without theme is of no sector. */
export const sectorOf = ({ sector }: Contribution): string => sector || 'NONE';
export const tradesOf = (of: readonly Contribution[]): bigint => of.reduce((sum, c) => sum + c.trades, 0n);
export const valueOf = (of: readonly Contribution[]): bigint => of.reduce((sum, c) => sum + c.valueMinor, 0n);

/** Whether a sum of these may be shown. */
export const isSafe = (of: readonly Contribution[]): boolean => isSideSafe(of, (c) => c.vendorId) && isSideSafe(of, (c) => c.buyerId);

function isSideSafe(of: readonly Contribution[], traderOf: (c: Contribution) => string): boolean {
  const byTrader = new Map<string, bigint>();
  for (const c of of) byTrader.set(traderOf(c), (byTrader.get(traderOf(c)) ?? 0n) + c.valueMinor);
  if (byTrader.size < LEAST_TRADERS) return false;
  const largest = [...byTrader.values()].sort((a, b) => (a < b ? 1 : a > b ? -1 : 0)).slice(0, LARGEST);
  return largest.reduce((a, b) => a + b, 0n) * 100n <= MOST_PERCENT * valueOf(of);
}

/**
 * What is shown of one month in one currency: nothing where the total is confidential. Else confidential cells of a table go together into
 * OTHER, with the smallest others until that is safe: the total less the shown cells is OTHER, and tells no more. Where a cell of one table
 * lies wholly within a cell of the other, their difference is a figure too, and has to be safe.
 */
export function disclosed(all: readonly Contribution[]): Cell[] {
  if (!isSafe(all)) return [];
  let sectors = folded(all, 'SECTOR', sectorOf);
  let pairs = folded(all, 'COUNTRY_PAIR', pairOf);
  for (;;) {
    const inner = tells(sectors, pairs);
    const outer = inner ? undefined : tells(pairs, sectors);
    if (inner) sectors = coarser(sectors, inner);
    else if (outer) pairs = coarser(pairs, outer);
    else return [{ breakdown: 'TOTAL', cell: '', of: all }, ...sectors, ...pairs];
  }
}

function folded(all: readonly Contribution[], breakdown: Breakdown, cellOf: (c: Contribution) => string): Cell[] {
  const cells = [...Map.groupBy(all, cellOf)].map(([cell, of]): Cell => ({ breakdown, cell, of }));
  const hidden = cells.filter((c) => !isSafe(c.of));
  const shown = cells.filter((c) => isSafe(c.of)).sort(smallestFirst);
  if (hidden.length === 0) return shown;
  let other = hidden.flatMap((c) => c.of);
  while (!isSafe(other)) other = other.concat(shown.shift()!.of);
  return [...shown, { breakdown, cell: OTHER, of: other }];
}

/** A cell of one table within one of the other table whose difference is not safe. */
function tells(inside: readonly Cell[], outside: readonly Cell[]): Cell | undefined {
  const around = new Map(outside.flatMap((b) => b.of.map((c) => [c, b] as const)));
  return inside.find((a) => {
    const b = around.get(a.of[0]!)!;
    if (a.of.length === b.of.length || !a.of.every((c) => around.get(c) === b)) return false;
    const taken = new Set(a.of);
    return !isSafe(b.of.filter((c) => !taken.has(c)));
  });
}

/** The table with that cell in OTHER, and with the smallest other one where it is OTHER itself, or the only one. */
function coarser(cells: readonly Cell[], told: Cell): Cell[] {
  const other = cells.find((c) => c.cell === OTHER);
  const rest = cells.filter((c) => c !== told && c !== other).sort(smallestFirst);
  const joined = other && told !== other ? [told, other] : [told, rest.shift()!];
  return [...rest, { breakdown: told.breakdown, cell: OTHER, of: joined.flatMap((c) => c.of) }];
}

function smallestFirst(a: Cell, b: Cell): number {
  const [x, y] = [valueOf(a.of), valueOf(b.of)];
  return x < y ? -1 : x > y ? 1 : a.cell < b.cell ? -1 : 1;
}
