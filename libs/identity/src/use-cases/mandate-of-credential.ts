import { Injectable } from '@nestjs/common';
import { type Caller, Outbox, type Tx } from '#shared';
import { MandatePresented, MandateWithdrawn, type PresentedMandate } from '../identity.events.js';
import type { Credential } from '../storage/credential.repository.js';

/** Where credentials and mandates meet: what a credential proved becomes a mandate, and ends with it. In the caller's transaction. */
@Injectable()
export class MandateOfCredential {
  constructor(private readonly outbox: Outbox) {}

  async grantFromCredential(tx: Tx, caller: Caller, mandate: PresentedMandate): Promise<void> {
    await this.outbox.publish(tx, caller, MandatePresented, mandate.credentialId, mandate);
  }

  async revokeFromCredential(tx: Tx, caller: Caller, credential: Pick<Credential, 'id' | 'organisationId' | 'memberId'>, reason: string): Promise<void> {
    const { id, organisationId, memberId } = credential;
    await this.outbox.publish(tx, caller, MandateWithdrawn, id, { credentialId: id, organisationId, memberId, reason });
  }
}
