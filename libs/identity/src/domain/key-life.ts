/** No credential of a machine lives longer. */
export const KEY_MAX_DAYS = 366;
/** The end of a key is announced so long before, once. */
export const KEY_NOTICE_DAYS = 14;
export const OVERLAP_DEFAULT_HOURS = 24;
export const OVERLAP_MAX_HOURS = 168;

const DAY_MS = 86_400_000;

export const isKeyLife = (expiresAt: Date, now: Date): boolean => expiresAt > now && expiresAt.getTime() <= now.getTime() + KEY_MAX_DAYS * DAY_MS;

/** A successor lives as long as its predecessor was meant to; that one ends with the overlap, and never later than it would have. */
export function rotation(old: { readonly createdAt: Date; readonly expiresAt: Date }, now: Date, overlapHours: number): { readonly newEnd: Date; readonly oldEnd: Date } {
  const span = Math.min(old.expiresAt.getTime() - old.createdAt.getTime(), KEY_MAX_DAYS * DAY_MS);
  return { newEnd: new Date(now.getTime() + span), oldEnd: new Date(Math.min(old.expiresAt.getTime(), now.getTime() + overlapHours * 3_600_000)) };
}
