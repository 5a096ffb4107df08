import { defineStateTable } from '#shared';

export const ISSUER_STATES = ['PROPOSED', 'ACTIVE', 'WITHDRAWN'] as const;
export type IssuerState = (typeof ISSUER_STATES)[number];

export const issuerStates = defineStateTable<IssuerState, 'approve' | 'withdraw'>('issuer', ['PROPOSED'], ISSUER_STATES, [
  { from: 'PROPOSED', event: 'approve', to: 'ACTIVE' },
  { from: 'PROPOSED', event: 'withdraw', to: 'WITHDRAWN' },
  { from: 'ACTIVE', event: 'withdraw', to: 'WITHDRAWN' },
]);
