import { FACT_KINDS, type FactKind, type FactName } from './facts.js';
import type { Reader } from './reader.js';

const DEPTH = 6;
const OPERATORS: Record<FactKind, readonly string[]> = { flag: ['eq'], text: ['eq', 'in'], count: ['gte', 'lt'] };

/** Notes what is wrong in a condition: an unknown fact, an operator that its kind does not have, a value of another kind. */
export function checkCondition(read: Reader, value: unknown, path: string, depth = 0): void {
  if (depth > DEPTH) return read.note(path, `must not nest deeper than ${DEPTH}`);
  const keys = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  for (const word of ['all', 'any'] as const) {
    if (keys.includes(word)) return read.list(read.object(value, path, [word])[word], `${path}.${word}`, (c, at) => checkCondition(read, c, at, depth + 1), word === 'any' ? 1 : 0);
  }
  if (keys.includes('not')) return checkCondition(read, read.object(value, path, ['not'])['not'], `${path}.not`, depth + 1);
  if (!keys.includes('fact')) return read.note(path, 'must be all, any, not, or a comparison of a fact');
  comparison(read, value as Record<string, unknown>, path);
}

function comparison(read: Reader, value: Record<string, unknown>, path: string): void {
  const fact = value['fact'];
  if (typeof fact !== 'string' || !Object.hasOwn(FACT_KINDS, fact)) return read.note(`${path}.fact`, `${String(fact)} is not a fact`);
  const kind = FACT_KINDS[fact as FactName];
  const operators = Object.keys(value).filter((k) => k !== 'fact');
  const [operator] = operators;
  if (operators.length !== 1 || !OPERATORS[kind].includes(operator!)) return read.note(path, `${fact} is compared with exactly one of ${OPERATORS[kind].join(', ')}`);
  const operand = value[operator!];
  if (operator === 'in') return read.list(operand, `${path}.in`, (item, at) => void read.text(item, at), 1);
  if (kind === 'flag') return read.flag(operand, `${path}.${operator}`);
  if (kind === 'text') return void read.text(operand, `${path}.${operator}`);
  if (!Number.isSafeInteger(operand) || (operand as number) < 0) read.note(`${path}.${operator}`, 'must be a whole number from 0');
}
