import { Injectable } from '@nestjs/common';
import { type Caller, Clock, LIMITS, type Refusal, stateConflict, systemCaller } from '#shared';
import type { ListedStatus } from '../credentials/status-lists.js';
import type { Actor } from '../domain/actor.js';
import { type CredentialIssuer, typeOf } from '../domain/credential-issuer.js';
import { IDENTITY_ERRORS } from '../identity.errors.js';
import type { Credential } from '../storage/credential.repository.js';
import { KeyRepository } from '../storage/key.repository.js';
import { CredentialTables } from './accept-credential.js';
import { CheckCredentials } from './check-credentials.js';
import { MoveCredential } from './move-credential.js';

/** What is asked of whoever orders, or has ordered before. */
export type Credentialed = Pick<Actor, 'kind' | 'subject' | 'tenantId' | 'memberId' | 'requestId'>;

/** Before an order: whether the credentials still stand that the buyer's verification and the member's mandate rest on. */
@Injectable()
export class CredentialsStand {
  constructor(private readonly tables: CredentialTables, private readonly checks: CheckCredentials, private readonly moves: MoveCredential, private readonly keys: KeyRepository, private readonly clock: Clock) {}

  /** Undefined where all stand. A status that is older than a minute is fetched; one that cannot be had for a quarter of an hour stops the order. */
  async execute(actor: Credentialed, at: Date = this.clock.now()): Promise<Refusal | undefined> {
    if (actor.tenantId === null) return undefined;
    // A key signs with the authority of its maker, and stops with it.
    const memberId = actor.kind === 'key' ? await this.keys.makerOf(actor.subject.slice('key:'.length)) : actor.memberId;
    const credentials = await this.tables.credentials.reliedOn(actor.tenantId, memberId);
    if (credentials.length === 0) return undefined;
    const caller = systemCaller('credential-status', actor.requestId);
    const issuers = await this.tables.issuers.trusted(credentials.map((c) => c.iss), at);
    for (const credential of credentials) {
      const refusal = await this.standing(caller, credential, issuers.get(credential.iss), at);
      if (refusal) return refusal;
    }
    const stale = credentials.filter((c) => c.statusUri !== null && at.getTime() - c.checkedAt.getTime() > LIMITS.credentialStatusMaxAgeMs);
    const statuses = stale.length ? await this.checks.execute(caller, stale, at) : new Map<string, ListedStatus>();
    for (const credential of credentials) {
      const refusal = verdict(credential, statuses.get(credential.id), at);
      if (refusal) return refusal;
    }
    return undefined;
  }

  private async standing(caller: Caller, credential: Credential, issuer: CredentialIssuer | undefined, at: Date): Promise<Refusal | undefined> {
    if (credential.state === 'REVOKED') return REFUSALS.REVOKED();
    if (credential.state === 'EXPIRED') return REFUSALS.EXPIRED();
    if (!issuer || !typeOf(issuer, credential.vct, credential.purpose)) return stateConflict(IDENTITY_ERRORS.CREDENTIAL_ISSUER_GONE, 'the issuer of a credential that you trade on is not recognised any more: prove it anew', credential.state);
    if (credential.validUntil > at) return undefined;
    await this.moves.execute(caller, credential, 'expire', 'its time is over', credential.checkedAt);
    return REFUSALS.EXPIRED();
  }
}

const REFUSALS = {
  REVOKED: () => stateConflict(IDENTITY_ERRORS.CREDENTIAL_REVOKED, 'a credential that you trade on was revoked by its issuer: prove it anew', 'REVOKED'),
  EXPIRED: () => stateConflict(IDENTITY_ERRORS.CREDENTIAL_EXPIRED, 'a credential that you trade on has expired: prove it anew', 'EXPIRED'),
  SUSPENDED: () => stateConflict(IDENTITY_ERRORS.CREDENTIAL_SUSPENDED, 'a credential that you trade on is suspended by its issuer', 'SUSPENDED'),
};

function verdict(credential: Credential, listed: ListedStatus | undefined, at: Date): Refusal | undefined {
  const state = listed ?? credential.state;
  if (state !== 'VALID') return REFUSALS[state]();
  const late = listed === undefined && credential.statusUri !== null && at.getTime() - credential.checkedAt.getTime() > LIMITS.credentialStatusGraceMs;
  return late ? stateConflict(IDENTITY_ERRORS.CREDENTIAL_STATUS_UNKNOWN, 'whether a credential that you trade on is still good cannot be found out: try again later', credential.state) : undefined;
}
