import { HttpException, Logger } from '@nestjs/common';
import { BadCursorError, MalformedValueError, StatementCancelled } from '#shared';
import { type ExecutionResult, GraphQLError } from 'graphql';
import { RequestRefused } from '../http/json-body.js';

const CODES: Record<number, string> = { 400: 'BAD_USER_INPUT', 401: 'UNAUTHENTICATED', 403: 'FORBIDDEN', 404: 'NOT_FOUND', 405: 'METHOD_NOT_ALLOWED', 408: 'TIMEOUT', 413: 'TOO_LARGE', 415: 'UNSUPPORTED_MEDIA_TYPE', 429: 'TOO_MANY_REQUESTS' };
/** With TRUSTED_DOCUMENTS. */
const PERSISTED: Record<string, string> = { MER_ERR_GQL_PERSISTED_QUERY_NOT_FOUND: 'PERSISTED_QUERY_NOT_FOUND', MER_ERR_GQL_PERSISTED_QUERY_NOT_SUPPORTED: 'DOCUMENT_NOT_TRUSTED' };
const log = new Logger('graphql');

/** Where the schema is not shown, names in it are not guessed for anybody either. */
const SUGGESTION = / Did you mean [^?]{0,2000}\?/g;

/** What a client sees of an error. Nothing of ours reaches it: no stack, no SQL, no path. */
export const errorFormatter = ({ suggestions }: { suggestions: boolean }) => (result: ExecutionResult, context: unknown): { statusCode: number; response: ExecutionResult } => {
  const requestId = (context as { requestId?: string } | null)?.requestId;
  const errors = result.errors?.flatMap((error) => present(error, requestId));
  if (!suggestions) for (const error of errors ?? []) error.message = error.message.replaceAll(SUGGESTION, '');
  const refused = result.errors?.map((e) => e.originalError as HttpCause | undefined).find(isRequestError);
  const tooMany = errors?.some((e) => e.extensions['code'] === CODES[429]);
  return { statusCode: tooMany ? 429 : (refused?.statusCode ?? 200), response: { data: result.data ?? null, ...(errors ? { errors } : {}) } };
};

interface HttpCause extends Error { statusCode?: number; code?: string }

/** Fastify or Mercurius could not take the request: too large, not JSON, no query. */
const isRequestError = (cause: HttpCause | undefined): boolean => cause instanceof RequestRefused || /^(FST|MER)_ERR/.test(cause?.code ?? '') && (cause!.statusCode ?? 500) < 500 && !Array.isArray((cause as { errors?: unknown }).errors);

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
  if (cause instanceof StatementCancelled) return [new GraphQLError('the operation was stopped', { ...place, extensions: { code: 'TIMEOUT' } })];
  if (isRequestError(cause)) return [new GraphQLError(cause.message, { ...place, extensions: { code: PERSISTED[cause.code ?? ''] ?? CODES[cause.statusCode!] ?? 'BAD_REQUEST' } })];
  log.error({ requestId, path: error.path?.join('.'), err: cause }, 'unexpected failure');
  return [new GraphQLError('Internal server error', { ...place, extensions: { code: 'INTERNAL_SERVER_ERROR', requestId } })];
}

const known = (error: GraphQLError): GraphQLError =>
  error.extensions?.['code'] ? error : new GraphQLError(error.message, { nodes: error.nodes, source: error.source, positions: error.positions, path: error.path, extensions: { code: 'BAD_USER_INPUT', ...error.extensions } });
