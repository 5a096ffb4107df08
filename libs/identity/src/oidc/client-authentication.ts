import { createLocalJWKSet, decodeJwt, type JWTPayload, jwtVerify } from 'jose';
import { Injectable } from '@nestjs/common';
import { Clock, Config, sha256Hex } from '#shared';
import { FAPI_ALGORITHMS } from '../domain/issuer.js';
import type { KeyStanding } from '../storage/key.repository.js';
import { ProofRepository } from '../storage/proof.repository.js';
import { API_KEY_PREFIX, isSecretOf } from './authenticator.js';
import { KeyAdmission } from './key-admission.js';

export const TOKEN_ENDPOINT = '/oauth/token';
export const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
/** An assertion is made for one request. */
const ASSERTION_SECONDS = 60;
const CLOCK_TOLERANCE_SECONDS = 30;
const ASSERTION = /^[\w-]{1,1000}\.[\w-]{1,2000}\.[\w-]{1,700}$/;
const BASIC = /^Basic ([A-Za-z0-9+/=]{4,2000})$/i;

/** A machine proves at the token endpoint that an API key is its own: with the secret, or with a signature. */
@Injectable()
export class ClientAuthentication {
  constructor(private readonly keys: KeyAdmission, private readonly proofs: ProofRepository, private readonly config: Config, private readonly clock: Clock) {}

  /** client_secret_basic (RFC 6749, 2.3.1): the key's id, and its secret or the whole key. */
  async bySecret(authorization: string, address: string): Promise<KeyStanding | null> {
    const [id, secret] = credentialsOf(authorization) ?? ['', ''];
    const standing = await this.keys.admit(id, address);
    const own = `${API_KEY_PREFIX}${id}.`;
    return isSecretOf(standing, secret.startsWith(own) ? secret.slice(own.length) : secret) ? standing : null;
  }

  /** private_key_jwt (RFC 7523): signed with a key that was registered for the API key, for the exchange, for this minute, once. */
  async byAssertion(assertion: string, clientId: string | null, address: string): Promise<KeyStanding | null> {
    const id = subjectOf(assertion);
    if (id === null || (clientId !== null && clientId !== id)) return null;
    const standing = await this.keys.admit(id, address);
    const jwks = standing && (await this.proofs.keySet(id));
    if (!jwks) return null;
    const now = this.clock.now();
    const { publicUrl } = this.config;
    const claims = await jwtVerify(assertion, createLocalJWKSet(jwks), {
      issuer: id, subject: id, audience: [publicUrl, publicUrl + TOKEN_ENDPOINT], algorithms: [...FAPI_ALGORITHMS], clockTolerance: CLOCK_TOLERANCE_SECONDS, currentDate: now, requiredClaims: ['exp', 'jti'],
    }).then(({ payload, protectedHeader: { typ } }) => (typ === undefined || /^(jwt|client-authentication\+jwt)$/i.test(typ) ? payload : null), () => null);
    if (!claims || !isForThisMinute(claims, now)) return null;
    const used = await this.proofs.useAssertion(sha256Hex(`${id}.${claims.jti!}`), new Date((claims.exp! + 2 * CLOCK_TOLERANCE_SECONDS) * 1000));
    return used ? standing : null;
  }
}

function isForThisMinute(claims: JWTPayload, now: Date): boolean {
  const seconds = now.getTime() / 1000;
  const { exp, iat, jti, aud } = claims;
  if (typeof jti !== 'string' || jti.length < 1 || jti.length > 256 || (Array.isArray(aud) && aud.length !== 1)) return false;
  return exp! <= seconds + ASSERTION_SECONDS + CLOCK_TOLERANCE_SECONDS && (iat === undefined || (iat <= seconds + CLOCK_TOLERANCE_SECONDS && exp! - iat <= ASSERTION_SECONDS));
}

function subjectOf(assertion: string): string | null {
  if (!ASSERTION.test(assertion)) return null;
  try {
    const { sub } = decodeJwt(assertion);
    return typeof sub === 'string' ? sub : null;
  } catch {
    return null;
  }
}

/** Both halves are form-encoded before they are joined (RFC 6749, 2.3.1). */
function credentialsOf(authorization: string): [string, string] | null {
  const [, encoded] = BASIC.exec(authorization) ?? [];
  if (!encoded) return null;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 0) return null;
  try {
    const decode = (part: string): string => decodeURIComponent(part.replaceAll('+', ' '));
    return [decode(text.slice(0, colon)), decode(text.slice(colon + 1))];
  } catch {
    return null;
  }
}
