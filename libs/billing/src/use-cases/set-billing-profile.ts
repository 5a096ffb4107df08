import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type Actor, authorise, organisationOf, permits } from '#identity';
import { Clock, Commands, invalid, type Result } from '#shared';
import { BILLING_ERRORS } from '../billing.errors.js';
import type { BillingProfile } from '../domain/billing-profile.js';
import { BillingProfileRepository } from '../storage/billing-profile.repository.js';

/** An organisation says what invoices say of it. It counts for invoices that are issued from then on; those before stay as they are. */
@Injectable()
export class SetBillingProfile {
  constructor(private readonly commands: Commands, private readonly profiles: BillingProfileRepository, private readonly audit: Audit, private readonly clock: Clock) {}

  async execute(actor: Actor, profile: BillingProfile): Promise<Result<BillingProfile>> {
    const refusal = authorise(actor, 'billing:declare-tax');
    if (refusal) return refusal;
    if ((profile.endpointScheme === null) !== (profile.endpointValue === null)) return invalid(BILLING_ERRORS.PROFILE, 'endpointValue', 'a participant has a scheme and a value');
    if (profile.accountInstitution !== null && profile.accountId === null) return invalid(BILLING_ERRORS.PROFILE, 'accountId', 'the account at the institution');
    const organisationId = organisationOf(actor);
    return this.commands.run<Result<BillingProfile>>(actor, 'billing.set-profile', profile, async (tx) => {
      await this.profiles.put(tx, organisationId, profile, this.clock.now());
      await this.audit.append(tx, actor, { act: 'billing_profile.set', objectType: 'organisation', objectId: organisationId, details: { ...profile } });
      return profile;
    });
  }

  async read(actor: Actor): Promise<BillingProfile | null> {
    if (!permits(actor, 'billing:read') || !actor.tenantId) return null;
    return (await this.profiles.ofOrganisations([actor.tenantId])).get(actor.tenantId) ?? null;
  }
}
