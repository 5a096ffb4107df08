import { createHash } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { Clock, Config } from '#shared';
import { DevIssuer } from '../dev-issuer/dev-issuer.js';
import { type ProvenIdentity, readIdentity } from '../domain/issuer.js';
import type { Act } from '../domain/permissions.js';
import { boundKeyOf, isAccessToken, isLetIn } from '../domain/token-rules.js';
import { ExchangeTokens } from './exchange-tokens.js';
import { IssuerKeys, IssuerUnavailableError } from './issuer-keys.js';
import { IssuerRegistry } from './issuer-registry.js';

/** A good token: whom it speaks for, and the key (thumbprint) to which it is bound, if it is. */
export interface VerifiedToken {
  readonly identity: ProvenIdentity | null;
  readonly machine: { readonly keyId: string; readonly scopes: readonly Act[] } | null;
  readonly jkt: string | null;
}
/** Refused: expired, foreign, forged, malformed; from outside all look the same. Unavailable: its recognised issuer cannot be asked for its keys. */
export type Unverified = 'refused' | 'unavailable';

const CLOCK_TOLERANCE_SECONDS = 30;
/** A signature that was good a moment ago is good now; standing, suspension and the issuer's row are looked at anew at every request. */
const CACHE_MS = 60_000;
const CACHE_SIZE = 10_000;
/** A forged token that comes again costs a digest. */
const FORGED_MS = 5_000;
const FORGED_SIZE = 5_000;

/** Checks access tokens: of the configured issuer, of recognised issuers, and of the exchange itself. */
@Injectable()
export class TokenVerifier {
  private readonly log = new Logger('oidc');
  private readonly verified = new Map<string, { readonly token: VerifiedToken; readonly until: number }>();
  private readonly forged = new Map<string, number>();
  private devKeys: Promise<JWTVerifyGetKey> | undefined;

  constructor(
    private readonly config: Config, private readonly clock: Clock, private readonly devIssuer: DevIssuer, private readonly issuers: IssuerRegistry,
    private readonly keys: IssuerKeys, private readonly own: ExchangeTokens,
  ) {}

  async verify(token: string): Promise<VerifiedToken | Unverified> {
    const now = this.clock.now();
    const id = createHash('sha256').update(token).digest('base64');
    const known = this.verified.get(id);
    if (known && known.until > now.getTime()) return this.ifIssuerStands(known.token);
    if ((this.forged.get(id) ?? 0) > performance.now()) return 'refused';
    const found = issuerOf(token) === this.own.issuer ? await this.ofExchange(token) : await this.ofIssuer(token, id, now);
    if (typeof found === 'string') return found;
    keep(this.verified, CACHE_SIZE, id, { token: found.token, until: Math.min(now.getTime() + CACHE_MS, found.expiresAt * 1000) });
    return this.ifIssuerStands(found.token);
  }

  private async ifIssuerStands(token: VerifiedToken): Promise<VerifiedToken | Unverified> {
    return !token.identity || (await this.issuers.stands(token.identity.issuerId)) ? token : 'refused';
  }

  private async ofExchange(token: string): Promise<{ token: VerifiedToken; expiresAt: number } | Unverified> {
    const read = await this.own.read(token);
    if (!read) return 'refused';
    const { expiresAt } = read;
    if (read.kind === 'session') return { token: { identity: read.identity, machine: null, jkt: null }, expiresAt };
    return { token: { identity: null, machine: { keyId: read.keyId, scopes: read.scopes }, jkt: read.jkt }, expiresAt };
  }

  private async ofIssuer(token: string, id: string, now: Date): Promise<{ token: VerifiedToken; expiresAt: number } | Unverified> {
    const issuer = issuerOf(token);
    const policy = issuer === undefined ? null : await this.issuers.policyOf(issuer);
    if (!policy || !isAccessToken(policy, headerOf(token))) return 'refused';
    let claims: JWTPayload;
    try {
      claims = (await jwtVerify(token, await this.keysOf(policy.issuer), {
        issuer: policy.issuer, audience: [...policy.audiences], algorithms: [...policy.algorithms], clockTolerance: CLOCK_TOLERANCE_SECONDS, currentDate: now, requiredClaims: ['exp', 'sub'],
      })).payload;
    } catch (error) {
      return this.failure(error as Error & { code?: string }, id);
    }
    const identity = isLetIn(policy, claims, now, CLOCK_TOLERANCE_SECONDS) ? readIdentity(policy, claims) : null;
    const jkt = boundKeyOf(claims);
    if (!identity || jkt === undefined || (policy.senderConstrained && jkt === null)) return 'refused';
    return { token: { identity, machine: null, jkt }, expiresAt: claims.exp! };
  }

  private failure(error: Error & { code?: string }, id: string): Unverified {
    if (error instanceof IssuerUnavailableError) return 'unavailable';
    if (error instanceof errors.JWSSignatureVerificationFailed) keep(this.forged, FORGED_SIZE, id, performance.now() + FORGED_MS);
    this.log.debug(`token refused: ${error.code ?? error.name}`);
    return 'refused';
  }

  private async keysOf(issuer: string): Promise<JWTVerifyGetKey> {
    if (!this.config.devIssuer || issuer !== this.config.issuer) return this.keys.keyOf(issuer);
    this.devKeys ??= this.devIssuer.keys().then((set) => createLocalJWKSet(set));
    return this.devKeys;
  }
}

/** Unverified: says only whose keys to look at. */
function issuerOf(token: string): string | undefined {
  try {
    const { iss } = decodeJwt(token);
    return typeof iss === 'string' && iss.length <= 300 ? iss : undefined;
  } catch {
    return undefined;
  }
}

function headerOf(token: string): Record<string, unknown> | null {
  try {
    return decodeProtectedHeader(token) as Record<string, unknown>;
  } catch {
    return null;
  }
}

function keep<T>(map: Map<string, T>, size: number, id: string, value: T): void {
  if (map.size >= size) map.delete(map.keys().next().value!);
  map.set(id, value);
}
