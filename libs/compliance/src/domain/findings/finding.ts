import { defineStateTable } from '#shared';

export const FINDING_KINDS = ['FALSE_DECLARATION', 'STALE_DECLARATION', 'STALE_OWNERSHIP', 'DESTINATION_MISMATCH', 'POSSIBLE_RESTRICTED_PARTY', 'CERTIFICATE_MISMATCH', 'OTHER'] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];
export const SEVERITIES = ['LOW', 'MEDIUM', 'HIGH'] as const;
export type Severity = (typeof SEVERITIES)[number];
export const FINDING_STATES = ['OPEN', 'CONFIRMED', 'DISMISSED', 'CLEARED'] as const;
export type FindingState = (typeof FINDING_STATES)[number];
export type FindingEvent = 'confirm' | 'dismiss' | 'clear' | 'cure';
/** `order` binds the finding to one order; the others stand for the organisation as a whole. */
export const FINDING_OBJECTS = ['order', 'certificate', 'restricted-party'] as const;
export type FindingObject = (typeof FINDING_OBJECTS)[number];

/** `cure`: what was stale was renewed, and the finding is over without a person. */
export const findingStates = defineStateTable<FindingState, FindingEvent>('finding', ['OPEN'], FINDING_STATES, [
  { from: 'OPEN', event: 'confirm', to: 'CONFIRMED' },
  { from: 'OPEN', event: 'dismiss', to: 'DISMISSED' },
  { from: 'OPEN', event: 'cure', to: 'CLEARED' },
  { from: 'CONFIRMED', event: 'clear', to: 'CLEARED' },
  { from: 'CONFIRMED', event: 'cure', to: 'CLEARED' },
]);

/** Kinds that stop transfers once they are confirmed. A wrong certificate is suspended instead; what else there is staff judges by its reason. */
export const BLOCKING_KINDS: readonly FindingKind[] = ['FALSE_DECLARATION', 'STALE_DECLARATION', 'STALE_OWNERSHIP', 'DESTINATION_MISMATCH', 'POSSIBLE_RESTRICTED_PARTY'];

/** What stands against an organisation, or against one of its orders. */
export interface FindingsStanding {
  readonly blocking: boolean;
  /** Blocking or not, each once, in the order of the vocabulary. */
  readonly kinds: readonly FindingKind[];
}

/** From the kinds of the findings that count. */
export const standingOf = (counting: readonly FindingKind[]): FindingsStanding =>
  ({ blocking: counting.some((k) => BLOCKING_KINDS.includes(k)), kinds: FINDING_KINDS.filter((k) => counting.includes(k)) });

/** What was declared before this instant is stale: twelve months. */
export function staleBefore(now: Date): Date {
  const day = new Date(now);
  day.setUTCFullYear(day.getUTCFullYear() - 1);
  return day;
}
