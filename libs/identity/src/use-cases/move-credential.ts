import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type Caller, isRefused, UnitOfWork } from '#shared';
import { type CredentialEvent, credentialStates } from '../domain/credential-states.js';
import type { Credential } from '../storage/credential.repository.js';
import { CredentialTables } from './accept-credential.js';
import { LapseVerification } from './lapse-verification.js';
import { MandateOfCredential } from './mandate-of-credential.js';

/** A credential is suspended, restored, revoked or expires; what rests on one that is gone goes with it. */
@Injectable()
export class MoveCredential {
  constructor(private readonly uow: UnitOfWork, private readonly tables: CredentialTables, private readonly mandates: MandateOfCredential, private readonly lapse: LapseVerification, private readonly audit: Audit) {}

  /** Nothing happens where somebody else did it before. */
  async execute(caller: Caller, found: Pick<Credential, 'id' | 'organisationId'>, event: CredentialEvent, reason: string, checkedAt: Date): Promise<void> {
    await this.uow.run(async (tx) => {
      const organisation = (await this.tables.organisations.lock(tx, found.organisationId))!;
      const credential = await this.tables.credentials.lock(tx, found.id);
      if (!credential || credentialStates.next(credential.state, event) === undefined) return;
      const state = await this.audit.transition(tx, caller, {
        table: credentialStates, state: credential.state, event, objectType: 'credential', objectId: credential.id, tenantId: credential.organisationId, reason, details: { issuer: credential.iss, vct: credential.vct },
      });
      if (isRefused(state)) return;
      await this.tables.credentials.setState(tx, credential.id, state, checkedAt);
      if (state !== 'REVOKED' && state !== 'EXPIRED') return;
      if (credential.purpose === 'SIGNATORY_MANDATE') await this.mandates.revokeFromCredential(tx, caller, credential, reason);
      else if (organisation.verifiedAt?.getTime() === credential.acceptedAt.getTime()) await this.lapse.execute(tx, caller, organisation, reason, { credentialId: credential.id });
    });
  }
}
