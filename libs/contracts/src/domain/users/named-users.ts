import { isLogical, type Policy } from '../terms/policy.js';

export const USER_KINDS = ['MEMBER', 'KEY'] as const;
export type UserKind = (typeof USER_KINDS)[number];

/** Whoever is named stays so for this long: a seat that changes hands every minute is no seat of anybody. A week lets a team change, and a holiday be covered. */
export const SEAT_DAYS = 7;
/** More seats are none: whoever has so many people takes terms without names. */
export const MOST_SEATS = 10_000;

export const releasableAt = (namedAt: Date): Date => new Date(namedAt.getTime() + SEAT_DAYS * 86_400_000);

/** How many are named, where this one is among them; else more than any terms let. */
export const countedWith = (named: readonly string[], userId: string | null): number => (userId !== null && named.includes(userId) ? named.length : Infinity);

/** How many users the terms let be named: as many as the widest permission that counts them; null: they count none. */
export function seatsOf({ permissions }: Policy): number | null {
  const limits = permissions.flatMap((r) => r.conditions.flatMap((c) => (!isLogical(c) && c.operand === 'namedUsers' ? [Number(c.values[0]) - (c.operator === 'lt' ? 1 : 0)] : [])));
  return limits.length ? Math.max(...limits) : null;
}
