import { sha256Hex } from '#shared';

/**
 * How a call ended. CHARGED: it succeeded. ANSWERED: the vendor answered something else than success, and the caller has that. The others are free too: VENDOR_FAILED, TIMED_OUT,
 * BROKEN_OFF by the exchange, CLIENT_LEFT, REFUSED for what the caller sent. INTERRUPTED: a process of the exchange died in it.
 */
export const CALL_OUTCOMES = ['CHARGED', 'ANSWERED', 'VENDOR_FAILED', 'TIMED_OUT', 'BROKEN_OFF', 'CLIENT_LEFT', 'REFUSED', 'INTERRUPTED'] as const;
export type CallOutcome = (typeof CALL_OUTCOMES)[number];

/** Whose call it is, and under what. */
export interface CallSides {
  readonly licenceId: string;
  readonly agreementId: string;
  readonly agreementHash: string;
  readonly decisionId: string;
  readonly productId: string;
  readonly vendorId: string;
  readonly buyerId: string;
}
/** A call that was let in. */
export interface ApiCall extends CallSides {
  readonly id: string;
  /** `GET /v1/quotes/{symbol}`: what is kept of what was asked. */
  readonly operation: string;
  readonly cost: bigint;
  readonly startedAt: Date;
}
/** One line of the list that both sides see. */
export interface EndedCall {
  readonly id: string;
  readonly licenceId: string;
  readonly productId: string;
  readonly vendorId: string;
  readonly buyerId: string;
  readonly operation: string;
  readonly outcome: CallOutcome;
  readonly status: number | null;
  readonly calls: bigint;
  readonly bytes: bigint;
  readonly startedAt: Date;
  readonly endedAt: Date;
  readonly durationMs: number;
}

/** The exchange's signed statement over calls that were charged together. */
export interface CallReceipt {
  readonly id: string;
  readonly licenceId: string;
  readonly agreementId: string;
  readonly decisionId: string;
  readonly vendorId: string;
  readonly buyerId: string;
  readonly calls: bigint;
  readonly bytes: bigint;
  /** SHA-256 over the ids of the calls in it, sorted, a line each. */
  readonly digest: string;
  readonly completedAt: Date;
  readonly jws: string;
}

export const callsDigest = (ids: readonly string[]): string => sha256Hex([...ids].sort().join('\n'));

/** What the signature covers. `callIds` and `agreementHash` are in it and nowhere else: whoever holds the receipt has them. */
export const callReceiptPayload = (receipt: Omit<CallReceipt, 'jws'>, { agreementHash }: Pick<CallSides, 'agreementHash'>, callIds: readonly string[]): Record<string, unknown> => ({
  ...receipt, agreementHash, callIds: [...callIds].sort(), calls: receipt.calls.toString(), bytes: receipt.bytes.toString(), completedAt: receipt.completedAt.toISOString(),
});

/** Shorter ones are found in answers by chance. */
export const SECRET_MIN = 8;

/** How the exchange shows itself to the vendor's system. */
export type Placement = 'BEARER' | 'HEADER' | 'BASIC' | 'QUERY';
export const PLACEMENTS: readonly Placement[] = ['BEARER', 'HEADER', 'BASIC', 'QUERY'];
export interface Credential {
  readonly placement: Placement;
  /** Of the header field or the query parameter. */
  readonly name: string | null;
  /** Of BASIC `user:password`. */
  readonly value: string;
}

/** Fields that belong to HTTP itself: a credential in them would change what the call is. */
const NOT_A_CREDENTIAL = /^(?:host|connection|content-length|content-type|transfer-encoding|te|trailer|upgrade|keep-alive|expect|proxy-.*|via|forwarded|x-forwarded-.*|range|accept-encoding)$/i;

/** What is wrong with it, by field; null: nothing. */
export function credentialProblem({ placement, name, value }: Credential): { readonly path: string; readonly message: string } | null {
  const named = placement === 'HEADER' || placement === 'QUERY';
  if (named !== (name !== null)) return { path: 'name', message: 'of HEADER and QUERY, and of those alone' };
  if (placement === 'HEADER' && (!/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/.test(name!) || NOT_A_CREDENTIAL.test(name!))) return { path: 'name', message: 'the name of a header field that is no part of HTTP itself' };
  if (placement === 'QUERY' && !/^[A-Za-z0-9._~-]{1,100}$/.test(name!)) return { path: 'name', message: 'the name of a query parameter: letters, digits and . _ ~ -' };
  if (placement === 'BASIC' && !value.includes(':')) return { path: 'value', message: 'user:password' };
  return value.length >= SECRET_MIN && value.length <= 4_000 && /^[\x21-\x7e]+$/.test(value) ? null : { path: 'value', message: `${SECRET_MIN} to 4000 printable characters without spaces` };
}

const basicOf = (value: string): string => Buffer.from(value).toString('base64');

/** The header field that carries it; none of a query parameter. */
export function credentialHeader({ placement, name, value }: Credential): Readonly<Record<string, string>> {
  if (placement === 'QUERY') return {};
  return placement === 'HEADER' ? { [name!.toLowerCase()]: value } : { authorization: placement === 'BEARER' ? `Bearer ${value}` : `Basic ${basicOf(value)}` };
}

/** The forms of a credential that must not come back in an answer. */
export function secretsOf({ placement, value }: Credential): string[] {
  const password = placement === 'BASIC' ? value.slice(value.indexOf(':') + 1) : '';
  return [...new Set([value, encodeURIComponent(value), ...(placement === 'BASIC' ? [basicOf(value)] : []), ...(password.length >= SECRET_MIN ? [password] : [])])];
}
