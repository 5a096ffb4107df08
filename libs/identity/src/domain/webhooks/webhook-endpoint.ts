import { defineStateTable } from '#shared';
import type { NoticeKind } from '../notice.js';

export const WEBHOOK_ENDPOINT_STATES = ['ENABLED', 'DISABLED', 'DELETED'] as const;
export type WebhookEndpointState = (typeof WEBHOOK_ENDPOINT_STATES)[number];
export type WebhookEndpointEvent = 'enable' | 'disable' | 'delete';
export const webhookEndpointStates = defineStateTable<WebhookEndpointState, WebhookEndpointEvent>(
  'webhook-endpoint', ['ENABLED'], WEBHOOK_ENDPOINT_STATES,
  [
    { from: 'ENABLED', event: 'disable', to: 'DISABLED' },
    { from: 'DISABLED', event: 'enable', to: 'ENABLED' },
    { from: 'ENABLED', event: 'delete', to: 'DELETED' },
    { from: 'DISABLED', event: 'delete', to: 'DELETED' },
  ],
);

/** FAILING: nothing was taken for days. GONE: it answered 410. */
export const DISABLED_BECAUSE = ['CUSTOMER', 'FAILING', 'GONE'] as const;
export type DisabledBecause = (typeof DISABLED_BECAUSE)[number];

/** Where an organisation wants its notices sent. */
export interface WebhookEndpoint {
  readonly id: string;
  readonly organisationId: string;
  readonly url: string;
  readonly description: string;
  /** None: all. */
  readonly kinds: readonly NoticeKind[];
  readonly state: WebhookEndpointState;
  readonly disabledBecause: DisabledBecause | null;
  /** Until then the secret before the last rotation signs too. */
  readonly previousUntil: Date | null;
  readonly failingSince: Date | null;
  readonly lastSuccessAt: Date | null;
  readonly createdAt: Date;
}

/** Systems of one organisation that want notices: a dozen departments would share a gateway. */
export const ENDPOINTS_MAX = 10;
export const URL_MAX = 2_000;
/** Without a single success for so long an endpoint is disabled: longer than the retries of one message and a long weekend. */
const FAILING_DAYS = 5;

/** Why an endpoint that failed is to be disabled, if so. RFC 9110, 15.5.11: 410 says that it will not come back. */
export function verdict(failingSince: Date, at: Date, status: number | null): Exclude<DisabledBecause, 'CUSTOMER'> | null {
  if (status === 410) return 'GONE';
  return at.getTime() - failingSince.getTime() >= FAILING_DAYS * 86_400_000 ? 'FAILING' : null;
}

/** An address that can be one of an endpoint; whether it may be called is asked of who calls. */
export function endpointUrl(text: string): URL | null {
  if (text.length > URL_MAX || !URL.canParse(text)) return null;
  const url = new URL(text);
  return ['https:', 'http:'].includes(url.protocol) && !url.username && !url.password && !url.hash && url.href.length <= URL_MAX ? url : null;
}
