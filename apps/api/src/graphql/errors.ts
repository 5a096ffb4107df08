import { HttpException, Logger } from '@nestjs/common';
import { BadCursorError, MalformedValueError } from '#shared';
import { type ExecutionResult, GraphQLError } from 'graphql';

const CODES: Record<number, string> = { 400: 'BAD_USER_INPUT', 401: 'UNAUTHENTICATED', 403: 'FORBIDDEN', 404: 'NOT_FOUND', 413: 'TOO_LARGE', 429: 'TOO_MANY_REQUESTS' };
const log = new Logger('graphql');

/** What a client sees of an error. Nothing of ours reaches it: no stack, no SQL, no path. */
export function errorFormatter(result: ExecutionResult, context: unknown): { statusCode: number; response: ExecutionResult } {
  const requestId = (context as { requestId?: string } | null)?.requestId;
  const errors = result.errors?.flatMap((error) => present(error, requestId));
  const refused = result.errors?.map((e) => e.originalError as HttpCause | undefined).find(isRequestError);
  const tooMany = errors?.some((e) => e.extensions['code'] === CODES[429]);
  return { statusCode: tooMany ? 429 : (refused?.statusCode ?? 200), response: { data: result.data ?? null, ...(errors ? { errors } : {}) } };
}

interface HttpCause extends Error { statusCode?: number; code?: string }

/** Fastify or Mercurius could not take the request: too large, not JSON, no query. */
const isRequestError = (cause: HttpCause | undefined): boolean => /^(FST|MER)_ERR/.test(cause?.code ?? '') && (cause!.statusCode ?? 500) < 500 && !Array.isArray((cause as { errors?: unknown }).errors);

function present(error: GraphQLError, requestId: string | undefined): GraphQLError[] {
  const cause = error.originalError as (Error & { errors?: unknown; statusCode?: number; code?: string }) | undefined;
  const place = { nodes: error.nodes, path: error.path };
  if (!cause) return [known(error)];
  if (cause.code === 'MER_ERR_GQL_VALIDATION' && Array.isArray(cause.errors)) {
    return (cause.errors as GraphQLError[]).map((e) => new GraphQLError(e.message, { nodes: e.nodes, source: e.source, positions: e.positions, extensions: { code: 'GRAPHQL_VALIDATION_FAILED', ...e.extensions } }));
  }
  if (cause instanceof GraphQLError) return [known(error)];
  if (cause instanceof BadCursorError || cause instanceof MalformedValueError) return [new GraphQLError(cause.message, { ...place, extensions: { code: 'BAD_USER_INPUT' } })];
  if (cause instanceof HttpException) {
    const body = cause.getResponse() as { message?: unknown };
    const fields = typeof body === 'object' && Array.isArray(body.message) ? { fields: body.message } : {};
    return [new GraphQLError(cause.message, { ...place, extensions: { code: CODES[cause.getStatus()] ?? 'BAD_REQUEST', ...fields } })];
  }
  if (isRequestError(cause)) return [new GraphQLError(cause.message, { ...place, extensions: { code: CODES[cause.statusCode!] ?? 'BAD_REQUEST' } })];
  log.error({ requestId, path: error.path?.join('.'), err: cause }, 'unexpected failure');
  return [new GraphQLError('Internal server error', { ...place, extensions: { code: 'INTERNAL_SERVER_ERROR', requestId } })];
}

const known = (error: GraphQLError): GraphQLError =>
  error.extensions?.['code'] ? error : new GraphQLError(error.message, { nodes: error.nodes, source: error.source, positions: error.positions, path: error.path, extensions: { code: 'BAD_USER_INPUT', ...error.extensions } });
