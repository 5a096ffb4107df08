import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * How far the rows reach that a statement may see, for row-level security: the wall behind the use cases.
 * `none`: public rows only. `tenant`: and those that an organisation is a party of. `auditor`: reads everything, writes nothing.
 * `staff`: reads and writes everything. `system`: the exchange acting by itself.
 */
export type Reach = 'none' | 'tenant' | 'auditor' | 'staff' | 'system';

export interface RequestScope {
  reach: Reach;
  tenantId: string | null;
  /** The caller's name in words of `Caller`; '' for nobody. Its own idempotency keys hang on it. */
  subject: string;
  /** Aborted when the client has gone or the time of the request is over. */
  signal?: AbortSignal;
}

const NOBODY: RequestScope = Object.freeze({ reach: 'none', tenantId: null, subject: '' });
const SYSTEM: RequestScope = Object.freeze({ reach: 'system', tenantId: null, subject: 'system' });

const storage = new AsyncLocalStorage<RequestScope>();

/** The scope of what runs now. Whoever came in by no known way is nobody. */
export const currentScope = (): RequestScope => storage.getStore() ?? outside;
let outside = NOBODY;

/** Nobody, with the signal of the request: what is public is the same for all. */
export function asNobody(): RequestScope {
  const signal = storage.getStore()?.signal;
  return signal ? { ...NOBODY, signal } : NOBODY;
}

export const withScope = <T>(scope: RequestScope, work: () => T): T => storage.run(scope, work);

/**
 * Runs `work` as the exchange itself: relay, schedules, start, the look-up of a credential, and the acts that by their nature touch
 * rows of both sides. The signal of the request stays.
 */
export const asSystem = <T>(work: () => T): T => {
  const signal = storage.getStore()?.signal;
  return storage.run(signal ? { ...SYSTEM, signal } : SYSTEM, work);
};

/** What several requests asked for at once: none of them ends it for the others. */
export const asExchange = <T>(work: () => T): T => storage.run(SYSTEM, work);

/** For tests that call rooms directly, without a request: outside of requests they are the exchange itself. */
export function trustCallsOutsideRequests(): void {
  outside = SYSTEM;
}
