import { defineStateTable } from '#shared';

export const INTERVENTION_KINDS = ['FREEZE', 'UNWINDING'] as const;
export type InterventionKind = (typeof INTERVENTION_KINDS)[number];
export const INTERVENTION_STATES = ['IN_FORCE', 'LIFTED', 'PROPOSED', 'DONE', 'REJECTED'] as const;
export type InterventionState = (typeof INTERVENTION_STATES)[number];

/** One freezes at once, another lifts it. One proposes to undo a trade, another has it done or refuses. */
export const interventionStates = defineStateTable<InterventionState, 'lift' | 'approve' | 'reject'>('intervention', ['IN_FORCE', 'PROPOSED'], INTERVENTION_STATES, [
  { from: 'IN_FORCE', event: 'lift', to: 'LIFTED' },
  // What was undone while it was frozen is frozen no longer.
  { from: 'IN_FORCE', event: 'approve', to: 'LIFTED' },
  { from: 'PROPOSED', event: 'approve', to: 'DONE' },
  { from: 'PROPOSED', event: 'reject', to: 'REJECTED' },
]);

export interface Intervention {
  readonly id: string;
  readonly tradeId: string;
  readonly kind: InterventionKind;
  readonly state: InterventionState;
  readonly reason: string;
  readonly begunBy: string;
  readonly begunAt: Date;
  readonly endedBy: string | null;
  readonly endReason: string | null;
  readonly endedAt: Date | null;
}
