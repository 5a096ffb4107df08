import type { Notice, NoticeKind } from '../notice.js';

export const WEBHOOK_MESSAGE_STATES = ['WAITING', 'DELIVERED', 'FAILED'] as const;
export type WebhookMessageState = (typeof WEBHOOK_MESSAGE_STATES)[number];
/** STATUS: an answer outside of 2xx. REDIRECT: not followed. REFUSED: an address that the exchange does not call. UNREACHABLE: no connection, no TLS, or it broke off. */
export const WEBHOOK_FAILURES = ['STATUS', 'REDIRECT', 'TIMEOUT', 'REFUSED', 'UNREACHABLE', 'ENDPOINT_DISABLED'] as const;
export type WebhookFailure = (typeof WEBHOOK_FAILURES)[number];

/** One notice on its way to one endpoint. Its `webhook-id` is the notice's id, in every attempt and replay. */
export interface WebhookMessage {
  readonly endpointId: string;
  readonly noticeId: string;
  readonly kind: NoticeKind;
  readonly state: WebhookMessageState;
  /** Since it was sent first or replayed. */
  readonly attempts: number;
  readonly nextAttemptAt: Date | null;
  readonly lastStatus: number | null;
  readonly failure: WebhookFailure | null;
  readonly createdAt: Date;
  readonly finishedAt: Date | null;
}

export interface WebhookAttempt {
  readonly id: string;
  readonly endpointId: string;
  readonly noticeId: string;
  readonly at: Date;
  readonly durationMs: number;
  readonly status: number | null;
  readonly failure: WebhookFailure | null;
  readonly nextAttemptAt: Date | null;
}

/** What came of one attempt: `failure` is null for 2xx. */
export interface Outcome {
  readonly status: number | null;
  readonly failure: WebhookFailure | null;
}

/** Messages and their attempts are kept so long; the notice stays. */
export const LOG_DAYS = 30;

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;
/** The schedule that Standard Webhooks recommends: 75 hours from the first attempt to the tenth. */
export const RETRY_AFTER_MS: readonly number[] = [5 * SECOND, 300 * SECOND, 1_800 * SECOND, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR];
/** Up to so much of a pause is added, so that what failed together is not tried together. */
const JITTER = 0.1;

/** From 0 to 1, of each message its own: the last digits of an id are random, so nobody has to throw dice. */
export const spreadOf = (id: string): number => Number.parseInt(id.slice(-8), 16) / 0xffffffff;

/** When to try again after so many attempts, this one included; null: never. `spread` is from 0 to 1. */
export function nextAttempt(attempts: number, at: Date, spread: number): Date | null {
  const pause = RETRY_AFTER_MS[attempts - 1];
  return pause === undefined ? null : new Date(at.getTime() + Math.round(pause * (1 + JITTER * spread)));
}

export function outcomeOf(status: number): Outcome {
  if (status >= 200 && status < 300) return { status, failure: null };
  return { status, failure: status >= 300 && status < 400 ? 'REDIRECT' : 'STATUS' };
}

/** The body: what the organisation reads of the notice in `notices`. The same bytes in every attempt. */
export const bodyOf = ({ id, objectType, objectId, kind, text, details, decisionId, createdAt }: Notice): string =>
  JSON.stringify({ type: kind, timestamp: createdAt.toISOString(), data: { id, objectType, objectId, kind, text, details, decisionId, createdAt: createdAt.toISOString() } });
