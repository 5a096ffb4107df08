import { eventType } from '#shared';
import type { OrganisationState } from './domain/actor.js';
import type { OwnershipState } from './domain/ownership.js';

/** An organisation was registered, verified, suspended or reinstated, or its verification lapsed. */
export const OrganisationChanged = eventType<{ organisationId: string; legalName: string; jurisdiction: string; state: OrganisationState }>('identity.organisation-changed.v1');
/** The verification of an organisation runs out soon; announced once. */
export const VerificationDue = eventType<{ organisationId: string; legalName: string; verificationDueAt: Date }>('identity.verification-due.v1');
/** An organisation declared its owners anew, or staff saw the proof. */
export const OwnershipChanged = eventType<{ organisationId: string; declarationId: string; state: OwnershipState }>('identity.ownership-changed.v1');
/** An API key ends soon and nothing has taken its place; announced once. */
export const ApiKeyExpiring = eventType<{ keyId: string; organisationId: string; name: string; expiresAt: Date }>('identity.api-key-expiring.v1');

/** Somebody of the staff took a role that is not his, for a while and with a reason. Operators are alarmed. */
export const BreakGlassUsed = eventType<{ elevationId: string; memberId: string; role: string; reason: string; validUntil: string }>('identity.break-glass.v1');
