import { eventType } from '#shared';
import type { OrganisationState } from './domain/actor.js';
import type { MandateMode } from './domain/credential.js';
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

/** What a signatory's mandate says, as a credential proved it. */
export interface PresentedMandate {
  readonly credentialId: string;
  readonly organisationId: string;
  readonly memberId: string;
  readonly currency: string;
  readonly amountMinor: bigint;
  readonly mode: MandateMode;
  readonly validFrom: Date;
  readonly validTo: Date;
}
/** A member proved his mandate by a credential. */
export const MandatePresented = eventType<PresentedMandate>('identity.mandate-presented.v1');
/** The credential that a mandate rests on counts no longer. */
export const MandateWithdrawn = eventType<{ credentialId: string; organisationId: string; memberId: string; reason: string }>('identity.mandate-withdrawn.v1');
