import { createHash, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { SDJwtVcInstance } from '@sd-jwt/sd-jwt-vc';
import { calculateJwkThumbprint, compactVerify, decodeProtectedHeader, importJWK, type JWK } from 'jose';
import { LIMITS, sha256Hex } from '#shared';
import { HOLDER_ALGORITHMS, numericDate } from '../domain/credential.js';
import type { CredentialIssuer } from '../domain/credential-issuer.js';
import { type Failed, failed, hasFailed } from '../domain/credential-states.js';
import { CredentialKeys } from './credential-keys.js';

export interface StatusReference {
  readonly uri: string;
  readonly index: number;
}
/** A presentation whose issuer, disclosures and holder are proven. Its status is not looked at yet. */
export interface PresentedCredential {
  readonly issuer: CredentialIssuer;
  readonly vct: string;
  /** The claims, disclosed ones in their places. */
  readonly claims: unknown;
  readonly holderThumbprint: string;
  readonly expiresAt: Date;
  readonly status: StatusReference | null;
  readonly hash: string;
}
export interface Expected {
  /** The issuer that is trusted now under this name and for this type, or why there is none. */
  issuerOf(iss: string, vct: string): CredentialIssuer | Failed;
  readonly nonce: string;
  readonly audience: string;
  readonly now: Date;
}

/** An SD-JWT with disclosures and a key binding JWT, as it is presented. */
const COMPACT = /^[\w-]+\.[\w-]+\.[\w-]+~(?:[\w-]+~){0,100}(?:[\w-]+\.[\w-]+\.[\w-]+)?$/;
const TYPES = new Set(['dc+sd-jwt', 'vc+sd-jwt']);
const HASHES: Readonly<Record<string, string>> = { 'sha-256': 'sha256', 'sha-384': 'sha384', 'sha-512': 'sha512' };
/** Claims that SD-JWT VC does not let an issuer hide; read from what he signed in the open. */
const OPEN_CLAIMS = new Set(['iss', 'nbf', 'exp', 'cnf', 'vct', 'status', 'vct#integrity']);
const SKEW_SECONDS = 60;

type Claims = Record<string, unknown>;
type Decoded = Awaited<ReturnType<SDJwtVcInstance['decode']>>;

const hasher = (data: string | ArrayBuffer, algorithm: string): Uint8Array => {
  const name = HASHES[algorithm];
  if (!name) throw new Error('unknown digest');
  return createHash(name).update(typeof data === 'string' ? data : Buffer.from(data)).digest();
};
const isObject = (value: unknown): value is Claims => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Verifies SD-JWT VC presentations: `@sd-jwt/sd-jwt-vc` takes them apart and puts disclosures in their places, `jose` checks the signatures. */
@Injectable()
export class SdJwtVerifier {
  constructor(private readonly keys: CredentialKeys) {}

  /** For any text whatever: the presented credential or one typed reason; never throws. */
  async verify(compact: string, expected: Expected): Promise<PresentedCredential | Failed> {
    if (compact.length > LIMITS.presentationBytes || !COMPACT.test(compact)) return failed('MALFORMED');
    try {
      const decoded = await new SDJwtVcInstance({ hasher }).decode(compact);
      return await this.verifyDecoded(compact, decoded, expected);
    } catch {
      return failed('MALFORMED');
    }
  }

  private async verifyDecoded(compact: string, decoded: Decoded, expected: Expected): Promise<PresentedCredential | Failed> {
    const payload = decoded.jwt?.payload;
    const header = decoded.jwt?.header;
    if (!isObject(payload) || !isObject(header) || !TYPES.has(String(header['typ']))) return failed('MALFORMED');
    const { iss, vct } = payload;
    if (typeof iss !== 'string' || typeof vct !== 'string') return failed('MALFORMED');
    const issuer = expected.issuerOf(iss, vct);
    if (hasFailed(issuer)) return issuer;
    const claims = await this.claims(compact, issuer, expected.now);
    if (hasFailed(claims)) return claims;
    const expiresAt = validity(payload, expected.now);
    if (hasFailed(expiresAt)) return expiresAt;
    if (!(await disclosuresAreSound(compact, decoded))) return failed('DISCLOSURE');
    const holderThumbprint = await holderOf(compact, decoded, payload, expected);
    if (typeof holderThumbprint !== 'string') return holderThumbprint;
    const status = statusOf(payload);
    if (status === undefined || (status === null && issuer.statusRequired)) return failed('STATUS_MISSING');
    return { issuer, vct, claims: claims.claims, holderThumbprint, expiresAt, status, hash: sha256Hex(compact) };
  }

  /** The library hands us what was signed; the keys of the issuer decide. */
  private async claims(compact: string, issuer: CredentialIssuer, now: Date): Promise<{ claims: unknown } | Failed> {
    let why: Failed = failed('SIGNATURE');
    const verifier = async (data: string, signature: string): Promise<boolean> => {
      const verified = await this.keys.verify(issuer, `${data}.${signature}`, now);
      if (hasFailed(verified)) why = verified;
      return !hasFailed(verified);
    };
    // Times are ours to check: the library lets a text pass for a date.
    const library = new SDJwtVcInstance({ hasher, verifier });
    return library.validate(compact, { currentDate: now.getTime() / 1000, skewSeconds: Number.MAX_SAFE_INTEGER }).then(({ payload }) => ({ claims: payload }), () => why);
  }
}

function validity(payload: Claims, now: Date): Date | Failed {
  const expires = numericDate(payload['exp']);
  if (!expires || expires <= now) return failed('EXPIRED');
  for (const name of ['nbf', 'iat']) {
    const from = numericDate(payload[name]);
    if (payload[name] !== undefined && (!from || from.getTime() > now.getTime() + SKEW_SECONDS * 1000)) return failed('NOT_YET_VALID');
  }
  return expires;
}

/** Every disclosure stands behind exactly one digest that the issuer signed, and none hides what must be in the open. */
async function disclosuresAreSound(compact: string, decoded: Decoded): Promise<boolean> {
  const disclosures = decoded.disclosures ?? [];
  const placed = await new SDJwtVcInstance({ hasher }).presentableKeys(compact);
  return placed.length === disclosures.length && !placed.some((key) => OPEN_CLAIMS.has(key)) && !disclosures.some((d) => d.key === '_sd' || d.key === '...');
}

/** The thumbprint (RFC 7638) of the key that made the key binding JWT for this request, over exactly these disclosures. */
async function holderOf(compact: string, decoded: Decoded, payload: Claims, expected: Expected): Promise<string | Failed> {
  const proof = decoded.kbJwt;
  if (!proof) return failed('HOLDER_PROOF_MISSING');
  const jwk = isObject(payload['cnf']) ? payload['cnf']['jwk'] : undefined;
  if (!isObject(jwk) || jwk['kty'] === 'oct' || 'd' in jwk || !isObject(proof.payload)) return failed('HOLDER_PROOF');
  const { nonce, aud, iat, sd_hash: digest } = proof.payload as Claims;
  const kbVerifier = async (data: string, signature: string): Promise<boolean> => {
    const jws = `${data}.${signature}`;
    const key = await importJWK(jwk as JWK, decodeProtectedHeader(jws).alg);
    return compactVerify(jws, key, { algorithms: [...HOLDER_ALGORITHMS] }).then(() => true, () => false);
  };
  const signed = await proof.verifyKB({ verifier: kbVerifier, payload: payload as never, nonce: nonce as string }).then(() => true, () => false);
  const algorithm = typeof payload['_sd_alg'] === 'string' ? payload['_sd_alg'] : 'sha-256';
  const presented = Buffer.from(hasher(compact.slice(0, compact.lastIndexOf('~') + 1), algorithm)).toString('base64url');
  if (!signed || digest !== presented) return failed('HOLDER_PROOF');
  if (!same(nonce, expected.nonce)) return failed('HOLDER_NONCE');
  if (aud !== expected.audience) return failed('HOLDER_AUDIENCE');
  const age = (expected.now.getTime() - (numericDate(iat)?.getTime() ?? Number.NaN)) / 1000;
  if (!(age >= -SKEW_SECONDS && age <= LIMITS.holderProofSeconds)) return failed('HOLDER_TIME');
  return calculateJwkThumbprint(jwk as JWK);
}

const same = (given: unknown, wanted: string): boolean =>
  typeof given === 'string' && timingSafeEqual(createHash('sha256').update(given).digest(), createHash('sha256').update(wanted).digest());

/** Null where the credential has no status; undefined where it has one that we cannot read, so that it does not pass for none. */
function statusOf(payload: Claims): StatusReference | null | undefined {
  if (payload['status'] === undefined) return null;
  const list = isObject(payload['status']) ? payload['status']['status_list'] : undefined;
  if (!isObject(list)) return undefined;
  const { uri, idx } = list;
  if (typeof uri !== 'string' || uri.length > 1_000 || !URL.canParse(uri)) return undefined;
  return Number.isInteger(idx) && (idx as number) >= 0 && (idx as number) < 2 ** 31 ? { uri, index: idx as number } : undefined;
}
