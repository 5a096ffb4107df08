import { defineStateTable } from '#shared';

export const LAW_CHANGE_STATES = ['PROPOSED', 'CONFIRMED', 'REJECTED'] as const;
/** REJECTED: by another member of staff, or taken back by whoever proposed it. */
export type LawChangeState = (typeof LAW_CHANGE_STATES)[number];
export const lawChangeStates = defineStateTable<LawChangeState, 'confirm' | 'reject'>(
  'law-change', ['PROPOSED'], LAW_CHANGE_STATES,
  [
    { from: 'PROPOSED', event: 'confirm', to: 'CONFIRMED' },
    { from: 'PROPOSED', event: 'reject', to: 'REJECTED' },
  ],
);
