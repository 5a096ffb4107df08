import { FAPI_ALGORITHMS, type TokenAlgorithm } from './issuer.js';

/** A public key as it is kept: only its public members (RFC 7517, RFC 8037). */
export interface PublicJwk {
  readonly kty: 'EC' | 'OKP' | 'RSA';
  readonly kid: string;
  readonly alg: TokenAlgorithm;
  readonly use: 'sig';
  readonly crv?: string;
  readonly x?: string;
  readonly y?: string;
  readonly n?: string;
  readonly e?: string;
}

const MOST_KEYS = 5;
const BASE64URL = /^[\w-]{1,1400}$/;
/** 2048 bits and more (RFC 7518, 3.3). */
const LEAST_MODULUS = 342;
const PRIVATE = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv'];

/**
 * The public keys of a JWK set in JSON, or what is wrong with it. A set that holds a private key is refused whole: that key is known to
 * others now.
 */
export function parseKeySet(text: string): readonly PublicJwk[] | string {
  let keys: unknown;
  try {
    keys = (JSON.parse(text) as { keys?: unknown } | null)?.keys;
  } catch {
    return 'a JWK set in JSON (RFC 7517)';
  }
  if (!Array.isArray(keys) || keys.length < 1 || keys.length > MOST_KEYS) return `a JWK set with 1 to ${MOST_KEYS} keys`;
  if (keys.some((k) => typeof k === 'object' && k !== null && PRIVATE.some((member) => member in k))) return 'public keys only; what was sent here is no secret any more';
  const parsed = keys.map(parseKey);
  if (parsed.some((k) => k === undefined)) return `each key: EC P-256, OKP Ed25519 or RSA of 2048 bits and more, with kid, with alg of ${FAPI_ALGORITHMS.join(', ')}, use sig or none`;
  if (new Set(parsed.map((k) => k!.kid)).size !== parsed.length) return 'each kid once';
  return parsed.map((k) => k!);
}

function parseKey(key: unknown): PublicJwk | undefined {
  if (typeof key !== 'object' || key === null) return undefined;
  const { kty, kid, alg, use, crv, x, y, n, e } = key as Record<string, unknown>;
  if (typeof kid !== 'string' || !/^[\x21-\x7e]{1,200}$/.test(kid) || (use !== undefined && use !== 'sig')) return undefined;
  if (kty === 'EC' && crv === 'P-256' && alg === 'ES256' && isPart(x) && isPart(y)) return { kty, kid, alg, use: 'sig', crv, x, y };
  if (kty === 'OKP' && crv === 'Ed25519' && (alg === 'EdDSA' || alg === 'Ed25519') && isPart(x)) return { kty, kid, alg, use: 'sig', crv, x };
  if (kty === 'RSA' && alg === 'PS256' && isPart(n) && n.length >= LEAST_MODULUS && isPart(e)) return { kty, kid, alg, use: 'sig', n, e };
  return undefined;
}

const isPart = (value: unknown): value is string => typeof value === 'string' && BASE64URL.test(value);
