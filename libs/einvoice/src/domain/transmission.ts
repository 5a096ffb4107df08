import { defineStateTable } from '#shared';

export const TRANSMISSION_STATES = ['QUEUED', 'SENT', 'DELIVERED', 'ACCEPTED', 'REJECTED', 'FAILED'] as const;
export type TransmissionState = (typeof TRANSMISSION_STATES)[number];
export type TransmissionEvent = 'send' | 'deliver' | 'accept' | 'reject' | 'fail';

/** QUEUED: to be handed to the access point, which then has it (SENT). Responses of the network and of the receiver follow in any order; what is accepted or rejected stays so. */
export const transmissionStates = defineStateTable<TransmissionState, TransmissionEvent>('transmission', ['QUEUED'], TRANSMISSION_STATES, [
  { from: 'QUEUED', event: 'send', to: 'SENT' }, { from: 'QUEUED', event: 'fail', to: 'FAILED' }, { from: 'SENT', event: 'deliver', to: 'DELIVERED' }, { from: 'SENT', event: 'accept', to: 'ACCEPTED' }, { from: 'SENT', event: 'reject', to: 'REJECTED' },
  { from: 'SENT', event: 'fail', to: 'FAILED' }, { from: 'DELIVERED', event: 'accept', to: 'ACCEPTED' }, { from: 'DELIVERED', event: 'reject', to: 'REJECTED' },
]);

const MINUTE_MS = 60_000;
/** After so many minutes each attempt is made once more; after the last it has failed. */
const BACKOFF_MINUTES = [1, 5, 15, 60, 240, 720] as const;
export const nextAttempt = (attempts: number, now: Date): Date | null => (attempts <= BACKOFF_MINUTES.length ? new Date(now.getTime() + BACKOFF_MINUTES[attempts - 1]! * MINUTE_MS) : null);
