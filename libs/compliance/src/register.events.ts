import { eventType } from '#shared';
import type { CertificateState } from './domain/certificates/certificate.js';
import type { FindingKind, FindingState } from './domain/findings/finding.js';
import type { RestrictedState } from './domain/restricted/restricted-party.js';

/** A certificate was handed in, checked, put in force, suspended, reinstated, revoked or refused, or ran out. `holderId` is null of bodies outside the exchange. */
export const CertificateChanged = eventType<{ certificateId: string; holderId: string | null; scheme: string; state: CertificateState }>('compliance.certificate-changed.v1');
/** A list of restricted recipients names somebody, or no longer. */
export const RestrictedListChanged = eventType<{ partyId: string; list: string; organisationId: string | null; state: RestrictedState }>('compliance.restricted-list-changed.v1');
/** A buyer declared the use of what he ordered anew. */
export const EndUseChanged = eventType<{ objectId: string; organisationId: string }>('compliance.end-use-changed.v1');
/** A finding was raised, confirmed, dismissed or cleared. `objectType` `order`: `objectId` is that of the declaration; anything else is about the organisation as a whole. */
export const FindingChanged = eventType<{ findingId: string; organisationId: string; objectType: string | null; objectId: string | null; kind: FindingKind; state: FindingState }>('compliance.finding-changed.v1');
