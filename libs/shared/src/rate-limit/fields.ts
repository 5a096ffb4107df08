import type { LimitPolicy, LimitStanding } from './leased-limiter.js';

/** A quota policy item of the RateLimit-Policy field (draft-ietf-httpapi-ratelimit-headers): quota and window. */
export const policyField = (name: string, { points, seconds }: LimitPolicy): string => `"${name}";q=${points};w=${seconds}`;
/** A service limit item of the RateLimit field: what remains, and in how many seconds there is more. */
export const limitField = (name: string, { remaining, secondsLeft }: LimitStanding): string => `"${name}";r=${Math.max(0, remaining)};t=${secondsLeft}`;
