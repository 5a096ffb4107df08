import type { Type } from '@nestjs/common';
import { createUnionType, Field, InterfaceType, ObjectType } from '@nestjs/graphql';
import { isRefused } from '../refusal.js';

@InterfaceType({ description: 'An expected failure. `code` is stable and for machines, `message` is for people.' })
export abstract class Problem {
  @Field(() => String, { description: 'Stable code, `<room>.<what>` or one of the common ones.' }) code: string;
  @Field(() => String, { description: 'What is wrong and what would make it right.' }) message: string;
}

@ObjectType({ description: 'One field of the input that is wrong.' })
export class InvalidField {
  @Field(() => String, { description: 'Where in the input: `registryNumbers.0.value`.' }) path: string;
  @Field(() => String, { description: 'What the field must be.' }) message: string;
}

@ObjectType({ implements: () => [Problem], description: 'The input is wrong; each field is named.' })
export class InvalidInput extends Problem {
  @Field(() => [InvalidField], { description: 'The fields that are wrong.' }) fields: InvalidField[];
}

@ObjectType({ implements: () => [Problem], description: 'No such object for this caller: unknown, foreign and forbidden ones look the same.' })
export class NotFound extends Problem {}

@ObjectType({ implements: () => [Problem], description: "The caller's role does not carry this act." })
export class NotPermitted extends Problem {}

@ObjectType({ implements: () => [Problem], description: 'The object is in a state in which this act is not possible. Nothing was changed.' })
export class StateConflict extends Problem {
  @Field(() => String, { description: 'The state that the object is in.' }) state: string;
}

@ObjectType({ implements: () => [Problem], description: 'The Idempotency-Key was used before with another input. Nothing was changed.' })
export class IdempotencyConflict extends Problem {}

const COMMON: Type<object>[] = [InvalidInput, NotFound, NotPermitted, StateConflict, IdempotencyConflict];

/**
 * The result union of a mutation: what it makes, or one of the ways in which it can be refused. An extra type that is no refusal is
 * answered as an instance of its class.
 */
export function resultUnion(name: string, success: () => Type<object>, ...extra: Type<object>[]): object {
  return createUnionType<Type<object>[]>({
    name, description: `The outcome of the mutation, or why it was refused.`,
    types: () => [success(), ...COMMON, ...extra],
    resolveType: (value: object) => (isRefused(value) ? value.kind : (extra.find((type) => value instanceof type) ?? success())),
  });
}
