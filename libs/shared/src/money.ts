/**
 * Money: integer minor units and an ISO 4217 code. There is no other money type and no float.
 * Unit prices below the minor unit are decimal strings (`0.0025`), multiplied by `priceTimes` and rounded once per line.
 */
export interface Money {
  readonly minor: bigint;
  readonly currency: Currency;
}

/** Decimal places of the minor unit, as in ISO 4217 list one. A currency that is not here is not traded. */
const MINOR_DIGITS = { CNY: 2, SGD: 2, HKD: 2, USD: 2, EUR: 2, GBP: 2, JPY: 0, KRW: 0, KWD: 3 } as const;
export type Currency = keyof typeof MINOR_DIGITS;
export const CURRENCIES = Object.keys(MINOR_DIGITS) as Currency[];

/** The largest amount one statement may carry: 10^15 minor units, far inside PostgreSQL's bigint. */
export const MAX_MINOR = 1_000_000_000_000_000n;
/** A non-negative decimal with at most 12 places, the form of every unit price. */
export const DECIMAL_PATTERN = /^(0|[1-9]\d{0,14})(\.\d{1,12})?$/;

export class MoneyError extends Error {}

export const isCurrency = (code: string): code is Currency => Object.hasOwn(MINOR_DIGITS, code);

export function money(minor: bigint, currency: string): Money {
  if (!isCurrency(currency)) throw new MoneyError(`currency ${currency} is not traded here`);
  if (minor > MAX_MINOR || minor < -MAX_MINOR) throw new MoneyError('amount out of range');
  return { minor, currency };
}

export const zero = (currency: string): Money => money(0n, currency);

export function add(a: Money, b: Money): Money {
  sameCurrency(a, b);
  return money(a.minor + b.minor, a.currency);
}

export function subtract(a: Money, b: Money): Money {
  sameCurrency(a, b);
  return money(a.minor - b.minor, a.currency);
}

export const sum = (amounts: readonly Money[], currency: string): Money => amounts.reduce(add, zero(currency));

/** Places of the finest unit price. Sums of prices are exact bigints of this scale (10^-12 of the major unit) until their one rounding. */
const PRICE_PLACES = 12;
/** 10^-12 of the major unit in one minor unit. */
const SCALES = Object.fromEntries(Object.entries(MINOR_DIGITS).map(([code, digits]) => [code, 10n ** BigInt(PRICE_PLACES - digits)])) as Record<Currency, bigint>;

/** A unit price (decimal string in major units) in 10^-12 of the major unit. */
export function scaledPrice(unitPrice: string): bigint {
  if (!DECIMAL_PATTERN.test(unitPrice)) throw new MoneyError(`not a decimal price: ${unitPrice}`);
  const point = unitPrice.indexOf('.');
  if (point < 0) return BigInt(unitPrice) * 10n ** BigInt(PRICE_PLACES);
  return BigInt((unitPrice.slice(0, point) + unitPrice.slice(point + 1)).padEnd(point + PRICE_PLACES, '0'));
}

/** An amount of minor units in 10^-12 of the major unit. */
export const scaledMinor = (minor: bigint, currency: Currency): bigint => minor * SCALES[currency];

/** Half up to the minor unit: the one rounding of a line. Unlike `money` it does not look at the range. */
export const roundScaled = (scaled: bigint, currency: Currency): bigint => divideHalfUp(scaled, SCALES[currency]);

/** `1234.5`: an exact sum of prices as a decimal string in major units. */
export function scaledDecimal(scaled: bigint): string {
  const text = (scaled < 0n ? -scaled : scaled).toString().padStart(PRICE_PLACES + 1, '0');
  const point = text.length - PRICE_PLACES;
  let end = text.length;
  while (end > point && text[end - 1] === '0') end -= 1;
  return `${scaled < 0n ? '-' : ''}${text.slice(0, point)}${end > point ? '.' + text.slice(point, end) : ''}`;
}

/**
 * Unit price (decimal string in major units) times a quantity, rounded half up to the minor unit: the one rounding of a line.
 */
export function priceTimes(unitPrice: string, quantity: bigint, currency: string): Money {
  if (quantity < 0n) throw new MoneyError('a quantity is not negative');
  if (!isCurrency(currency)) throw new MoneyError(`currency ${currency} is not traded here`);
  return money(roundScaled(scaledPrice(unitPrice) * quantity, currency), currency);
}

/** A share in basis points (1/10,000), rounded half up. */
export function basisPoints(amount: Money, points: number): Money {
  if (!Number.isInteger(points) || points < 0 || points > 10_000) throw new MoneyError('basis points are a whole number from 0 to 10,000');
  return money(divideHalfUp(amount.minor * BigInt(points), 10_000n), amount.currency);
}

/** What of `whole` falls to `part` of `all`, rounded half up: everything for all of it, nothing of nothing. */
export function proportion(whole: Money, part: Money, all: Money): Money {
  sameCurrency(part, all);
  if (all.minor < 0n || part.minor < 0n || part.minor > all.minor) throw new MoneyError('a part is between nothing and all');
  return money(all.minor === 0n ? 0n : divideHalfUp(whole.minor * part.minor, all.minor), whole.currency);
}

/** Splits an amount by weights with the largest-remainder method: the parts always add up to the whole. */
export function allocate(amount: Money, weights: readonly bigint[]): Money[] {
  const total = weights.reduce((a, b) => a + b, 0n);
  if (total <= 0n || weights.some((w) => w < 0n)) throw new MoneyError('weights are not negative and not all zero');
  const sign = amount.minor < 0n ? -1n : 1n;
  const whole = amount.minor * sign;
  const parts = weights.map((w, index) => ({ index, share: (whole * w) / total, rest: (whole * w) % total }));
  let left = whole - parts.reduce((a, p) => a + p.share, 0n);
  for (const part of [...parts].sort((a, b) => (a.rest === b.rest ? a.index - b.index : a.rest > b.rest ? -1 : 1))) {
    if (left === 0n) break;
    part.share += 1n;
    left -= 1n;
  }
  return parts.map((p) => money(p.share * sign, amount.currency));
}

/** `SGD 1,234.50`. For people; machines read `minor` and `currency`. */
export function formatMoney(amount: Money): string {
  const digits = MINOR_DIGITS[amount.currency];
  const text = (amount.minor < 0n ? -amount.minor : amount.minor).toString().padStart(digits + 1, '0');
  const whole = text.slice(0, text.length - digits).replace(/\B(?=(\d{3})+$)/g, ',');
  return `${amount.currency} ${amount.minor < 0n ? '-' : ''}${whole}${digits ? '.' + text.slice(-digits) : ''}`;
}

/** `1234.50`: the amount in major units as a decimal string, the form of unit prices. */
export function majorUnits(amount: Money): string {
  const digits = MINOR_DIGITS[amount.currency];
  const text = (amount.minor < 0n ? -amount.minor : amount.minor).toString().padStart(digits + 1, '0');
  return `${amount.minor < 0n ? '-' : ''}${text.slice(0, text.length - digits)}${digits ? '.' + text.slice(-digits) : ''}`;
}

function sameCurrency(a: Money, b: Money): void {
  if (a.currency !== b.currency) throw new MoneyError(`cannot mix ${a.currency} and ${b.currency}`);
}

function divideHalfUp(numerator: bigint, denominator: bigint): bigint {
  const sign = numerator < 0n ? -1n : 1n;
  return (sign * (numerator * sign * 2n + denominator)) / (denominator * 2n);
}
