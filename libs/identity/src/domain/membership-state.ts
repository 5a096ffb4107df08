import { defineStateTable } from '#shared';

export type MemberState = 'ACTIVE' | 'LEFT';
export const memberStates = defineStateTable<MemberState, 'leave'>('member', ['ACTIVE'], ['ACTIVE', 'LEFT'], [{ from: 'ACTIVE', event: 'leave', to: 'LEFT' }]);

export type InvitationState = 'OPEN' | 'ACCEPTED' | 'DECLINED' | 'REVOKED';
/** An open invitation also ends by its time, without a state of its own: it is refused from then on. */
export const invitationStates = defineStateTable<InvitationState, 'accept' | 'decline' | 'revoke'>('invitation', ['OPEN'], ['OPEN', 'ACCEPTED', 'DECLINED', 'REVOKED'], [
  { from: 'OPEN', event: 'accept', to: 'ACCEPTED' },
  { from: 'OPEN', event: 'decline', to: 'DECLINED' },
  { from: 'OPEN', event: 'revoke', to: 'REVOKED' },
]);

export type MandateState = 'ACTIVE' | 'REVOKED';
export const mandateStates = defineStateTable<MandateState, 'revoke'>('mandate', ['ACTIVE'], ['ACTIVE', 'REVOKED'], [{ from: 'ACTIVE', event: 'revoke', to: 'REVOKED' }]);

export type ElevationState = 'OPEN' | 'REVIEWED';
export const elevationStates = defineStateTable<ElevationState, 'review'>('break-glass', ['OPEN'], ['OPEN', 'REVIEWED'], [{ from: 'OPEN', event: 'review', to: 'REVIEWED' }]);
