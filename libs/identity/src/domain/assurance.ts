export type AssuranceRight = 'register' | 'trade' | 'file-across-borders' | 'seal-contract';

export interface AssuranceLevel {
  readonly level: number;
  /** What was looked at. */
  readonly meaning: string;
  readonly permits: readonly AssuranceRight[];
  /** When it must be proven again; null: it was never proven. */
  readonly goodForDays: number | null;
}

/** How sure the exchange is of an organisation, and what that permits (DSL Art. 33: whoever brings data and takers together asks where they come from and who they are). */
export const ASSURANCE_LEVELS: readonly AssuranceLevel[] = [
  { level: 1, meaning: 'numbers in the form of their register, check digits looked at', permits: ['register'], goodForDays: null },
  { level: 2, meaning: 'proof of the register', permits: ['register', 'trade'], goodForDays: 365 },
  { level: 3, meaning: 'representative authenticated', permits: ['register', 'trade', 'file-across-borders'], goodForDays: 730 },
  { level: 4, meaning: 'vLEI or qualified seal on the contract', permits: ['register', 'trade', 'file-across-borders', 'seal-contract'], goodForDays: 730 },
];
export const ASSURANCE_TEXT = ASSURANCE_LEVELS.map((l) => `${l.level}: ${l.meaning}`).join('. ');

/** Whoever registers has been looked at so far and no further. */
export const REGISTERED_LEVEL = 1;
/** The lowest level that permits an act. */
export const lowestFor = (right: AssuranceRight): number => Math.min(...ASSURANCE_LEVELS.filter((l) => l.permits.includes(right)).map((l) => l.level));

/** The proof of an organisation is announced as running out so long before, once. */
export const VERIFICATION_NOTICE_DAYS = 30;

/** When a proof of this level that was given now must be given again. */
export function verificationDueAt(level: number, provenAt: Date): Date {
  const days = ASSURANCE_LEVELS.find((l) => l.level === level)?.goodForDays;
  if (!days) throw new Error(`level ${level} is not proven by anything`);
  return new Date(provenAt.getTime() + days * 86_400_000);
}
