import { Injectable, Logger } from '@nestjs/common';
import { Audit } from '#audit';
import { Clock, newId, newSecret, SecretBox, sha256Hex, systemCaller, UnitOfWork } from '#shared';
import { type ProvenIdentity, readIdentity } from '../domain/issuer.js';
import { IssuerUnavailableError } from '../oidc/issuer-keys.js';
import { ExchangeTokens, SESSION_SECONDS } from '../oidc/exchange-tokens.js';
import { IssuerRegistry } from '../oidc/issuer-registry.js';
import { ClientKeyRing } from '../sign-in/client-key-ring.js';
import { RelyingParty, type SignInSecrets } from '../sign-in/relying-party.js';
import type { RecognisedIssuer } from '../storage/issuer.repository.js';
import { SIGN_IN_PURPOSE, SignInRepository } from '../storage/sign-in.repository.js';

export const SIGN_IN_SECONDS = 600;
export const CALLBACK = '/v1/sign-in/callback';

/** Why there is no sign-in. From outside every failure but an unreachable issuer looks the same. */
export type NoSignIn = 'unknown' | 'failed' | 'unavailable';
export interface SignInToken {
  readonly access_token: string;
  readonly token_type: 'Bearer';
  readonly expires_in: number;
}

/** The other end of a sign-in, grouped so that the use case keeps its constructor short. */
@Injectable()
export class SignInParties {
  constructor(readonly issuers: IssuerRegistry, readonly keys: ClientKeyRing, readonly party: RelyingParty, readonly tokens: ExchangeTokens) {}
}

/** Signs a person in at an issuer that gives id tokens, and answers with a token of the exchange. */
@Injectable()
export class SignIn {
  private readonly log = new Logger('sign-in');

  constructor(
    private readonly parties: SignInParties, private readonly repository: SignInRepository, private readonly box: SecretBox, private readonly uow: UnitOfWork,
    private readonly audit: Audit, private readonly clock: Clock,
  ) {}

  /** Where to send the browser, and what it must bring back in a cookie. */
  async begin(issuerId: string): Promise<{ readonly location: string; readonly browser: string } | NoSignIn> {
    const issuer = await this.parties.issuers.signIn(issuerId);
    if (!issuer) return 'unknown';
    const [state, browser, now] = [newSecret(), newSecret(), this.clock.now()];
    try {
      const { location, secrets } = await this.parties.party.begin(issuer, await this.parties.keys.of(issuer.issuer), this.parties.tokens.issuer + CALLBACK, state);
      const sealed = await this.box.seal(SIGN_IN_PURPOSE, JSON.stringify(secrets));
      const row = { id: newId(), issuerId, stateHash: sha256Hex(state), browserHash: sha256Hex(browser), sealed, createdAt: now, expiresAt: new Date(now.getTime() + SIGN_IN_SECONDS * 1000) };
      await this.uow.run((tx) => this.repository.begin(tx, row));
      return { location, browser };
    } catch (error) {
      return this.failure(error as Error);
    }
  }

  /** The browser is back: `query` is what the issuer gave it, `browser` its cookie. A sign-in is used up by the first who brings both. */
  async complete(query: URLSearchParams, browser: string | undefined, requestId: string): Promise<SignInToken | NoSignIn> {
    const [state, ...more] = query.getAll('state');
    if (!state || more.length || !browser) return 'failed';
    const begun = await this.uow.run((tx) => this.repository.take(tx, sha256Hex(state), sha256Hex(browser), this.clock.now()));
    const issuer = begun && (await this.parties.issuers.signIn(begun.issuerId));
    if (!begun || !issuer) return 'failed';
    try {
      const identity = await this.verified(issuer, query, begun.sealed);
      if (!identity) return 'failed';
      const caller = systemCaller('sign-in', requestId);
      const details = { issuer: identity.issuer, issuerId: issuer.id, subject: identity.subject, acr: identity.acr, assurance: identity.assurance };
      await this.uow.run((tx) => this.audit.append(tx, caller, { act: 'session.open', objectType: 'issuer', objectId: issuer.id, details }));
      return { access_token: await this.parties.tokens.session(identity), token_type: 'Bearer', expires_in: SESSION_SECONDS };
    } catch (error) {
      return this.failure(error as Error);
    }
  }

  private async verified(issuer: RecognisedIssuer, query: URLSearchParams, sealed: string): Promise<ProvenIdentity | null> {
    const secrets = JSON.parse(await this.box.open(SIGN_IN_PURPOSE, sealed)) as SignInSecrets;
    const answer = new URL(`${this.parties.tokens.issuer}${CALLBACK}?${query.toString()}`);
    return readIdentity(issuer, await this.parties.party.complete(issuer, await this.parties.keys.of(issuer.issuer), answer, secrets));
  }

  private failure(error: Error & { code?: string; error?: string }): NoSignIn {
    const unavailable = error instanceof IssuerUnavailableError;
    this.log.warn(`sign-in ${unavailable ? 'not possible' : 'refused'}: ${error.code ?? error.name}: ${error.error ?? error.message}`);
    return unavailable ? 'unavailable' : 'failed';
  }
}
