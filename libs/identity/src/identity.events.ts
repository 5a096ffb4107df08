import { eventType } from '#shared';
import type { OrganisationState } from './domain/actor.js';
import type { MandateMode } from './domain/credential.js';

/** An organisation was registered, verified, suspended or reinstated. */
export const OrganisationChanged = eventType<{ organisationId: string; legalName: string; jurisdiction: string; state: OrganisationState }>('identity.organisation-changed.v1');

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
