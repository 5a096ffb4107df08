import { Injectable } from '@nestjs/common';
import type { JWTPayload } from 'jose';
import { Clock, Config, newId, Signer } from '#shared';
import type { AssertedNumber, ProvenIdentity } from '../domain/issuer.js';
import { type Act, KEY_SCOPES } from '../domain/permissions.js';

export const SESSION_SECONDS = 900;
export const MACHINE_SECONDS = 600;

/** What a good token of the exchange says: a person who signed in, or a machine with a key. */
export type ExchangeToken =
  | { readonly kind: 'session'; readonly identity: ProvenIdentity; readonly expiresAt: number }
  | { readonly kind: 'machine'; readonly keyId: string; readonly scopes: readonly Act[]; readonly jkt: string | null; readonly expiresAt: number };

/** Access tokens of the exchange's own (RFC 9068), good at itself alone. */
@Injectable()
export class ExchangeTokens {
  constructor(private readonly signer: Signer, private readonly config: Config, private readonly clock: Clock) {}

  get issuer(): string {
    return this.config.publicUrl;
  }

  /** For a person whose sign-in at a recognised issuer was checked. The original issuer stands in it: its withdrawal ends the session. */
  session(identity: ProvenIdentity): Promise<string> {
    return this.mint(SESSION_SECONDS, {
      sub: identity.subject, name: identity.name, acr: identity.acr ?? undefined, auth_time: identity.authenticatedAt ? Math.floor(identity.authenticatedAt.getTime() / 1000) : undefined,
      client_id: 'sign-in', origin: { iss: identity.issuer, id: identity.issuerId, jurisdiction: identity.jurisdiction, level: identity.assurance, numbers: identity.organisationNumbers },
    });
  }

  /** For a machine that proved an API key to be its own. */
  machine(keyId: string, scopes: readonly Act[], jkt: string | null): Promise<string> {
    return this.mint(MACHINE_SECONDS, { sub: `key:${keyId}`, client_id: keyId, scope: scopes.join(' '), ...(jkt ? { cnf: { jkt } } : {}) });
  }

  /** What the token says; null when it is not one of the exchange's, expired, or a document of another kind. */
  async read(token: string): Promise<ExchangeToken | null> {
    const claims = await this.signer.verifyToken(token, { issuer: this.issuer, audience: this.config.OIDC_AUDIENCE }).catch(() => null);
    if (!claims?.sub) return null;
    if (claims['client_id'] === 'sign-in') return { kind: 'session', identity: identityOf(claims), expiresAt: claims.exp! };
    const { scope, cnf } = claims as { scope: string; cnf?: { jkt: string } };
    return { kind: 'machine', keyId: claims.sub.slice('key:'.length), scopes: KEY_SCOPES.filter((s) => scope.split(' ').includes(s)), jkt: cnf?.jkt ?? null, expiresAt: claims.exp! };
  }

  private mint(seconds: number, claims: JWTPayload): Promise<string> {
    const now = Math.floor(this.clock.now().getTime() / 1000);
    return this.signer.signToken({ ...claims, iss: this.issuer, aud: this.config.OIDC_AUDIENCE, iat: now, exp: now + seconds, jti: newId() });
  }
}

interface Origin { iss: string; id: string; jurisdiction: string; level: number; numbers: AssertedNumber[] }

function identityOf(claims: JWTPayload): ProvenIdentity {
  const { iss, id, jurisdiction, level, numbers } = claims['origin'] as Origin;
  const { acr, auth_time: at } = claims as { acr?: string; auth_time?: number };
  return {
    issuer: iss, subject: claims.sub!, name: claims['name'] as string, issuerId: id, jurisdiction, acr: acr ?? null, assurance: level, organisationNumbers: numbers,
    authenticatedAt: at === undefined ? null : new Date(at * 1000),
  };
}
