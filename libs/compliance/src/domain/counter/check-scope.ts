import { invalid, type InvalidInput, isCountry, isId } from '#shared';
import { COUNTER_ERRORS } from '../../counter.errors.js';
import type { Scope } from '../approvals/approval.js';
import { MAX_PERSONS } from '../classification.js';

const PURPOSE = /^[A-Z][A-Z_]{2,39}$/;
export const SCOPE_LIMITS = { purposes: 50, destinations: 300, productIds: 100 } as const;

/** What is wrong in a scope by itself. A list that is there names something: an empty one would allow nothing. */
export function checkScope({ purposes, destinations, productIds, persons, sensitivePersons, recipientId }: Scope): InvalidInput | undefined {
  const wrong = (path: keyof Scope, message: string): InvalidInput => invalid(COUNTER_ERRORS.SCOPE, `scope.${path}`, message);
  const bad = (list: readonly string[] | null, most: number, good: (item: string) => boolean): boolean => list !== null && (list.length === 0 || list.length > most || new Set(list).size !== list.length || !list.every(good));
  const absurd = (count: bigint | null): boolean => count !== null && (count < 0n || count > MAX_PERSONS);
  if (bad(purposes, SCOPE_LIMITS.purposes, (p) => PURPOSE.test(p))) return wrong('purposes', `1 to ${SCOPE_LIMITS.purposes} purposes, each once`);
  if (bad(destinations, SCOPE_LIMITS.destinations, isCountry)) return wrong('destinations', 'ISO 3166-1 codes, each once');
  if (bad(productIds, SCOPE_LIMITS.productIds, isId)) return wrong('productIds', `1 to ${SCOPE_LIMITS.productIds} products, each once`);
  if (absurd(persons)) return wrong('persons', `a number of persons from 0 to ${MAX_PERSONS}`);
  if (absurd(sensitivePersons)) return wrong('sensitivePersons', `a number of persons from 0 to ${MAX_PERSONS}`);
  return recipientId !== null && !isId(recipientId) ? wrong('recipientId', 'an organisation') : undefined;
}
