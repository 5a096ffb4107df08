import { accepts as isRecognised } from '../certificates/recognition.js';
import { type FactName, type HeldScheme, type MechanismState, mechanismState, type NamedFacts, UNKNOWN_HOLDERS } from './facts.js';
import { type CountryList, codesOn, type ListPosition, listSays, measure, type RecognitionList, type Saying, type ThresholdList, type ZoneList } from './lists.js';

/** A condition as data. `gte` includes its number (以上), `lt` excludes it (不满). `{ all: [] }` always holds. */
export type Condition =
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition }
  | { readonly mechanism: string; readonly is: MechanismState }
  | { readonly fact: FactName; readonly eq: string | boolean }
  | { readonly fact: FactName; readonly in: readonly string[] }
  | { readonly fact: FactName; readonly inList: string }
  | { readonly fact: FactName; readonly gte: number }
  | { readonly fact: FactName; readonly lt: number }
  /** The shares held from the countries of a list, together, reach so many basis points. */
  | { readonly fact: FactName; readonly sharesOf: string; readonly gte: number }
  | { readonly fact: FactName; readonly against: string; readonly is: 'none' | 'below' | 'at' | 'above' }
  /** A scheme that `by` accepts for transfers to the destination (list of mutual recognition). */
  | { readonly fact: FactName; readonly accepts: string; readonly by: string }
  | { readonly fact: FactName; readonly says: Saying; readonly tier?: string };

/** What the lists say on one day. */
export interface ListsOnDay {
  readonly day: string;
  readonly countries: (id: string) => CountryList;
  readonly thresholds: (id: string) => ThresholdList;
  readonly zone: (id: string) => ZoneList | undefined;
  readonly recognition: () => RecognitionList | undefined;
}

/** Whether a condition holds; undefined where a fact that decides is not known. A fact that is null meets no comparison. */
export type Test = (facts: NamedFacts) => boolean | undefined;

export const isAlways = (condition: Condition): boolean => 'all' in condition && condition.all.length === 0;

/** A condition made ready for one day. */
export function compile(condition: Condition, lists: ListsOnDay): Test {
  if ('all' in condition) return every(condition.all.map((c) => compile(c, lists)));
  if ('any' in condition) return some(condition.any.map((c) => compile(c, lists)));
  if ('not' in condition) {
    const test = compile(condition.not, lists);
    return (facts) => { const held = test(facts); return held === undefined ? undefined : !held; };
  }
  if ('mechanism' in condition) return (facts) => (facts.mechanismsUnknown ? undefined : mechanismState(facts, condition.mechanism) === condition.is);
  const { fact } = condition;
  const known = (test: (value: unknown, facts: NamedFacts) => boolean | undefined): Test => (facts) => { const value = facts[fact]; return value === undefined ? undefined : value === null ? false : test(value, facts); };
  if ('eq' in condition) return known((value) => value === condition.eq);
  if ('in' in condition) return known((value) => condition.in.includes(value as string));
  if ('inList' in condition) {
    const codes = codesOn(lists.countries(condition.inList), lists.day);
    return known((value) => codes.has(value as string));
  }
  if ('sharesOf' in condition) {
    const codes = codesOn(lists.countries(condition.sharesOf), lists.day);
    return known((value) => reaches(value as ReadonlyMap<string, number>, codes, condition.gte));
  }
  if ('against' in condition) {
    const list = lists.thresholds(condition.against);
    return known((value) => measure(list, lists.day, value as ReadonlyMap<string, bigint>) === condition.is);
  }
  if ('accepts' in condition) return known((value, facts) => isAccepted(lists, value as readonly HeldScheme[], condition, facts));
  if ('says' in condition) return known((value, facts) => says(lists, value as ListPosition, condition, facts));
  if ('gte' in condition) { const number = BigInt(condition.gte); return known((value) => (value as bigint) >= number); }
  const number = BigInt(condition.lt);
  return known((value) => (value as bigint) < number);
}

/** The facts that keep a condition from being decided. */
export function unknownsIn(condition: Condition, lists: ListsOnDay, facts: NamedFacts): string[] {
  if (compile(condition, lists)(facts) !== undefined) return [];
  if ('all' in condition || 'any' in condition) return ('all' in condition ? condition.all : condition.any).flatMap((c) => unknownsIn(c, lists, facts));
  if ('not' in condition) return unknownsIn(condition.not, lists, facts);
  if ('mechanism' in condition) return [];
  if (!('says' in condition) || facts.negativeList === undefined) return [condition.fact];
  const position = facts.negativeList!;
  if (lists.zone(position.list) === undefined) return ['negativeList.list'];
  const places = (['registeredIn', 'originProvince', 'zone'] as const).filter((f) => facts[f] === undefined);
  if (places.length) return places;
  if (position.itemOnList && condition.tier !== undefined && position.tier === undefined) return ['negativeList.tier'];
  return [condition.says === 'whitelisted' ? 'negativeList.whitelisted' : 'negativeList.itemOnList'];
}

const every = (tests: readonly Test[]): Test => (facts) => {
  let result: boolean | undefined = true;
  for (const test of tests) {
    const held = test(facts);
    if (held === false) return false;
    if (held === undefined) result = undefined;
  }
  return result;
};
const some = (tests: readonly Test[]): Test => (facts) => {
  let result: boolean | undefined = false;
  for (const test of tests) {
    const held = test(facts);
    if (held === true) return true;
    if (held === undefined) result = undefined;
  }
  return result;
};

/** Whether the shares of these countries reach the number; undefined where the part whose holders are not known decides. */
function reaches(shares: ReadonlyMap<string, number>, codes: ReadonlySet<string>, number: number): boolean | undefined {
  let sum = 0;
  for (const [country, share] of shares) if (codes.has(country)) sum += share;
  if (sum >= number) return true;
  return sum + (shares.get(UNKNOWN_HOLDERS) ?? 0) >= number ? undefined : false;
}

function isAccepted(lists: ListsOnDay, held: readonly HeldScheme[], { accepts, by }: { accepts: string; by: string }, facts: NamedFacts): boolean {
  const recognition = lists.recognition();
  const ask = { jurisdiction: by, for: 'transfer', day: lists.day, country: facts.destination ?? '' };
  return recognition !== undefined && held.some((h) => h.scheme === accepts && isRecognised(recognition, ask, h));
}

function says(lists: ListsOnDay, position: ListPosition, condition: { says: Saying; tier?: string }, facts: NamedFacts): boolean | undefined {
  const list = lists.zone(position.list);
  if (!list) return undefined;
  const said = listSays(list, lists.day, facts as Parameters<typeof listSays>[2], position, condition.says);
  if (condition.tier === undefined || said === false) return said;
  const tier = position.tier === undefined ? undefined : position.tier === condition.tier;
  return said === undefined || tier === undefined ? (tier === false ? false : undefined) : tier;
}
