import { defineStateTable } from '#shared';

export const CHECK_STATES = ['AWAITING_REVIEW', 'ACCEPTED', 'REJECTED', 'SUPERSEDED'] as const;
export type CheckState = (typeof CHECK_STATES)[number];
export type CheckEvent = 'accept' | 'reject' | 'supersede';

/** A milder classification before staff. It is decided once; when the vendor classifies anew before that, the old one is superseded. */
export const checkStates = defineStateTable<CheckState, CheckEvent>('classification-check', ['AWAITING_REVIEW'], CHECK_STATES, [
  { from: 'AWAITING_REVIEW', event: 'accept', to: 'ACCEPTED' },
  { from: 'AWAITING_REVIEW', event: 'reject', to: 'REJECTED' },
  { from: 'AWAITING_REVIEW', event: 'supersede', to: 'SUPERSEDED' },
]);
