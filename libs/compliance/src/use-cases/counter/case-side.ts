import { type Act, type Actor, authorise, permits } from '#identity';
import type { NotPermitted } from '#shared';
import type { CaseSide } from '../../domain/counter/case-kind.js';
import type { CounterCase } from '../../domain/counter/counter-case.js';

const ACT_OF: Readonly<Record<CaseSide, Act>> = { APPLICANT: 'compliance:counter', ASSESSOR: 'compliance:assess', STAFF: 'compliance:handle-cases' };
const SIDE_OF_KIND = { TRADER: 'APPLICANT', ASSESSOR: 'ASSESSOR', EXCHANGE: 'STAFF' } as const;

/** The refusal for whoever has nothing to do at the counter at all. */
export function authoriseAtCounter(actor: Actor): NotPermitted | undefined {
  if (Object.values(ACT_OF).some((act) => permits(actor, act))) return undefined;
  return authorise(actor, ACT_OF[SIDE_OF_KIND[actor.organisationKind ?? 'TRADER']]);
}

/** On which side of this case the actor may act; undefined for whom it does not exist. The other party of the transfer acts on none. */
export function sideOf(actor: Actor, c: CounterCase): CaseSide | undefined {
  if (actor.organisationKind === 'EXCHANGE') return permits(actor, ACT_OF.STAFF) ? 'STAFF' : undefined;
  const side = actor.tenantId === c.applicantId ? 'APPLICANT' : actor.tenantId === c.assessorId ? 'ASSESSOR' : undefined;
  return side && permits(actor, ACT_OF[side]) ? side : undefined;
}

export const isStaffReader = (actor: Actor): boolean => permits(actor, 'compliance:handle-cases') || permits(actor, 'compliance:read-cases');
export const isPartyReader = (actor: Actor): boolean => permits(actor, 'compliance:counter') || permits(actor, 'compliance:assess');

/** Whether the actor may see this case: staff, and its parties. */
export const maySee = (actor: Actor, c: Pick<CounterCase, 'applicantId' | 'counterpartyId' | 'assessorId'>): boolean =>
  isStaffReader(actor) || (isPartyReader(actor) && actor.tenantId !== null && [c.applicantId, c.counterpartyId, c.assessorId].includes(actor.tenantId));
