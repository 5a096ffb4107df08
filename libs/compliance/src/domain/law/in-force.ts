export const CONFIDENCES = ['verified', 'secondary', 'general-knowledge'] as const;
/** verified: article text or official page was read. secondary: a law firm's note, news, an official summary. general-knowledge: to be confirmed by the operator's lawyer. */
export type Confidence = (typeof CONFIDENCES)[number];

/** Calendar days as `2024-03-22`; `effectiveTo` is the first day on which the entry no longer holds. */
export interface InForce {
  readonly effectiveFrom: string;
  readonly effectiveTo: string | null;
}

export const isInForce = (entry: InForce, day: string): boolean => entry.effectiveFrom <= day && (entry.effectiveTo === null || day < entry.effectiveTo);
