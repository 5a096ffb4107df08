import { defineStateTable } from '#shared';

export const TERMINATION_STATES = ['PROPOSED', 'CONTESTED', 'EFFECTIVE', 'WITHDRAWN', 'DISMISSED'] as const;
export type TerminationState = (typeof TERMINATION_STATES)[number];
export type TerminationEvent = 'consent' | 'decline' | 'contest' | 'withdraw' | 'uphold' | 'dismiss' | 'take-effect';

/** How an agreement is ended before its time. */
export const terminationStates = defineStateTable<TerminationState, TerminationEvent>('termination', ['PROPOSED'], TERMINATION_STATES, [
  { from: 'PROPOSED', event: 'consent', to: 'EFFECTIVE' },
  { from: 'PROPOSED', event: 'take-effect', to: 'EFFECTIVE' },
  { from: 'PROPOSED', event: 'decline', to: 'DISMISSED' },
  { from: 'PROPOSED', event: 'contest', to: 'CONTESTED' },
  { from: 'PROPOSED', event: 'withdraw', to: 'WITHDRAWN' },
  { from: 'CONTESTED', event: 'withdraw', to: 'WITHDRAWN' },
  { from: 'CONTESTED', event: 'consent', to: 'EFFECTIVE' },
  { from: 'CONTESTED', event: 'uphold', to: 'EFFECTIVE' },
  { from: 'CONTESTED', event: 'dismiss', to: 'DISMISSED' },
]);

export type Side = 'VENDOR' | 'BUYER' | 'EXCHANGE';
/** SUPERSEDED is nobody's to propose: another agreement took its place, with both signatures under it. */
export const REASON_CODES = ['MUTUAL_CONSENT', 'CONVENIENCE', 'MATERIAL_BREACH', 'LAW', 'SUPERSEDED'] as const;
export type ReasonCode = (typeof REASON_CODES)[number];

/** Days within which whoever is said to have broken the terms puts it right or contests it. */
export const CURE_DAYS = 14;

interface Ground {
  readonly by: readonly Side[];
  /** What the other side may answer. */
  readonly answers: readonly TerminationEvent[];
}
/** Whose consent each ground needs: that of the other side; none, where the terms grant the right; none, but the other side may contest; none, where the law says so. */
export const GROUNDS: Readonly<Record<ReasonCode, Ground>> = {
  MUTUAL_CONSENT: { by: ['VENDOR', 'BUYER'], answers: ['consent', 'decline'] },
  CONVENIENCE: { by: ['VENDOR', 'BUYER'], answers: [] },
  MATERIAL_BREACH: { by: ['VENDOR', 'BUYER'], answers: ['consent', 'contest'] },
  LAW: { by: ['EXCHANGE'], answers: [] },
  SUPERSEDED: { by: [], answers: [] },
};

/** What the terms of an agreement grant: days of notice after which a side may leave without a reason; null: it may not. */
export interface TerminationTerms {
  readonly vendorNoticeDays: number | null;
  readonly buyerNoticeDays: number | null;
}

const DAY_MS = 86_400_000;

/** When a termination takes effect if nobody does anything: null where it waits for consent. `undefined`: this side has no such ground. */
export function effectiveAt(code: ReasonCode, side: Side, terms: TerminationTerms, now: Date): Date | null | undefined {
  if (!GROUNDS[code].by.includes(side)) return undefined;
  const inDays = (days: number): Date => new Date(now.getTime() + days * DAY_MS);
  switch (code) {
    case 'MUTUAL_CONSENT': return null;
    case 'LAW':
    case 'SUPERSEDED': return now;
    case 'MATERIAL_BREACH': return inDays(CURE_DAYS);
    case 'CONVENIENCE': {
      const days = side === 'VENDOR' ? terms.vendorNoticeDays : terms.buyerNoticeDays;
      return days === null ? undefined : inDays(days);
    }
    default: return code satisfies never;
  }
}
