import { defineStateTable } from '#shared';

export const DELETION_STATES = ['REQUESTED', 'OVERDUE', 'CERTIFIED', 'CONTESTED', 'CLOSED'] as const;
export type DeletionState = (typeof DELETION_STATES)[number];
export type DeletionEvent = 'lapse' | 'certify' | 'contest' | 'release' | 'settle' | 'close' | 'reopen';
/** What history keeps beside the moves. */
export const DELETION_STEPS = ['request', 'remind', 'lapse', 'certify', 'contest', 'release', 'settle', 'close', 'reopen'] as const;
export type DeletionStep = (typeof DELETION_STEPS)[number];

/** From the end of a licence to data that is gone: asked for, certified by the buyer, contested or let be by the vendor, decided on by staff. */
export const deletionStates = defineStateTable<DeletionState, DeletionEvent>('deletion', ['REQUESTED'], DELETION_STATES, [
  { from: 'REQUESTED', event: 'lapse', to: 'OVERDUE' },
  { from: 'REQUESTED', event: 'certify', to: 'CERTIFIED' },
  { from: 'REQUESTED', event: 'release', to: 'CLOSED' },
  { from: 'REQUESTED', event: 'close', to: 'CLOSED' },
  { from: 'OVERDUE', event: 'certify', to: 'CERTIFIED' },
  { from: 'OVERDUE', event: 'release', to: 'CLOSED' },
  { from: 'OVERDUE', event: 'close', to: 'CLOSED' },
  { from: 'CERTIFIED', event: 'contest', to: 'CONTESTED' },
  { from: 'CERTIFIED', event: 'release', to: 'CLOSED' },
  { from: 'CERTIFIED', event: 'settle', to: 'CLOSED' },
  { from: 'CONTESTED', event: 'certify', to: 'CERTIFIED' },
  { from: 'CONTESTED', event: 'release', to: 'CLOSED' },
  { from: 'CONTESTED', event: 'close', to: 'CLOSED' },
  { from: 'CONTESTED', event: 'reopen', to: 'REQUESTED' },
]);

/** Days before the due date on which the buyer is reminded: a week, in which systems can be cleared, and the last day. */
const REMIND_DAYS = [7, 1];
/** So often both sides and staff are reminded of what is overdue. */
const OVERDUE_DAYS = 7;
/** A certificate that the vendor does not contest so long is good. */
export const CONTEST_DAYS = 30;
/** What a buyer has where staff finds that a certificate does not hold: the time of the terms is over. */
export const REDO_DAYS = 14;

const DAY_MS = 86_400_000;
export const inDays = (at: Date, days: number): Date => new Date(at.getTime() + days * DAY_MS);

/** When time comes to matter next for a deletion that stands so at this instant; null: it waits for somebody. */
export function nextAt(state: DeletionState, dueAt: Date, now: Date): Date | null {
  switch (state) {
    case 'REQUESTED': return REMIND_DAYS.map((days) => inDays(dueAt, -days)).find((at) => at > now) ?? dueAt;
    case 'OVERDUE': return inDays(now, OVERDUE_DAYS);
    case 'CERTIFIED': return inDays(now, CONTEST_DAYS);
    case 'CONTESTED':
    case 'CLOSED': return null;
    default: return state satisfies never;
  }
}

/** What time does then: moves it on, or (null) has somebody reminded. */
export function dueEvent(state: DeletionState, dueAt: Date, now: Date): DeletionEvent | null {
  if (state === 'CERTIFIED') return 'settle';
  return state === 'REQUESTED' && dueAt <= now ? 'lapse' : null;
}
