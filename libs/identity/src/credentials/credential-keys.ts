import { Injectable, Logger } from '@nestjs/common';
import { compactVerify, createLocalJWKSet, decodeProtectedHeader, errors, type JSONWebKeySet, type ProtectedHeaderParameters } from 'jose';
import { OutgoingHttp } from '#shared';
import type { CredentialIssuer } from '../domain/credential-issuer.js';
import { type Failed, failed } from '../domain/credential-states.js';
import { keyOfChain } from './certificate-chain.js';

/** A published key set is read again after so long: a key that an issuer took back is not believed for longer. */
const FRESH_MS = 60_000;
/** An unknown key makes us look again, though not at every request of a stranger. */
const LOOK_AGAIN_MS = 5_000;

export interface VerifiedJws {
  readonly header: ProtectedHeaderParameters;
  readonly payload: Record<string, unknown>;
}
interface Cached {
  readonly at: number;
  readonly keys: Promise<JSONWebKeySet | null>;
}

/** Whether an issuer signed this: its published keys (SD-JWT VC issuer metadata), a pinned key set, or certificates below a pinned root. */
@Injectable()
export class CredentialKeys {
  private readonly log = new Logger('credentials');
  private readonly published = new Map<string, Cached>();

  constructor(private readonly http: OutgoingHttp) {}

  async verify(issuer: CredentialIssuer, jws: string, now: Date): Promise<VerifiedJws | Failed> {
    let header: ProtectedHeaderParameters;
    try {
      header = decodeProtectedHeader(jws);
    } catch {
      return failed('MALFORMED');
    }
    if (!issuer.algorithms.includes(String(header.alg))) return failed('ALGORITHM');
    if (issuer.keySource === 'X5C') {
      const key = keyOfChain(header.x5c, issuer.rootCertificate!, issuer.iss, now);
      return key ? this.check(() => compactVerify(jws, key, { algorithms: [...issuer.algorithms] })) : failed('ISSUER_KEY_UNAVAILABLE');
    }
    const keys = issuer.keySource === 'JWKS' ? issuer.jwks : await this.publishedKeys(issuer.iss, now, FRESH_MS);
    if (!keys) return failed('ISSUER_KEY_UNAVAILABLE');
    const first = await this.checkWith(issuer, jws, keys);
    if (first !== 'unknown-key') return first;
    const renewed = issuer.keySource === 'METADATA' ? await this.publishedKeys(issuer.iss, now, LOOK_AGAIN_MS) : null;
    const second = renewed && renewed !== keys ? await this.checkWith(issuer, jws, renewed) : 'unknown-key';
    return second === 'unknown-key' ? failed('SIGNATURE') : second;
  }

  private checkWith(issuer: CredentialIssuer, jws: string, keys: JSONWebKeySet): Promise<VerifiedJws | Failed | 'unknown-key'> {
    return this.check(() => compactVerify(jws, createLocalJWKSet(keys), { algorithms: [...issuer.algorithms] })).catch((error: unknown) => {
      if (error instanceof errors.JWKSNoMatchingKey) return 'unknown-key' as const;
      throw error;
    });
  }

  private async check(verify: () => Promise<{ payload: Uint8Array; protectedHeader: ProtectedHeaderParameters }>): Promise<VerifiedJws | Failed> {
    try {
      const { payload, protectedHeader } = await verify();
      const content: unknown = JSON.parse(Buffer.from(payload).toString('utf8'));
      return typeof content === 'object' && content !== null && !Array.isArray(content) ? { header: protectedHeader, payload: content as Record<string, unknown> } : failed('MALFORMED');
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey) throw error;
      return failed('SIGNATURE');
    }
  }

  private publishedKeys(iss: string, now: Date, notOlderThanMs: number): Promise<JSONWebKeySet | null> {
    const known = this.published.get(iss);
    if (known && now.getTime() - known.at < notOlderThanMs) return known.keys;
    const keys = this.read(iss);
    this.published.set(iss, { at: now.getTime(), keys });
    // A failure is not kept, so that an issuer that comes back is found again.
    void keys.then((found) => found ?? this.published.delete(iss));
    return keys;
  }

  /** SD-JWT VC, "JWT VC Issuer Metadata": the well-known part goes between host and path. */
  private async read(iss: string): Promise<JSONWebKeySet | null> {
    try {
      const { origin, pathname } = new URL(iss);
      const metadata = (await this.json(`${origin}/.well-known/jwt-vc-issuer${pathname === '/' ? '' : pathname}`)) as { issuer?: unknown; jwks?: unknown; jwks_uri?: unknown };
      if (metadata.issuer !== iss) throw new Error('its metadata does not name itself');
      const keys = (metadata.jwks ?? (typeof metadata.jwks_uri === 'string' ? await this.json(metadata.jwks_uri) : undefined)) as JSONWebKeySet | undefined;
      // Throws where it is no key set.
      createLocalJWKSet(keys!);
      return keys!;
    } catch (error) {
      this.log.warn(`the keys of ${iss} cannot be had: ${(error as Error).message}`);
      return null;
    }
  }

  private async json(url: string): Promise<object> {
    const response = await this.http.fetch(url, { headers: { accept: 'application/json' } });
    if (!response.ok) throw new Error(`${url} answers ${response.status}`);
    const content: unknown = await response.json();
    if (typeof content !== 'object' || content === null) throw new Error(`${url} answers no object`);
    return content;
  }
}
