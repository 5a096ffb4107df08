/** Who asks, in words that every room understands. The identity room's `Actor` extends it. */
export interface Caller {
  /** `member:<id>`, `key:<id>`, `identity:<issuer>|<subject>` or `system:<name>`. */
  readonly subject: string;
  /** The organisation that the caller acts for; null for the exchange's own processes and for newcomers. */
  readonly tenantId: string | null;
  readonly requestId: string;
  readonly idempotencyKey?: string;
}

/** The exchange acting by itself: relay, schedules, start. */
export const systemCaller = (name: string, requestId = `system:${name}`): Caller => ({ subject: `system:${name}`, tenantId: null, requestId });
