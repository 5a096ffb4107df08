/**
 * Exact decimals as they stand in documents: a whole number of 10^-24. Wide enough for the product of a price of twelve places and a quantity of twelve.
 */
export type Decimal = bigint;
const PLACES = 24;
export const ONE: Decimal = 10n ** BigInt(PLACES);
const PATTERN = /^([+-]?)(\d{1,30})(?:\.(\d{1,24}))?$/;

/** Undefined where the text is not a plain decimal (xs:decimal without exponent). */
export function parseDecimal(text: string): Decimal | undefined {
  const match = PATTERN.exec(text.trim());
  if (!match) return undefined;
  const value = BigInt(match[2]! + (match[3] ?? '').padEnd(PLACES, '0'));
  return match[1] === '-' ? -value : value;
}

export const ofMinor = (minor: bigint, places: number): Decimal => minor * 10n ** BigInt(PLACES - places);
/** a times b, cut behind the 24th place. */
export const times = (a: Decimal, b: Decimal): Decimal => (a * b) / ONE;
export const magnitude = (a: Decimal): Decimal => (a < 0n ? -a : a);

/** As XPath `round(x * 100) div 100` does: half towards positive infinity. */
export function roundTwo(value: Decimal): Decimal {
  const step = ONE / 100n;
  const doubled = 2n * value + step;
  const quotient = doubled / (2n * step);
  return (doubled < 0n && doubled % (2n * step) !== 0n ? quotient - 1n : quotient) * step;
}
