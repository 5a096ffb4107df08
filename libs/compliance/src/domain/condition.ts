import type { FactName, NamedFacts } from './facts.js';

/** A condition as data. `gte` includes its number (以上), `lt` excludes it (不满). `{ all: [] }` always holds. */
export type Condition =
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition }
  | { readonly fact: FactName; readonly eq: string | boolean }
  | { readonly fact: FactName; readonly in: readonly string[] }
  | { readonly fact: FactName; readonly gte: number }
  | { readonly fact: FactName; readonly lt: number };

export const isAlways = (condition: Condition): boolean => 'all' in condition && condition.all.length === 0;

/** Whether a condition holds. A fact that is not known (null) meets no comparison. */
export function holds(condition: Condition, facts: NamedFacts): boolean {
  if ('all' in condition) return condition.all.every((c) => holds(c, facts));
  if ('any' in condition) return condition.any.some((c) => holds(c, facts));
  if ('not' in condition) return !holds(condition.not, facts);
  const value = facts[condition.fact];
  if ('eq' in condition) return value === condition.eq;
  if ('in' in condition) return typeof value === 'string' && condition.in.includes(value);
  if (typeof value !== 'bigint') return false;
  return 'gte' in condition ? value >= BigInt(condition.gte) : value < BigInt(condition.lt);
}
