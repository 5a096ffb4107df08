import { type ArgumentMetadata, type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Injectable, ValidationPipe } from '@nestjs/common';
import { GqlArgumentsHost } from '@nestjs/graphql';
import type { ValidationError } from 'class-validator';
import { getNullableType, type GraphQLResolveInfo, isUnionType } from 'graphql';
import { type FieldProblem, type InvalidInput, PageArgs } from '#shared';

/** class-validator found the input wrong. */
class InvalidInputException extends HttpException {
  constructor(readonly fields: FieldProblem[]) {
    super({ message: fields.map((f) => `${f.path}: ${f.message}`), error: 'Bad Request' }, 400);
  }
}

const flatten = (errors: readonly ValidationError[], prefix = ''): FieldProblem[] =>
  errors.flatMap((e) => [
    ...Object.values(e.constraints ?? {}).map((message) => ({ path: prefix + e.property, message })),
    ...flatten(e.children ?? [], `${prefix}${e.property}.`),
  ]);

/** Texts that the database or a digest cannot hold: a NUL character, half of a surrogate pair. */
function brokenTexts(value: unknown, path = ''): FieldProblem[] {
  if (typeof value === 'string') return value.includes('\u0000') || !value.isWellFormed() ? [{ path, message: 'must be well-formed Unicode without NUL' }] : [];
  if (value === null || typeof value !== 'object' || Buffer.isBuffer(value)) return [];
  return Object.entries(value).flatMap(([key, part]) => brokenTexts(part, path ? `${path}.${key}` : key));
}

/**
 * Refuses what an input class does not declare. Page arguments are let through: GraphQL has checked their types, `pageRequest` checks
 * their ranges, and they stand beside other arguments of their field.
 */
@Injectable()
export class InputValidation extends ValidationPipe {
  constructor() {
    super({
      whitelist: true, forbidNonWhitelisted: true, transform: true, forbidUnknownValues: true, validationError: { target: false, value: false },
      exceptionFactory: (errors) => new InvalidInputException(flatten(errors)),
    });
  }

  override transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    const unreadable = metadata.type === 'body' ? brokenTexts(value) : [];
    if (unreadable.length) throw new InvalidInputException(unreadable);
    return super.transform(value, metadata);
  }

  protected override toValidate(metadata: ArgumentMetadata): boolean {
    return metadata.metatype !== PageArgs && super.toValidate(metadata);
  }
}

/** In a mutation with a result union, wrong input is a member of the union; elsewhere it stays an error. */
@Catch(InvalidInputException)
export class InvalidInputFilter implements ExceptionFilter {
  catch(exception: InvalidInputException, host: ArgumentsHost): unknown {
    if (host.getType<string>() !== 'graphql') {
      const reply = host.switchToHttp().getResponse<{ status(code: number): { send(body: unknown): unknown } }>();
      return reply.status(400).send({ code: 'invalid_input', message: 'the input is wrong', fields: exception.fields });
    }
    const info = GqlArgumentsHost.create(host).getInfo<GraphQLResolveInfo>();
    const type = getNullableType(info.returnType);
    if (!isUnionType(type) || !type.getTypes().some((t) => t.name === 'InvalidInput')) throw exception;
    const refusal: InvalidInput = { refused: true, kind: 'InvalidInput', code: 'invalid_input', message: 'the input is wrong: each field is named', fields: exception.fields };
    return refusal;
  }
}
