import { defineStateTable, type FieldProblem, isCountry, isCurrency, LIMITS } from '#shared';
import { type Audience, isFor } from '../search/audience.js';

export const DATA_REQUEST_STATES = ['OPEN', 'FULFILLED', 'CLOSED', 'EXPIRED', 'REMOVED'] as const;
export type DataRequestState = (typeof DATA_REQUEST_STATES)[number];
export type DataRequestEvent = 'fulfil' | 'close' | 'expire' | 'remove';
/** It is open until its asker closes it, its time is over, or staff take it down. */
export const dataRequestStates = defineStateTable<DataRequestState, DataRequestEvent>('data-request', ['OPEN'], DATA_REQUEST_STATES, [
  { from: 'OPEN', event: 'fulfil', to: 'FULFILLED' },
  { from: 'OPEN', event: 'close', to: 'CLOSED' },
  { from: 'OPEN', event: 'expire', to: 'EXPIRED' },
  { from: 'OPEN', event: 'remove', to: 'REMOVED' },
]);

export const ANSWER_STATES = ['SENT', 'ACCEPTED', 'DECLINED'] as const;
export type AnswerState = (typeof ANSWER_STATES)[number];
export const answerStates = defineStateTable<AnswerState, 'accept' | 'decline'>('data-request-answer', ['SENT'], ANSWER_STATES, [
  { from: 'SENT', event: 'accept', to: 'ACCEPTED' },
  { from: 'SENT', event: 'decline', to: 'DECLINED' },
]);

/** Minor units; either end may be open, not both. */
export interface Budget {
  readonly minMinor: bigint | null;
  readonly maxMinor: bigint | null;
  readonly currency: string;
}
/** What is looked for. */
export interface Wanted {
  readonly title: string;
  readonly description: string;
  /** Codes of the EU data-theme table. */
  readonly themes: readonly string[];
  /** Where the data is about, ISO 3166-1 alpha-2; none: anywhere. */
  readonly countries: readonly string[];
  /** A code of the EU frequency table. */
  readonly frequency: string | null;
  readonly budget: Budget | null;
  /** What for, as offers name it. */
  readonly purposes: readonly string[];
  readonly expiresAt: Date;
}
export interface NamedOrganisation {
  readonly id: string;
  readonly legalName: string;
  readonly jurisdiction: string;
}
export interface DataRequest extends Wanted {
  readonly id: string;
  readonly anonymous: boolean;
  readonly asker: NamedOrganisation;
  readonly state: DataRequestState;
  readonly endReason: string | null;
  readonly createdAt: Date;
  readonly endedAt: Date | null;
}

const DAY_MS = 86_400_000;

/** What is wrong with what is asked for. */
export function checkWanted({ themes, countries, frequency, budget, expiresAt }: Wanted, known: { readonly themes: object; readonly frequencies: object }, now: Date): FieldProblem[] {
  const latest = now.getTime() + LIMITS.dataRequestDays * DAY_MS;
  return [
    ...themes.flatMap((t, i) => (Object.hasOwn(known.themes, t) ? [] : [{ path: `themes.${i}`, message: 'a code of the EU data-theme table' }])),
    ...countries.flatMap((c, i) => (isCountry(c) ? [] : [{ path: `countries.${i}`, message: 'an ISO 3166-1 alpha-2 code' }])),
    ...(frequency === null || Object.hasOwn(known.frequencies, frequency) ? [] : [{ path: 'frequency', message: 'a code of the EU frequency table' }]),
    ...(budget ? checkBudget(budget) : []),
    ...(expiresAt > now && expiresAt.getTime() <= latest ? [] : [{ path: 'expiresAt', message: `from now to ${LIMITS.dataRequestDays} days ahead` }]),
  ];
}
function checkBudget({ minMinor, maxMinor, currency }: Budget): FieldProblem[] {
  if (!isCurrency(currency)) return [{ path: 'budget.currency', message: 'a currency that is traded here' }];
  if (minMinor === null && maxMinor === null) return [{ path: 'budget', message: 'a lower or an upper end' }];
  return minMinor !== null && maxMinor !== null && minMinor > maxMinor ? [{ path: 'budget.maxMinor', message: 'not below the lower end' }] : [];
}

/** Whether it can be answered and decided on at this moment, whether or not the sweep has written its end down. */
export const isOpen = ({ state, expiresAt }: Pick<DataRequest, 'state' | 'expiresAt'>, now: Date): boolean => state === 'OPEN' && expiresAt > now;

/**
 * Whether a product may stand in an answer. To an asker who is not named, only what everybody finds: whether a private one is for him
 * would tell who he is.
 */
export const answersWith = (audience: Audience, { anonymous, asker }: Pick<DataRequest, 'anonymous' | 'asker'>): boolean => isFor(audience, anonymous ? null : asker.id);
