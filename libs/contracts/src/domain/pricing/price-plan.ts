import type { DeliveryMeter, Meter } from './meters.js';

export const USAGE_MODELS = ['FLAT', 'GRADUATED', 'VOLUME', 'PACKAGE'] as const;
/**
 * How the units of a period become an amount. FLAT: one price. GRADUATED: each unit at the price of the tier it lies in. VOLUME: all at
 * the price of the tier that the last one lies in. PACKAGE: begun packages of so many units, each at the price of its tier.
 */
export type UsageModel = (typeof USAGE_MODELS)[number];

export interface PriceTier {
  /** The last unit of the tier, counted in charged units of the period; null: open. */
  readonly upTo: string | null;
  /** Major units, of one unit or of one package. */
  readonly unitPrice: string;
  /** Minor units, once in a period that reaches the tier. */
  readonly flatFeeMinor: string;
}

export interface OneOffComponent {
  readonly kind: 'ONE_OFF';
  readonly label: string;
  /** Minor units, at the start. */
  readonly minor: string;
}
export interface RecurringComponent {
  readonly kind: 'RECURRING';
  readonly label: string;
  /** Minor units, at the start of each period, in advance. */
  readonly minor: string;
}
export interface UsageComponent {
  readonly kind: 'USAGE';
  readonly label: string;
  readonly meter: Meter;
  readonly model: UsageModel;
  /** Ascending, the last one open: so nothing lies between two, and nothing in both. */
  readonly tiers: readonly PriceTier[];
  /** Of PACKAGE. */
  readonly packageSize: string | null;
  /** Units of each period that cost nothing; tiers count what is above. */
  readonly freeQuota: string;
}
export type PriceComponent = OneOffComponent | RecurringComponent | UsageComponent;

export interface PlanTrial {
  /** ISO 8601. */
  readonly duration: string;
  /** What can be used in it, where that is limited. */
  readonly quotas: readonly { readonly meter: DeliveryMeter; readonly quantity: string }[];
}

/**
 * What a licence costs and how long it lasts. A document: numbers are strings of digits, so that it is stored, frozen in an agreement
 * and hashed the same everywhere. Quantities and tiers start anew with each period.
 */
export interface PlanTerms {
  readonly label: string;
  readonly currency: string;
  /** ISO 8601: how long the licence lasts, from the day on which it is paid for. */
  readonly duration: string;
  /** ISO 8601: what it renews by, a whole number of times in `duration`; null: one period, a fixed term that nothing changes. */
  readonly period: string | null;
  readonly components: readonly PriceComponent[];
  /** Minor units: recurring and used together come to so much in each period, or the rest is charged when it closes. */
  readonly minimumCommitmentMinor: string | null;
  /** Free days before the first period; it converts by itself. */
  readonly trial: PlanTrial | null;
  /** What can be used in each period at the most; missing: as much as is paid for. Plans of before have none, and keep their hash. */
  readonly quotas?: readonly { readonly meter: Meter; readonly quantity: string }[];
}
export interface PricePlan extends PlanTerms {
  readonly id: string;
}

export const usageOf = (plan: PlanTerms): UsageComponent[] => plan.components.filter((c) => c.kind === 'USAGE');
export const sumMinor = (plan: PlanTerms, kind: 'ONE_OFF' | 'RECURRING'): bigint => plan.components.reduce((sum, c) => (c.kind === kind ? sum + BigInt(c.minor) : sum), 0n);
