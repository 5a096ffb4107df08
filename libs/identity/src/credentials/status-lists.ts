import { inflateSync } from 'node:zlib';
import { Injectable, Logger } from '@nestjs/common';
import { LIMITS, OutgoingHttp } from '#shared';
import { numericDate } from '../domain/credential.js';
import type { CredentialIssuer } from '../domain/credential-issuer.js';
import { hasFailed } from '../domain/credential-states.js';
import { CredentialKeys } from './credential-keys.js';

/** What a list says of one credential. Whatever is neither valid nor suspended is revoked: of an unknown word the worst is believed. */
export type ListedStatus = 'VALID' | 'SUSPENDED' | 'REVOKED';

const SKEW_MS = 60_000;

/** A status list (Token Status List): statuses of 1, 2, 4 or 8 bits, the first in the lowest bits of the first byte. */
export class StatusList {
  private constructor(private readonly bytes: Uint8Array, private readonly bits: number) {}

  /** Read here and not by the library: it inflates without bound, a megabyte to a thousand, and makes a number of every bit of it. */
  static of(content: unknown): StatusList | undefined {
    const { bits, lst } = (content ?? {}) as { bits?: unknown; lst?: unknown };
    if (![1, 2, 4, 8].includes(bits as number) || typeof lst !== 'string') return undefined;
    try {
      return new StatusList(inflateSync(Buffer.from(lst, 'base64url'), { maxOutputLength: LIMITS.statusListBytes }), bits as number);
    } catch {
      return undefined;
    }
  }

  /** Undefined where the list does not reach so far. */
  at(index: number): ListedStatus | undefined {
    const perByte = 8 / this.bits;
    const byte = Number.isSafeInteger(index) && index >= 0 ? this.bytes[Math.floor(index / perByte)] : undefined;
    if (byte === undefined) return undefined;
    const value = (byte >> ((index % perByte) * this.bits)) & ((1 << this.bits) - 1);
    return value === 0 ? 'VALID' : value === 2 ? 'SUSPENDED' : 'REVOKED';
  }
}

/** Fetches status list tokens and believes only what the issuer of the credential signed for this very address. */
@Injectable()
export class StatusLists {
  private readonly log = new Logger('credentials');

  constructor(private readonly http: OutgoingHttp, private readonly keys: CredentialKeys) {}

  /** Undefined where the list cannot be had or is not good; why is in the log. */
  async read(issuer: CredentialIssuer, uri: string, now: Date): Promise<StatusList | undefined> {
    try {
      const response = await this.http.fetch(uri, { headers: { accept: 'application/statuslist+jwt' } });
      if (!response.ok) throw new Error(`it answers ${response.status}`);
      const verified = await this.keys.verify(issuer, (await response.text()).trim(), now);
      if (hasFailed(verified)) throw new Error(verified.failure);
      const problem = tokenProblem(verified.header.typ, verified.payload, issuer.iss, uri, now);
      if (problem) throw new Error(problem);
      const list = StatusList.of(verified.payload['status_list']);
      if (!list) throw new Error('its list cannot be read');
      return list;
    } catch (error) {
      this.log.warn(`status list ${uri}: ${(error as Error).message}`);
      return undefined;
    }
  }
}

function tokenProblem(typ: unknown, payload: Record<string, unknown>, iss: string, uri: string, now: Date): string | undefined {
  if (String(typ).replace(/^application\//, '') !== 'statuslist+jwt') return 'it is no status list token';
  if (payload['sub'] !== uri) return 'it is of another address';
  if (payload['iss'] !== undefined && payload['iss'] !== iss) return 'it is of another issuer';
  const issuedAt = numericDate(payload['iat']);
  if (!issuedAt || issuedAt.getTime() > now.getTime() + SKEW_MS) return 'it is from the future';
  if (payload['ttl'] !== undefined && !((payload['ttl'] as number) > 0)) return 'its time to live is none';
  const expires = numericDate(payload['exp']);
  return payload['exp'] !== undefined && (!expires || expires <= now) ? 'it has expired' : undefined;
}
