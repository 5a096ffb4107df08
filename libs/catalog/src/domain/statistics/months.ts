/** A month as `YYYY-MM`. */
export const monthOf = (instant: Date): string => instant.toISOString().slice(0, 7);
export const isMonth = (text: string): boolean => /^\d{4}-(0[1-9]|1[0-2])$/.test(text);
export function monthAfter(month: string): string {
  const [year, number] = month.split('-').map(Number) as [number, number];
  return number === 12 ? `${String(year + 1).padStart(4, '0')}-01` : `${month.slice(0, 5)}${String(number + 1).padStart(2, '0')}`;
}

/** A month is published so long after its end: what began on its last day has been counted by then. */
export const GRACE_DAYS = 3;
export const isOver = (month: string, now: Date): boolean => now.getTime() >= new Date(`${monthAfter(month)}-01T00:00:00Z`).getTime() + GRACE_DAYS * 86_400_000;

/** By how many percent it grew, two decimals, halves away from zero; null: out of nothing. */
export function growth(now: bigint, before: bigint): string | null {
  if (before <= 0n) return null;
  const scaled = (now - before) * 10_000n;
  const size = scaled < 0n ? -scaled : scaled;
  const hundredths = (2n * size + before) / (2n * before);
  const text = `${hundredths / 100n}.${String(hundredths % 100n).padStart(2, '0')}`;
  return scaled < 0n && hundredths > 0n ? `-${text}` : text;
}
