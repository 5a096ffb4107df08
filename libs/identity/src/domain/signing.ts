export const SIGNING_MODES = ['ALONE', 'JOINT'] as const;
export type SigningMode = (typeof SIGNING_MODES)[number];

export interface Amount {
  readonly currency: string;
  readonly minor: bigint;
}

/** What of a mandate decides whether it covers an amount. */
export interface MandateTerms {
  readonly id: string;
  readonly currency: string;
  /** Of one agreement, minor units; null: unlimited. */
  readonly maxMinor: bigint | null;
  readonly mode: SigningMode;
  readonly validFrom: Date;
  readonly validTo: Date | null;
}

/**
 * The mandate under which somebody signs for this amount: one that lets him sign alone before one that needs a second; undefined where
 * none covers it. A mandate in another currency gives no authority, since no rate was agreed on.
 */
export function coveringMandate<M extends MandateTerms>(mandates: readonly M[], amount: Amount, now: Date): M | undefined {
  const covering = mandates.filter((m) => m.currency === amount.currency && (m.maxMinor === null || amount.minor <= m.maxMinor) && m.validFrom <= now && (m.validTo === null || now < m.validTo));
  return covering.find((m) => m.mode === 'ALONE') ?? covering[0];
}
