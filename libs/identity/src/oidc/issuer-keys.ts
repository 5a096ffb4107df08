import { Injectable, Logger } from '@nestjs/common';
import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTHeaderParameters, type JWTVerifyGetKey } from 'jose';
import { OutgoingHttp } from '#shared';

/** The issuer's key set cannot be had: whether its token is good is not known. */
export class IssuerUnavailableError extends Error {}

/** OpenID Connect Discovery 1.0, what is used of it. */
export interface IssuerMetadata {
  readonly issuer: string;
  readonly jwks_uri: string;
  readonly [name: string]: unknown;
}

/** Keys are read again after so long, so that one that the issuer took back is not trusted on. */
const MAX_AGE_MS = 600_000;
/** An issuer that is down does not end its people's work at once: keys that were good keep serving so long. */
const STALE_MS = 3_600_000;
/** A kid that was not there is not looked for again so soon. */
const MISSED_MS = 5_000;
const MISSED_KIDS = 256;
/** Readings of one issuer: a few at once, then one every five seconds, whatever strangers' tokens name. */
const BURST = 5;
const REFILL_MS = 5_000;
const MOST_KEYS = 100;

/** One issuer's metadata and key set. Ages and budgets are of the running process, not of the calendar. */
class IssuerKeySet {
  private metadata: { readonly value: IssuerMetadata; readonly at: number } | undefined;
  private keys: { readonly get: ReturnType<typeof createLocalJWKSet>; readonly at: number } | undefined;
  private reading: Promise<void> | undefined;
  private budget = BURST;
  private filledAt = performance.now();
  private readonly missed = new Map<string, number>();

  constructor(private readonly issuer: string, private readonly fetch: typeof globalThis.fetch, private readonly log: Logger) {}

  readonly key: JWTVerifyGetKey = async (header, token) => {
    const keys = await this.fresh();
    try {
      return await keys(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey) || !this.worthLooking(header)) throw error;
      await this.read();
      return this.keys!.get(header, token);
    }
  };

  async about(): Promise<IssuerMetadata> {
    await this.fresh();
    if (!this.metadata || performance.now() - this.metadata.at > STALE_MS) await this.read();
    return this.metadata!.value;
  }

  private async fresh(): Promise<ReturnType<typeof createLocalJWKSet>> {
    const age = this.keys ? performance.now() - this.keys.at : Infinity;
    if (age > MAX_AGE_MS) {
      try {
        await this.read();
      } catch (error) {
        if (age > STALE_MS) throw error;
      }
    }
    return this.keys!.get;
  }

  /** One look for each kid, and no more than the budget has for all of them: under a flood the next reading finds a new key for everybody. */
  private worthLooking(header: JWTHeaderParameters): boolean {
    const wanted = `${header.alg} ${header.kid ?? ''}`.slice(0, 300);
    const now = performance.now();
    const before = this.missed.get(wanted);
    if ((before !== undefined && now - before < MISSED_MS) || (!this.reading && this.left() < 1)) return false;
    this.missed.delete(wanted);
    if (this.missed.size >= MISSED_KIDS) this.missed.delete(this.missed.keys().next().value!);
    this.missed.set(wanted, now);
    return true;
  }

  private left(): number {
    const now = performance.now();
    this.budget = Math.min(BURST, this.budget + (now - this.filledAt) / REFILL_MS);
    this.filledAt = now;
    return this.budget;
  }

  /** However many wait for it, one reading is under way. */
  private read(): Promise<void> {
    if (!this.reading) {
      if (this.left() < 1) return Promise.reject(new IssuerUnavailableError(`${this.issuer} was asked often enough just now`));
      this.budget -= 1;
      this.reading = this.readOnce().finally(() => (this.reading = undefined));
    }
    return this.reading;
  }

  private async readOnce(): Promise<void> {
    try {
      if (!this.metadata || performance.now() - this.metadata.at > MAX_AGE_MS) {
        const metadata = (await this.json(`${this.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`)) as IssuerMetadata;
        if (metadata.issuer !== this.issuer || typeof metadata.jwks_uri !== 'string') throw new Error('its metadata does not name itself and a key set');
        this.metadata = { value: metadata, at: performance.now() };
      }
      const set = (await this.json(this.metadata.value.jwks_uri)) as JSONWebKeySet;
      if (!Array.isArray(set.keys) || set.keys.length > MOST_KEYS) throw new Error('its key set is none');
      this.keys = { get: createLocalJWKSet(set), at: performance.now() };
    } catch (error) {
      // What it said of itself is read anew as well: it may have moved its keys.
      this.metadata = this.metadata && { ...this.metadata, at: -Infinity };
      this.log.warn(`issuer ${this.issuer} cannot be read: ${(error as Error).message}`);
      throw new IssuerUnavailableError(`${this.issuer} cannot be read`, { cause: error });
    }
  }

  private async json(address: string): Promise<unknown> {
    const ask = (): Promise<Response> => this.fetch(address, { headers: { accept: 'application/json' } });
    // A kept connection that the issuer closed meanwhile, as in its restart, says nothing of the issuer.
    const response = await ask().catch((error: Error & { cause?: { code?: string } }) => (error.cause?.code === 'UND_ERR_SOCKET' ? ask() : Promise.reject(error)));
    if (response.status !== 200) throw new Error(`${address} answers ${response.status}`);
    return response.json();
  }
}

/** What issuers publish of themselves: metadata and keys, read when needed and kept for a while. */
@Injectable()
export class IssuerKeys {
  private readonly log = new Logger('issuers');
  private readonly sets = new Map<string, IssuerKeySet>();

  constructor(private readonly http: OutgoingHttp) {}

  /** The verification key for a token's header, for `jose`. Rejects with `IssuerUnavailableError` when the issuer cannot be read. */
  keyOf(issuer: string): JWTVerifyGetKey {
    return this.of(issuer).key;
  }

  metadataOf(issuer: string): Promise<IssuerMetadata> {
    return this.of(issuer).about();
  }

  /** Only of issuers that are recognised, so there are few. */
  private of(issuer: string): IssuerKeySet {
    let set = this.sets.get(issuer);
    if (!set) this.sets.set(issuer, (set = new IssuerKeySet(issuer, this.http.fetch, this.log)));
    return set;
  }
}
