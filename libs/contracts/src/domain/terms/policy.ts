import type { Target } from './parts/target.js';
import type { ActionName, DutyName, OperandName, OperatorName } from './vocabulary.js';

/** One condition. `values`: codes as the exchange keeps them (purpose codes, ISO 3166 codes, parties, instants, durations, decimal counts, media types). */
export interface Constraint {
  readonly operand: OperandName;
  readonly operator: OperatorName;
  readonly values: readonly string[];
}
export const CONNECTIVES = ['and', 'or', 'xone'] as const;
export type Connective = (typeof CONNECTIVES)[number];
export interface LogicalConstraint {
  readonly connective: Connective;
  readonly of: readonly Condition[];
}
export type Condition = Constraint | LogicalConstraint;
export const isLogical = (c: Condition): c is LogicalConstraint => 'connective' in c;

export interface Duty {
  /** Names the clause within its policy. */
  readonly uid: string;
  readonly action: DutyName;
  readonly conditions: readonly Condition[];
  /** Words that go with it, such as those of an attribution. */
  readonly text: string | null;
}

export interface Rule {
  readonly uid: string;
  readonly action: ActionName;
  /** All of them. */
  readonly conditions: readonly Condition[];
  /** Of a permission: what is owed for it. */
  readonly duties: readonly Duty[];
}

/** Licence terms: an ODRL 2.2 policy, read and checked. A prohibition prevails over a permission (`conflict: prohibit`); what is not permitted is forbidden. */
export interface Policy {
  readonly permissions: readonly Rule[];
  readonly prohibitions: readonly Rule[];
  /** Owed whatever is used. */
  readonly obligations: readonly Duty[];
  /** The datasets that it is about, and what of each: of no other one anything is licensed. Left out: the whole product. */
  readonly targets?: readonly Target[];
}

/** Parties of a recipient constraint beside organisations by their UUID: the licensee, whoever that is, and the end users that he declared with his order. */
export const PARTIES = ['ASSIGNEE', 'DECLARED_USER'] as const;

export const mentions = (conditions: readonly Condition[], operand: OperandName): boolean => conditions.some((c) => (isLogical(c) ? mentions(c.of, operand) : c.operand === operand));
/** Whether any rule has a condition on it. */
export const looksAt = ({ permissions, prohibitions }: Policy, operand: OperandName): boolean => [...permissions, ...prohibitions].some((r) => mentions(r.conditions, operand));
