import { defineStateTable } from '#shared';
import type { OrganisationState } from './actor.js';

export const organisationStates = defineStateTable<OrganisationState, 'verify' | 'suspend' | 'reinstate' | 'lapse'>(
  'organisation', ['PENDING_VERIFICATION'], ['PENDING_VERIFICATION', 'VERIFIED', 'SUSPENDED'],
  [
    { from: 'PENDING_VERIFICATION', event: 'verify', to: 'VERIFIED' },
    { from: 'VERIFIED', event: 'verify', to: 'VERIFIED' },
    { from: 'VERIFIED', event: 'suspend', to: 'SUSPENDED' },
    { from: 'SUSPENDED', event: 'reinstate', to: 'VERIFIED' },
    { from: 'VERIFIED', event: 'lapse', to: 'PENDING_VERIFICATION' },
  ],
);
