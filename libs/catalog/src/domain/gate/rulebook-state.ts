import { defineStateTable } from '#shared';

export const RULEBOOK_STATES = ['PROPOSED', 'ACTIVE', 'REJECTED'] as const;
export type RulebookState = (typeof RULEBOOK_STATES)[number];

/** A rulebook of the gate counts once a second person has confirmed it; it is never edited, a change is another version. */
export const rulebookStates = defineStateTable<RulebookState, 'confirm' | 'reject'>('gate-rulebook', ['PROPOSED'], RULEBOOK_STATES, [
  { from: 'PROPOSED', event: 'confirm', to: 'ACTIVE' },
  { from: 'PROPOSED', event: 'reject', to: 'REJECTED' },
]);
