import { FACT_KINDS, type FactKind, type FactName, MECHANISM_STATES } from './facts.js';
import { SAYINGS } from './lists.js';
import type { Reader } from './reader.js';

const DEPTH = 8;
/** Which operators each kind of fact has, by the keys of the comparison. */
const OPERATORS: Record<FactKind, readonly string[]> = {
  flag: ['eq'], text: ['eq', 'in', 'inList'], count: ['gte', 'lt'], counts: ['against,is'], shares: ['gte,sharesOf'], schemes: ['accepts,by'], position: ['says', 'says,tier'],
};
const MECHANISM = /^[a-z][a-z0-9_]{1,59}$/;
export const isMechanism = (word: string): boolean => MECHANISM.test(word);

/** Notes what is wrong in a condition: an unknown fact, an operator that its kind does not have, a value of another kind. */
export function checkCondition(read: Reader, value: unknown, path: string, depth = 0): void {
  if (depth > DEPTH) return read.note(path, `must not nest deeper than ${DEPTH}`);
  const keys = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  for (const word of ['all', 'any'] as const) {
    if (keys.includes(word)) return read.list(read.object(value, path, [word])[word], `${path}.${word}`, (c, at) => checkCondition(read, c, at, depth + 1), word === 'any' ? 1 : 0);
  }
  if (keys.includes('not')) return checkCondition(read, read.object(value, path, ['not'])['not'], `${path}.not`, depth + 1);
  if (keys.includes('mechanism')) {
    const entry = read.object(value, path, ['mechanism', 'is']);
    read.check(entry['mechanism'], `${path}.mechanism`, isMechanism, 'must be a word in lower case');
    return read.oneOf(entry['is'], `${path}.is`, MECHANISM_STATES);
  }
  if (!keys.includes('fact')) return read.note(path, 'must be all, any, not, a mechanism, or a comparison of a fact');
  comparison(read, value as Record<string, unknown>, path);
}

function comparison(read: Reader, value: Record<string, unknown>, path: string): void {
  const fact = value['fact'];
  if (typeof fact !== 'string' || !Object.hasOwn(FACT_KINDS, fact)) return read.note(`${path}.fact`, `${String(fact)} is not a fact`);
  const kind = FACT_KINDS[fact as FactName];
  const operator = Object.keys(value).filter((k) => k !== 'fact').sort().join();
  if (!OPERATORS[kind].includes(operator)) return read.note(path, `${fact} is compared with exactly one of ${OPERATORS[kind].map((o) => o.replace(',', ' and ')).join(', ')}`);
  const text = (key: string): void => void read.text(value[key], `${path}.${key}`);
  switch (operator) {
    case 'in': return read.list(value['in'], `${path}.in`, (item, at) => void read.text(item, at), 1);
    case 'eq': return kind === 'flag' ? read.flag(value['eq'], `${path}.eq`) : text('eq');
    case 'inList': return text('inList');
    case 'against,is': text('against'); return read.oneOf(value['is'], `${path}.is`, ['none', 'below', 'at', 'above']);
    case 'gte,sharesOf': text('sharesOf'); return read.count(value['gte'], `${path}.gte`);
    case 'accepts,by': text('accepts'); return text('by');
    case 'says': case 'says,tier': if (operator === 'says,tier') text('tier'); return read.oneOf(value['says'], `${path}.says`, SAYINGS);
    default: return read.count(value[operator], `${path}.${operator}`);
  }
}
