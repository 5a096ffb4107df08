import { Injectable } from '@nestjs/common';
import { Clock, Commands, LIMITS, newId, newSecret, notPermitted, type Result, SecretBox, stateConflict } from '#shared';
import { Audit } from '#audit';
import { Oid4vp } from '../credentials/oid4vp.js';
import { type Actor, authorise, organisationOf } from '../domain/actor.js';
import { claimsNeeded, type CredentialPurpose } from '../domain/credential.js';
import { dcqlQuery } from '../domain/credential-issuer.js';
import { IDENTITY_ERRORS } from '../identity.errors.js';
import { CredentialIssuerRepository } from '../storage/credential-issuer.repository.js';
import { PresentationRepository, RESPONSE_KEY_PURPOSE } from '../storage/presentation.repository.js';

export interface PresentationRequest {
  readonly id: string;
  /** For a QR code or a link on the phone. */
  readonly requestUri: string;
  readonly expiresAt: Date;
}

const ACT_OF = { ORGANISATION_IDENTITY: 'identity:present-organisation', SIGNATORY_MANDATE: 'identity:present-mandate' } as const;

/** The two things that leave the transaction's own matters: what is said to wallets, and what is sealed. */
@Injectable()
export class WalletRequests {
  constructor(readonly oid4vp: Oid4vp, readonly box: SecretBox) {}
}

/** A member asks for a presentation from a wallet: single use, for ten minutes, for the claims that are needed and no others. */
@Injectable()
export class RequestPresentation {
  constructor(
    private readonly commands: Commands, private readonly issuers: CredentialIssuerRepository, private readonly presentations: PresentationRepository,
    private readonly wallet: WalletRequests, private readonly audit: Audit, private readonly clock: Clock,
  ) {}

  async execute(actor: Actor, purpose: CredentialPurpose): Promise<Result<PresentationRequest>> {
    const refusal = authorise(actor, ACT_OF[purpose]);
    if (refusal) return refusal;
    const organisationId = organisationOf(actor);
    if (actor.organisationKind === 'EXCHANGE') return notPermitted(ACT_OF[purpose]);
    if (!this.wallet.oid4vp.reachable) return stateConflict(IDENTITY_ERRORS.WALLET_NEEDS_HTTPS, 'wallets call no address without TLS: PUBLIC_URL of this exchange is not https', 'UNREACHABLE');
    const issuers = await this.issuers.forPurpose(purpose, this.clock.now());
    if (issuers.length === 0) return stateConflict(IDENTITY_ERRORS.NO_CREDENTIAL_ISSUER, 'no issuer of such credentials is recognised', 'NONE');
    const [id, nonce] = [newId(), newSecret()];
    const { payload, responseKey } = await this.wallet.oid4vp.newRequest(id, dcqlQuery(issuers, purpose, claimsNeeded), nonce, newSecret());
    const sealed = await this.wallet.box.seal(RESPONSE_KEY_PURPOSE, responseKey);
    return this.commands.run<Result<PresentationRequest>>(actor, 'identity.request-presentation', { purpose }, async (tx) => {
      const createdAt = this.clock.now();
      if ((await this.presentations.countWaiting(tx, organisationId, createdAt)) >= LIMITS.openPresentations) {
        return stateConflict(IDENTITY_ERRORS.PRESENTATIONS_OPEN, `at most ${LIMITS.openPresentations} requests to wallets wait at a time`, 'WAITING');
      }
      const expiresAt = new Date(createdAt.getTime() + LIMITS.presentationSeconds * 1000);
      await this.presentations.insert(tx, { id, organisationId, memberId: actor.memberId!, purpose, state: 'WAITING', failure: null, credentialId: null, createdAt, expiresAt, nonce, request: payload, responseKey: sealed });
      await this.audit.append(tx, actor, { act: 'presentation.request', objectType: 'presentation', objectId: id, details: { purpose } });
      return { id, requestUri: this.wallet.oid4vp.requestUri(id), expiresAt };
    });
  }
}
