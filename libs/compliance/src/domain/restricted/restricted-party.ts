import { defineStateTable } from '#shared';

export const RESTRICTED_STATES = ['PROPOSED', 'LISTED', 'REMOVAL_PROPOSED', 'REMOVED', 'REJECTED'] as const;
export type RestrictedState = (typeof RESTRICTED_STATES)[number];
export type RestrictedEvent = 'confirm' | 'reject' | 'propose-removal';

/** Two officers put a party on a list, and two take it off: until the second one confirms it, a removal changes nothing. */
export const restrictedStates = defineStateTable<RestrictedState, RestrictedEvent>('restricted-party', ['PROPOSED'], RESTRICTED_STATES, [
  { from: 'PROPOSED', event: 'confirm', to: 'LISTED' },
  { from: 'PROPOSED', event: 'reject', to: 'REJECTED' },
  { from: 'LISTED', event: 'propose-removal', to: 'REMOVAL_PROPOSED' },
  { from: 'REMOVAL_PROPOSED', event: 'confirm', to: 'REMOVED' },
  { from: 'REMOVAL_PROPOSED', event: 'reject', to: 'LISTED' },
]);

export const LIST_WORD = /^[a-z][a-z0-9_]{1,59}$/;
export const MOST_ALIASES = 50;
