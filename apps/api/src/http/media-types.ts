import type { RoutePolicy } from '#shared';
import type { FastifyRequest } from 'fastify';

export const GRAPHQL_PATH = '/graphql';

export interface FormRefusal {
  readonly status: 405 | 415;
  readonly code: string;
  readonly message: string;
  readonly headers: Readonly<Record<string, string>>;
}

export const CLOUD_EVENT_TYPES = ['application/cloudevents+json', 'application/cloudevents-batch+json'];
const MEDIA_TYPES: Record<NonNullable<RoutePolicy['body']>, readonly string[] | null> = { json: ['application/json'], form: ['application/x-www-form-urlencoded'], stream: null, any: null, events: [...CLOUD_EVENT_TYPES, 'application/json'] };
const BODYLESS = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);
const WRONG_METHOD: FormRefusal = { status: 405, code: 'method_not_allowed', message: 'GraphQL is asked by POST', headers: { allow: 'POST' } };

/**
 * Refuses before a byte of the body is read. Forms and plain text are what a page elsewhere can make a browser send without asking
 * first (CSRF): no route but those that say so takes them, and GraphQL takes nothing but JSON by POST.
 */
export function refusedByForm(request: FastifyRequest): FormRefusal | null {
  const { url, config } = request.routeOptions;
  if (url === undefined) return null;
  if (url === GRAPHQL_PATH && request.method !== 'POST') return WRONG_METHOD;
  const wanted = MEDIA_TYPES[config.policy?.body ?? 'json'];
  const type = request.headers['content-type'];
  if (wanted === null || type === undefined || BODYLESS.has(request.method)) return null;
  return wanted.includes(mediaType(type)) ? null : { status: 415, code: 'unsupported_media_type', message: `the content type here is ${wanted.join(' or ')}`, headers: { accept: wanted.join(', ') } };
}

const mediaType = (field: string): string => (field.includes(';') ? field.slice(0, field.indexOf(';')) : field).trim().toLowerCase();
