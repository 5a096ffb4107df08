/**
 * Decimal places of the minor unit where they are not two (ISO 4217 list one). Documents come in from outside in any currency, so this knows more than those that are traded.
 */
const PLACES: Readonly<Record<string, number>> = {
  BIF: 0, CLP: 0, DJF: 0, GNF: 0, ISK: 0, JPY: 0, KMF: 0, KRW: 0, PYG: 0, RWF: 0, UGX: 0, UYI: 0, VND: 0, VUV: 0, XAF: 0, XOF: 0, XPF: 0,
  BHD: 3, IQD: 3, JOD: 3, KWD: 3, LYD: 3, OMR: 3, TND: 3,
};
export const minorPlaces = (currency: string): number => PLACES[currency] ?? 2;

/** Names of the rules by which amounts are rounded; each is applied once, where it is named. */
export const ROUNDING = {
  /** A half goes away from zero. Lines and taxes of the exchange. */
  HALF_UP: 'HALF_UP',
  /**
   * Amounts of three places for formats that allow two: running totals are rounded half up, and each amount is the difference of two of them. What is written adds up to the rounded whole, and no amount is
   * more than one unit away from what it was.
   */
  RUNNING_HALF_UP: 'RUNNING_HALF_UP',
} as const;

/** `1234.50`, `1234` for yen, `1.234` for dinars: exact. */
export function renderMinor(minor: bigint, places: number): string {
  const digits = (minor < 0n ? -minor : minor).toString().padStart(places + 1, '0');
  const point = digits.length - places;
  return `${minor < 0n ? '-' : ''}${digits.slice(0, point)}${places ? '.' + digits.slice(point) : ''}`;
}

/** HALF_UP division. */
export function divideHalfUp(numerator: bigint, denominator: bigint): bigint {
  const sign = numerator < 0n ? -1n : 1n;
  return (sign * (2n * numerator * sign + denominator)) / (2n * denominator);
}

/** An amount of minor units read exactly: undefined where it is no decimal, or finer than the currency. */
export function readMinor(text: string, places: number): bigint | undefined {
  const match = /^([+-]?)(\d{1,18})(?:\.(\d{1,12}))?$/.exec(text.trim());
  if (!match) return undefined;
  const fraction = (match[3] ?? '').replace(/0+$/, '');
  if (fraction.length > places) return undefined;
  const minor = BigInt(match[2]! + fraction.padEnd(places, '0'));
  return match[1] === '-' ? -minor : minor;
}
