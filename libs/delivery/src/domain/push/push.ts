import { defineStateTable } from '#shared';
import type { ClientProof } from '../channels/client-proof.js';

export const DESTINATION_STATES = ['PENDING', 'ACTIVE', 'PAUSED', 'FAILED', 'REMOVED'] as const;
export type DestinationState = (typeof DESTINATION_STATES)[number];
export type DestinationEvent = 'activate' | 'fail' | 'check' | 'pause' | 'remove';

/** PENDING: it is being tried. ACTIVE: a test object was written and removed. FAILED: that did not come about. */
export const destinationStates = defineStateTable<DestinationState, DestinationEvent>('push-destination', ['PENDING'], DESTINATION_STATES, [
  { from: 'PENDING', event: 'activate', to: 'ACTIVE' }, { from: 'PENDING', event: 'fail', to: 'FAILED' },
  // Checked anew before it goes on: with other credentials, after a pause, after a failure.
  { from: 'ACTIVE', event: 'check', to: 'PENDING' }, { from: 'PAUSED', event: 'check', to: 'PENDING' }, { from: 'FAILED', event: 'check', to: 'PENDING' }, { from: 'PENDING', event: 'check', to: 'PENDING' },
  { from: 'ACTIVE', event: 'pause', to: 'PAUSED' }, { from: 'PENDING', event: 'pause', to: 'PAUSED' }, { from: 'FAILED', event: 'pause', to: 'PAUSED' },
  ...(['PENDING', 'ACTIVE', 'PAUSED', 'FAILED'] as const).map((from) => ({ from, event: 'remove' as const, to: 'REMOVED' as const })),
]);

export const PUSH_STATES = ['WAITING', 'DONE', 'GIVEN_UP', 'CANCELLED'] as const;
export type PushState = (typeof PUSH_STATES)[number];
export const pushStates = defineStateTable<PushState, 'finish' | 'give-up' | 'cancel' | 'retry'>('push', ['WAITING'], PUSH_STATES, [
  { from: 'WAITING', event: 'finish', to: 'DONE' }, { from: 'WAITING', event: 'give-up', to: 'GIVEN_UP' }, { from: 'WAITING', event: 'cancel', to: 'CANCELLED' },
  { from: 'GIVEN_UP', event: 'retry', to: 'WAITING' }, { from: 'CANCELLED', event: 'retry', to: 'WAITING' },
]);

/** Nobody fetches what is pushed: on the public channel no client is asked for. */
export const NO_CLIENT: ClientProof = { address: '0.0.0.0', certificate: null };

/** A bucket each of a few systems. */
export const MOST_DESTINATIONS = 3;

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;
const PAUSES: readonly number[] = [5 * SECOND, 30 * SECOND, 120 * SECOND, 600 * SECOND, 1_800 * SECOND, HOUR, 3 * HOUR];
const LONGEST_PAUSE = 6 * HOUR;
/** Longer than a weekend: then somebody has to look at it. */
export const GIVE_UP_AFTER_MS = 72 * HOUR;

/** When it is tried again after so many attempts; null: it is given up. */
export function nextPush(attempts: number, firstTriedAt: Date, at: Date): Date | null {
  const next = new Date(at.getTime() + (PAUSES[attempts - 1] ?? LONGEST_PAUSE));
  return next.getTime() - firstTriedAt.getTime() > GIVE_UP_AFTER_MS ? null : next;
}

/** Where a file lies in the bucket: its revision is part of the name, so that nothing is ever overwritten by another one. */
export const objectKeyOf = (prefix: string, asset: { readonly productId: string; readonly datasetId: string; readonly revisionNumber: number }, fileName: string): string =>
  `${prefix}${asset.productId}/${asset.datasetId}/${asset.revisionNumber}/${fileName}`;
