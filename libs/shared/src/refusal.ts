/**
 * Expected failures are values. A use case returns its result or a refusal; a refusal rolls the transaction back and
 * becomes a member of the mutation's result union. Unexpected failures throw.
 */
export interface FieldProblem {
  readonly path: string;
  readonly message: string;
}

interface Refused<K extends string> {
  readonly refused: true;
  readonly kind: K;
  /** Stable, for machines: `catalog.revision_has_no_asset`. */
  readonly code: string;
  /** For people. */
  readonly message: string;
}

export interface InvalidInput extends Refused<'InvalidInput'> {
  readonly fields: readonly FieldProblem[];
}
/** Unknown, foreign and forbidden objects look the same from outside. */
export type NotFound = Refused<'NotFound'>;
/** The caller's role does not carry this act, whatever the object. */
export type NotPermitted = Refused<'NotPermitted'>;
export interface StateConflict extends Refused<'StateConflict'> {
  readonly state: string;
}
/** The idempotency key was used before with another input. */
export type IdempotencyConflict = Refused<'IdempotencyConflict'>;

export type Refusal = InvalidInput | NotFound | NotPermitted | StateConflict | IdempotencyConflict;
export type Result<T, Extra = never> = T | Refusal | Extra;

export const isRefused = (value: unknown): value is { refused: true; kind: string; code: string; message: string } =>
  typeof value === 'object' && value !== null && (value as { refused?: unknown }).refused === true;

/** Narrows a result to its success, for callers that hold the refusal to be a defect. */
export function accepted<T>(value: T): Exclude<T, { refused: true }> {
  if (isRefused(value)) throw new Error(`refused: ${value.code} ${value.message}`);
  return value as Exclude<T, { refused: true }>;
}

export const invalid = (code: string, path: string, message: string): InvalidInput => ({
  refused: true, kind: 'InvalidInput', code, message, fields: [{ path, message }],
});
export const notFound = (what: string): NotFound => ({
  refused: true, kind: 'NotFound', code: 'not_found', message: `no such ${what}, or it is not yours`,
});
export const notPermitted = (act: string): NotPermitted => ({
  refused: true, kind: 'NotPermitted', code: 'not_permitted', message: `your role does not carry ${act}`,
});
export const stateConflict = (code: string, message: string, state: string): StateConflict => ({
  refused: true, kind: 'StateConflict', code, message, state,
});
export const idempotencyConflict = (): IdempotencyConflict => ({
  refused: true, kind: 'IdempotencyConflict', code: 'idempotency_conflict',
  message: 'this Idempotency-Key was used before with another input',
});
