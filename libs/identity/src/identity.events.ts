import { eventType } from '#shared';
import type { OrganisationState } from './domain/actor.js';

/** An organisation was registered, verified, suspended or reinstated. */
export const OrganisationChanged = eventType<{ organisationId: string; legalName: string; jurisdiction: string; state: OrganisationState }>('identity.organisation-changed.v1');
