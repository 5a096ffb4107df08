import type { OfferState } from '../licence-state.js';
import type { PricePlan } from './price-plan.js';
import { quote } from './quote.js';

export const AUDIENCES = ['PUBLIC', 'NAMED'] as const;
export type Audience = (typeof AUDIENCES)[number];
/** Sizes and currencies of one product, side by side. */
export const MAX_PLANS = 12;
/** The customers of a framework contract; more is a public offer. */
export const MAX_NAMED = 100;

export interface OfferWindow {
  readonly state: OfferState;
  readonly audience: Audience;
  readonly audienceIds: readonly string[];
  readonly opensAt: Date | null;
  readonly validUntil: Date | null;
  /** From then on another offer stands in its place. */
  readonly supersededAt: Date | null;
}

/** Whether an organisation is among those to whom the offer is made. To everybody else it does not exist. */
export const isMadeTo = ({ audience, audienceIds }: Pick<OfferWindow, 'audience' | 'audienceIds'>, organisationId: string | null): boolean =>
  audience === 'PUBLIC' || (organisationId !== null && audienceIds.includes(organisationId));

/** Whether it ever bound its vendor: one that waits, or waited in vain, for a second signature is his own matter. */
export const isMade = ({ state }: Pick<OfferWindow, 'state'>): boolean => state === 'ACTIVE' || state === 'WITHDRAWN';

/** Whether it takes orders now. */
export const isOpen = ({ state, opensAt, validUntil, supersededAt }: OfferWindow, now: Date): boolean =>
  state === 'ACTIVE' && (opensAt === null || opensAt <= now) && [validUntil, supersededAt].every((end) => end === null || end > now);

/** Why it takes none. */
export const closedState = ({ state, opensAt, supersededAt }: OfferWindow, now: Date): string =>
  state !== 'ACTIVE' ? state : opensAt && opensAt > now ? 'NOT_OPEN' : supersededAt && supersededAt <= now ? 'SUPERSEDED' : 'EXPIRED';

/** What the plan that asks for the least at the start asks for, in minor units of its currency. */
export const entryMinor = (plans: readonly PricePlan[]): bigint => plans.map((p) => quote(p).dueAtStartMinor).reduce((a, b) => (a < b ? a : b));
