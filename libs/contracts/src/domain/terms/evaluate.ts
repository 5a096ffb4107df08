import { type Condition, type Constraint, type Duty, isLogical, type Policy, type Rule } from './policy.js';
import { isKindOf } from './purposes.js';
import { addDuration } from '../pricing/duration.js';
import { type ActionName, chainOf, permittedBy } from './vocabulary.js';

/** What somebody means to do. */
export interface UseRequest {
  readonly action: ActionName;
  /** Purpose code. */
  readonly purpose: string;
  /** ISO 3166 codes: everywhere the data will be. Each has to be permitted. */
  readonly places: readonly string[];
  /** Who will have it: of each the UUID, if he is known here, and the classes that he belongs to. Each has to be permitted. */
  readonly recipients: readonly (readonly string[])[];
  readonly at: Date;
  /** When the licence began; null: it would begin at that moment. */
  readonly began: Date | null;
  /** How often it was done before; null where it is under way: then it was counted when it began. */
  readonly before: bigint | null;
  /** How many users are named, where whoever asks is one of them; Infinity where he is not; null where nobody asks for himself yet: then it is not looked at. */
  readonly named: number | null;
  /** Null where no file is asked for yet: then formats are not looked at. */
  readonly mediaType: string | null;
  /** The kind of channel on which it would come; null or missing where none is chosen yet: then channels are not looked at. */
  readonly channel?: string | null;
}

export type Judgement =
  | { readonly permitted: true; readonly clause: Rule; readonly duties: readonly Duty[] }
  /** `clause` null: nothing permits the action at all. `failed`: the condition of a permission that does not hold; null where a prohibition decided. */
  | { readonly permitted: false; readonly kind: 'PROHIBITION' | 'PERMISSION' | 'NONE'; readonly clause: Rule | null; readonly failed: Condition | null };

type One = Omit<UseRequest, 'places' | 'recipients'> & { readonly place: string; readonly recipient: readonly string[] };
/** `open`: how a condition counts that is not asked about yet. A permission may still hold, a prohibition does not hold yet. */
type Asked = One & { readonly open: boolean };
/** Null: it cannot be told. */
type Truth = boolean | null;

/**
 * Judges a use by the policy, and names the clause that decided. A prohibition prevails; what nothing permits is forbidden; where a condition
 * cannot be judged, a permission does not hold and a prohibition does. Pure.
 */
export function judge(policy: Policy, { places, recipients, ...request }: UseRequest): Judgement {
  if (places.length === 0 || recipients.length === 0) throw new Error('a use has a place and a recipient');
  let last: Judgement | null = null;
  for (const place of places) {
    for (const recipient of recipients) {
      last = judgeOne(policy, { ...request, place, recipient });
      if (!last.permitted) return last;
    }
  }
  return last!;
}

function judgeOne(policy: Policy, request: One): Judgement {
  const about = (rules: readonly Rule[], chain: readonly ActionName[]): Rule[] => rules.filter((r) => chain.includes(r.action)).sort((a, b) => chain.indexOf(a.action) - chain.indexOf(b.action));
  const forbidding = about(policy.prohibitions, chainOf(request.action)).find((r) => every(r.conditions, { ...request, open: false }) !== false);
  if (forbidding) return { permitted: false, kind: 'PROHIBITION', clause: forbidding, failed: null };
  const permissions = about(policy.permissions, permittedBy(request.action));
  const clause = permissions.find((r) => every(r.conditions, { ...request, open: true }) === true);
  if (clause) return { permitted: true, clause, duties: [...clause.duties, ...policy.obligations] };
  const [nearest] = permissions;
  if (!nearest) return { permitted: false, kind: 'NONE', clause: null, failed: null };
  return { permitted: false, kind: 'PERMISSION', clause: nearest, failed: nearest.conditions.find((c) => holds(c, { ...request, open: true }) !== true) ?? null };
}

function every(conditions: readonly Condition[], request: Asked): Truth {
  return allOf(conditions.map((c) => holds(c, request)));
}
const allOf = (truths: readonly Truth[]): Truth => (truths.includes(false) ? false : truths.includes(null) ? null : true);
const anyOf = (truths: readonly Truth[]): Truth => (truths.includes(true) ? true : truths.includes(null) ? null : false);

function holds(condition: Condition, request: Asked): Truth {
  if (!isLogical(condition)) return constraintHolds(condition, request);
  const truths = condition.of.map((c) => holds(c, request));
  if (condition.connective === 'and') return allOf(truths);
  if (condition.connective === 'or') return anyOf(truths);
  return truths.filter((t) => t === true).length > 1 ? false : truths.includes(null) ? null : truths.includes(true);
}

function constraintHolds({ operand, operator, values }: Constraint, request: Asked): Truth {
  const [value] = values as [string];
  switch (operand) {
    case 'purpose': return oneOf(operator, values.map((v) => (operator === 'eq' || operator === 'neq' ? request.purpose === v : isKindOf(request.purpose, v))));
    case 'spatial': return oneOf(operator, values.map((v) => isWithin(request.place, v)));
    case 'recipient': return oneOf(operator, values.map((v) => request.recipient.includes(v)));
    case 'fileFormat': return request.mediaType === null ? request.open : oneOf(operator, values.map((v) => v === request.mediaType));
    case 'deliveryChannel': return request.channel ? oneOf(operator, values.map((v) => v === request.channel)) : request.open;
    case 'dateTime': return compare(operator, request.at.getTime(), new Date(value).getTime());
    case 'elapsedTime': return compare(operator, request.at.getTime(), addDuration(request.began ?? request.at, value).getTime());
    case 'count': return request.before === null ? request.open : compare(operator, Number(request.before + 1n), Number(value));
    case 'namedUsers': return request.named === null ? request.open : compare(operator, request.named, Number(value));
    // When a duty falls due: no condition of a use.
    case 'delayPeriod': return true;
    default: return operand satisfies never;
  }
}

const oneOf = (operator: string, truths: readonly Truth[]): Truth => {
  const any = anyOf(truths);
  return operator === 'neq' || operator === 'isNoneOf' ? (any === null ? null : !any) : any;
};
/** A country holds its subdivisions; whether data somewhere in a country is in one of them cannot be told. */
const isWithin = (place: string, area: string): Truth => (place === area || place.startsWith(`${area}-`) ? true : area.startsWith(`${place}-`) ? null : false);

function compare(operator: string, left: number, right: number): boolean {
  switch (operator) {
    case 'lt': return left < right;
    case 'lteq': return left <= right;
    case 'gt': return left > right;
    case 'gteq': return left >= right;
    default: return left === right;
  }
}
