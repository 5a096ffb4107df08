import { createHash } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { createLocalJWKSet, createRemoteJWKSet, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { Clock, Config } from '#shared';
import { DevIssuer } from '../dev-issuer/dev-issuer.js';

export interface TokenClaims {
  readonly issuer: string;
  readonly subject: string;
  readonly name: string;
}

/** Asymmetric signatures only: a shared secret or `none` is never accepted. */
const ALGORITHMS = ['EdDSA', 'Ed25519', 'ES256', 'ES384', 'PS256', 'RS256'];
const CLOCK_TOLERANCE_SECONDS = 30;
const DISCOVERY_TIMEOUT_MS = 5_000;
/** A signature that was good a moment ago is good now; standing and suspension are read anew at every request. */
const CACHE_MS = 60_000;
const CACHE_SIZE = 10_000;

/** Checks OpenID Connect access tokens against the issuer's published key set. */
@Injectable()
export class TokenVerifier {
  private readonly log = new Logger('oidc');
  private readonly verified = new Map<string, { claims: TokenClaims; until: number }>();
  private keys: Promise<JWTVerifyGetKey> | undefined;

  constructor(private readonly config: Config, private readonly clock: Clock, private readonly devIssuer: DevIssuer) {}

  /** The claims, or null for any token that is not good: expired, foreign, forged, malformed. */
  async verify(token: string): Promise<TokenClaims | null> {
    const now = this.clock.now();
    const id = createHash('sha256').update(token).digest('base64');
    const known = this.verified.get(id);
    if (known && known.until > now.getTime()) return known.claims;
    const payload = await this.check(token, now);
    if (!payload?.sub || payload.sub.length > 255) return null;
    const name = typeof payload['name'] === 'string' && payload['name'] ? payload['name'].slice(0, 200) : payload.sub.slice(0, 200);
    const claims = { issuer: this.config.issuer, subject: payload.sub, name };
    this.remember(id, claims, Math.min(now.getTime() + CACHE_MS, payload.exp! * 1000));
    return claims;
  }

  private async check(token: string, now: Date): Promise<JWTPayload | null> {
    try {
      this.keys ??= this.discover();
      const keys = await this.keys;
      const { payload } = await jwtVerify(token, keys, {
        issuer: this.config.issuer, audience: this.config.OIDC_AUDIENCE, algorithms: ALGORITHMS,
        clockTolerance: CLOCK_TOLERANCE_SECONDS, currentDate: now, requiredClaims: ['exp', 'sub'],
      });
      return payload;
    } catch (error) {
      const code = (error as { code?: string }).code ?? (error as Error).name;
      this.log.debug(`token refused: ${code}`);
      return null;
    }
  }

  /** OpenID Connect Discovery 1.0. A failure is not kept, so that an issuer that comes back is found again. */
  private async discover(): Promise<JWTVerifyGetKey> {
    if (this.config.devIssuer) return createLocalJWKSet(await this.devIssuer.keys());
    try {
      const response = await fetch(`${this.config.issuer}/.well-known/openid-configuration`, { signal: AbortSignal.timeout(DISCOVERY_TIMEOUT_MS), redirect: 'error' });
      const metadata = (await response.json()) as { issuer?: string; jwks_uri?: string };
      if (metadata.issuer !== this.config.issuer || !metadata.jwks_uri) throw new Error('its metadata does not name itself and a key set');
      return createRemoteJWKSet(new URL(metadata.jwks_uri), { timeoutDuration: DISCOVERY_TIMEOUT_MS, cooldownDuration: 5_000 });
    } catch (error) {
      this.keys = undefined;
      this.log.warn(`issuer ${this.config.issuer} cannot be read: ${(error as Error).message}`);
      throw error;
    }
  }

  private remember(id: string, claims: TokenClaims, until: number): void {
    if (this.verified.size >= CACHE_SIZE) this.verified.delete(this.verified.keys().next().value!);
    this.verified.set(id, { claims, until });
  }
}
