import { type Findings, isObject, type JsonObject, listOf, onlyKnown, termOf, textOf } from './json-ld.js';
import { type Condition, CONNECTIVES, type Connective, type Constraint } from './policy.js';
import { FORMS } from './values.js';
import { isOfOdrl, isOperand, type OperandName, operandOfProfile, OPERANDS, operandTerm, type OperatorName } from './vocabulary.js';

const MOST_CONDITIONS = 20;
const DEEPEST = 4;
/** Every country of the world fits. */
const MOST_VALUES = 260;
const CONSTRAINT_KEYS = ['@type', 'uid', 'leftOperand', 'operator', 'rightOperand', 'dataType'];

export function readConditions(value: unknown, path: string, findings: Findings, depth = 1): Condition[] {
  const all = listOf(value);
  if (all.length > MOST_CONDITIONS) findings.add(path, `at most ${MOST_CONDITIONS} constraints`);
  return all.slice(0, MOST_CONDITIONS).flatMap((one, i) => readCondition(one, `${path}.${i}`, findings, depth) ?? []);
}

function readCondition(value: unknown, path: string, findings: Findings, depth: number): Condition | null {
  if (!isObject(value)) return findings.add(path, 'a constraint');
  const connective = CONNECTIVES.find((c) => c in value);
  return connective ? readLogical(value, connective, path, findings, depth) : readConstraint(value, path, findings);
}

function readLogical(value: JsonObject, connective: Connective, path: string, findings: Findings, depth: number): Condition | null {
  onlyKnown(value, ['@type', 'uid', connective], path, findings);
  if (depth >= DEEPEST) return findings.add(path, `constraints nest at most ${DEEPEST} deep`);
  const of = readConditions(value[connective], `${path}.${connective}`, findings, depth + 1);
  return of.length > 0 ? { connective, of } : findings.add(`${path}.${connective}`, 'at least one constraint');
}

function readConstraint(value: JsonObject, path: string, findings: Findings): Constraint | null {
  onlyKnown(value, CONSTRAINT_KEYS, path, findings);
  const operand = readOperand(value.leftOperand);
  if (operand === null) return findings.add(`${path}.leftOperand`, `one of ${(Object.keys(OPERANDS) as OperandName[]).map(operandTerm).join(', ')}: others the exchange cannot judge`);
  const { kind, operators } = OPERANDS[operand];
  const operator = termOf(value.operator);
  if (operator === null || !(operators as readonly string[]).includes(operator)) return findings.add(`${path}.operator`, `of ${operand} one of ${operators.join(', ')}`);
  const values = readValues(value.rightOperand, kind, `${path}.rightOperand`, findings);
  if (values.length === 0) return null;
  if (values.length > 1 && operator !== 'isAnyOf' && operator !== 'isNoneOf') return findings.add(`${path}.rightOperand`, `${operator} takes one value`);
  return { operand, operator: operator as OperatorName, values };
}

function readOperand(value: unknown): OperandName | null {
  const name = termOf(value);
  return name !== null && isOperand(name) && isOfOdrl(name) ? name : operandOfProfile(textOf(value) ?? '');
}

function readValues(value: unknown, kind: keyof typeof FORMS, path: string, findings: Findings): string[] {
  const all = listOf(value);
  if (all.length === 0) findings.add(path, 'at least one value');
  if (all.length > MOST_VALUES) findings.add(path, `at most ${MOST_VALUES} values`);
  const read = all.slice(0, MOST_VALUES).flatMap((one, i) => {
    const text = textOf(one);
    const known = text === null ? null : FORMS[kind].read(text.normalize('NFC'));
    return known ?? findings.add(Array.isArray(value) ? `${path}.${i}` : path, FORMS[kind].expected) ?? [];
  });
  return [...new Set(read)].sort();
}
