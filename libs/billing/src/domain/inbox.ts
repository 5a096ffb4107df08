import { defineStateTable } from '#shared';

export type InboxState = 'RECEIVED' | 'PROCESSED' | 'IGNORED' | 'DEAD';

/** One message of a payment provider. */
export interface InboxEvent {
  readonly id: string;
  readonly provider: string;
  readonly eventId: string;
  readonly type: string;
  readonly payload: unknown;
  readonly state: InboxState;
  readonly attempts: number;
  readonly receivedAt: Date;
}

/** IGNORED: of a type that changes nothing here. DEAD: waits for a person. */
export const inboxStates = defineStateTable<InboxState, 'process' | 'ignore' | 'give_up'>('inbox', ['RECEIVED'], ['RECEIVED', 'PROCESSED', 'IGNORED', 'DEAD'], [
  { from: 'RECEIVED', event: 'process', to: 'PROCESSED' },
  { from: 'RECEIVED', event: 'ignore', to: 'IGNORED' },
  { from: 'RECEIVED', event: 'give_up', to: 'DEAD' },
]);

/** With doubling pauses from two seconds this is about four minutes. */
export const INBOX_ATTEMPTS = 8;
export const nextAttempt = (now: Date, attempts: number): Date => new Date(now.getTime() + 2_000 * 2 ** attempts);
