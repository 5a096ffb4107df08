import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { calculateJwkThumbprint, type CryptoKey, decodeProtectedHeader, importJWK, type JWK, type JWTPayload, jwtVerify } from 'jose';
import { Clock, Config, sha256Hex } from '#shared';
import { TOKEN_ALGORITHMS } from '../domain/issuer.js';
import { ProofRepository } from '../storage/proof.repository.js';

export interface ProvenRequest {
  readonly method: string;
  /** The request target as it came: path and query. */
  readonly url: string;
  readonly dpop: string | undefined;
}

interface ProofKey {
  readonly alg: string;
  readonly thumbprint: string;
  readonly key: CryptoKey;
}

const PROOF = /^[\w-]{1,1500}\.[\w-]{1,2000}\.[\w-]{1,700}$/;
const WINDOW_SECONDS = 60;
const KEYS_KEPT = 1_000;
const SECRET_PARTS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv'];

/** DPoP (RFC 9449): whoever calls holds the key to which the token is bound, and made this proof for this very call, once. */
@Injectable()
export class DpopProofs {
  private readonly keys = new Map<string, ProofKey>();

  constructor(private readonly config: Config, private readonly clock: Clock, private readonly proofs: ProofRepository) {}

  /**
   * The thumbprint (RFC 7638) of the key that made the proof; null when the proof is not good. `token`: the access token that comes with
   * it; `bound`: the thumbprint that it must have. A proof that fails is not used up.
   */
  async check(request: ProvenRequest, token: string | null, bound: string | null = null): Promise<string | null> {
    const proof = await this.read(request, token).catch(() => null);
    if (!proof || (bound !== null && proof.thumbprint !== bound)) return null;
    const used = await this.proofs.useDpop(sha256Hex(`${proof.thumbprint}.${proof.jti}`), new Date((proof.iat + 2 * WINDOW_SECONDS) * 1000));
    return used ? proof.thumbprint : null;
  }

  /** Rejects with what the library says of a malformed proof. */
  private async read(request: ProvenRequest, token: string | null): Promise<{ thumbprint: string; jti: string; iat: number } | null> {
    const { dpop } = request;
    if (dpop === undefined || !PROOF.test(dpop)) return null;
    const key = await this.keyOf(dpop);
    if (!key) return null;
    const now = this.clock.now();
    // A proof has no `exp`: its window is one of `iat`.
    const { payload } = await jwtVerify(dpop, key.key, { algorithms: [key.alg], currentDate: now, clockTolerance: WINDOW_SECONDS });
    return this.fits(payload, request, token, now) ? { thumbprint: key.thumbprint, jti: payload.jti!, iat: payload.iat! } : null;
  }

  private fits(claims: JWTPayload, request: ProvenRequest, token: string | null, now: Date): boolean {
    const { jti, iat, htm, htu, ath } = claims as { jti?: unknown; iat?: unknown; htm?: unknown; htu?: unknown; ath?: unknown };
    return typeof jti === 'string' && jti.length >= 1 && jti.length <= 256
      && typeof iat === 'number' && Math.abs(now.getTime() / 1000 - iat) <= WINDOW_SECONDS
      && htm === request.method && typeof htu === 'string' && isAddressOf(htu, this.config.publicUrl, request.url)
      && (token === null || ath === createHash('sha256').update(token).digest('base64url'));
  }

  /** The key that the header brings, or null where the header is not one of a proof. A caller's headers are alike; reading one costs more than the rest. */
  private async keyOf(proof: string): Promise<ProofKey | null> {
    const header = proof.slice(0, proof.indexOf('.'));
    const known = this.keys.get(header);
    if (known) return known;
    const { jwk, alg, typ } = decodeProtectedHeader(proof);
    if (typ?.toLowerCase() !== 'dpop+jwt' || typeof jwk !== 'object' || jwk === null || !(TOKEN_ALGORITHMS as readonly unknown[]).includes(alg) || SECRET_PARTS.some((part) => part in jwk)) return null;
    const key = { alg: alg!, thumbprint: await calculateJwkThumbprint(jwk as JWK), key: (await importJWK({ ...(jwk as JWK), alg: alg! }, alg!)) as CryptoKey };
    if (this.keys.size >= KEYS_KEPT) this.keys.delete(this.keys.keys().next().value!);
    this.keys.set(header, key);
    return key;
  }
}

/** Whether `htu` is the address of this request without query and fragment, both normalised (RFC 9449, 4.3). */
function isAddressOf(htu: string, publicUrl: string, target: string): boolean {
  const path = target.split(/[?#]/, 1)[0]!;
  if (!path.startsWith('/') || path.startsWith('//') || htu.length > 2_000 || !URL.canParse(htu) || !URL.canParse(publicUrl + path)) return false;
  const given = new URL(htu);
  const ours = new URL(publicUrl + path);
  return given.origin === ours.origin && given.pathname === ours.pathname && given.username === '' && given.password === '';
}
