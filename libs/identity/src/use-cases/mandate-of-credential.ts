import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { accepted, type Caller, Clock, newId, Outbox, type Tx } from '#shared';
import { mandateStates } from '../domain/membership-state.js';
import { MandatePresented, MandateWithdrawn, type PresentedMandate } from '../identity.events.js';
import type { Credential } from '../storage/credential.repository.js';
import { MandateRepository } from '../storage/mandate.repository.js';

/** Where credentials and mandates meet: what a credential proved becomes a mandate, and ends with it. In the caller's transaction. */
@Injectable()
export class MandateOfCredential {
  constructor(private readonly mandates: MandateRepository, private readonly audit: Audit, private readonly outbox: Outbox, private readonly clock: Clock) {}

  /** The issuer vouches for it, so no administrator grants it; a newer credential of the same member takes the place of his older ones. */
  async grantFromCredential(tx: Tx, caller: Caller, mandate: PresentedMandate, evidence: string): Promise<void> {
    const { credentialId, organisationId, memberId, currency, amountMinor, mode, validFrom, validTo } = mandate;
    for (const held of await this.mandates.holdOf(tx, memberId, 'for_no_key_update')) if (held.credentialId !== null) await this.revoke(tx, caller, held.id, 'proven anew by another credential');
    const id = newId();
    await this.mandates.insert(tx, {
      id, organisationId, memberId, currency, maxMinor: amountMinor, mode, validFrom, validTo, evidence, credentialId, grantedBy: memberId, state: 'ACTIVE', revokedAt: null, createdAt: this.clock.now(),
    });
    await this.audit.append(tx, caller, { act: 'mandate.grant', objectType: 'mandate', objectId: id, tenantId: organisationId, reason: evidence, details: { memberId, currency, maxMinor: amountMinor, mode, validFrom, validTo, credentialId } });
    await this.outbox.publish(tx, caller, MandatePresented, credentialId, mandate);
  }

  async revokeFromCredential(tx: Tx, caller: Caller, credential: Pick<Credential, 'id' | 'organisationId' | 'memberId'>, reason: string): Promise<void> {
    const { id, organisationId, memberId } = credential;
    for (const held of await this.mandates.holdOf(tx, memberId, 'for_no_key_update')) if (held.credentialId === id) await this.revoke(tx, caller, held.id, reason);
    await this.outbox.publish(tx, caller, MandateWithdrawn, id, { credentialId: id, organisationId, memberId, reason });
  }

  private async revoke(tx: Tx, caller: Caller, id: string, reason: string): Promise<void> {
    accepted(await this.audit.transition(tx, caller, { table: mandateStates, state: 'ACTIVE', event: 'revoke', objectType: 'mandate', objectId: id, reason }));
    await this.mandates.revoke(tx, id, this.clock.now());
  }
}
