import { CustomScalar, Scalar } from '@nestjs/graphql';
import { GraphQLError, Kind, type ValueNode } from 'graphql';

const RFC3339 = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(\.\d{1,3})?(Z|[+-]\d{2}:\d{2})$/;

/** Strict RFC 3339 instant with offset. Dates that do not exist (31 February) are refused, not moved. */
export function parseInstant(value: unknown): Date {
  const match = typeof value === 'string' ? RFC3339.exec(value) : null;
  if (match) {
    const [, year, month, day, hour, minute, second] = match.map(Number) as number[];
    const exists = month! >= 1 && month! <= 12 && day! >= 1 && day! <= new Date(Date.UTC(year!, month!, 0)).getUTCDate() && hour! < 24 && minute! < 60 && second! < 60;
    const instant = new Date(value as string);
    if (exists && !Number.isNaN(instant.getTime())) return instant;
  }
  throw new GraphQLError('a DateTime is an RFC 3339 instant such as 2026-11-22T08:30:00Z', { extensions: { code: 'BAD_USER_INPUT' } });
}

@Scalar('DateTime', () => Date)
export class DateTimeScalar implements CustomScalar<string, Date> {
  description = 'An instant, RFC 3339 with offset, for example 2026-11-22T08:30:00Z.';
  parseValue(value: unknown): Date {
    return parseInstant(value);
  }
  serialize(value: unknown): string {
    if (value instanceof Date && !Number.isNaN(value.getTime())) return value.toISOString();
    throw new GraphQLError('not an instant');
  }
  parseLiteral(ast: ValueNode): Date {
    return parseInstant(ast.kind === Kind.STRING ? ast.value : undefined);
  }
}
