import { type Condition, type Duty, isLogical, type Policy, type Rule } from './policy.js';
import { FORMS } from './values.js';
import { writeTarget } from './parts/write-target.js';
import { OPERANDS, operandTerm, PROFILE } from './vocabulary.js';

const OPERATORS_OF_MANY: ReadonlySet<string> = new Set(['isAnyOf', 'isNoneOf']);

/** The policy as ODRL 2.2 JSON-LD. The same policy gives the same document; `readPolicy` reads it back unchanged. */
export const writePolicy = ({ permissions, prohibitions, obligations, targets }: Policy): Record<string, unknown> => ({
  '@context': 'http://www.w3.org/ns/odrl.jsonld', '@type': 'Set', profile: PROFILE, conflict: 'prohibit',
  ...(targets ? { target: targets.map(writeTarget) } : {}),
  permission: permissions.map(rule), ...(prohibitions.length ? { prohibition: prohibitions.map(rule) } : {}), ...(obligations.length ? { obligation: obligations.map(duty) } : {}),
});

const rule = ({ uid, action, conditions, duties }: Rule): object => ({ uid, action, ...constraints(conditions), ...(duties.length ? { duty: duties.map(duty) } : {}) });
const duty = ({ uid, action, conditions, text }: Duty): object => ({ uid, action, ...constraints(conditions), ...(text === null ? {} : { text }) });
const constraints = (conditions: readonly Condition[]): object => (conditions.length ? { constraint: conditions.map(condition) } : {});

function condition(c: Condition): object {
  if (isLogical(c)) return { [c.connective]: c.of.map(condition) };
  const values = c.values.map(FORMS[OPERANDS[c.operand].kind].write);
  return { leftOperand: operandTerm(c.operand), operator: c.operator, rightOperand: OPERATORS_OF_MANY.has(c.operator) ? values : values[0] };
}
