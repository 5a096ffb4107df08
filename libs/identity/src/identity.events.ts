import { eventType } from '#shared';
import type { OrganisationState } from './domain/actor.js';

/** An organisation was registered, verified, suspended or reinstated. */
export const OrganisationChanged = eventType<{ organisationId: string; legalName: string; jurisdiction: string; state: OrganisationState }>('identity.organisation-changed.v1');

/** Somebody of the staff took a role that is not his, for a while and with a reason. Operators are alarmed. */
export const BreakGlassUsed = eventType<{ elevationId: string; memberId: string; role: string; reason: string; validUntil: string }>('identity.break-glass.v1');
