import { type INestApplication, RequestMethod } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { askedBy, type Asked } from '#identity';
import type { FastifyInstance } from 'fastify';

/** Something that can be called from outside, and what it says that it asks of its caller. */
export interface Operation {
  readonly kind: 'query' | 'mutation' | 'field' | 'http';
  /** `placeOrder`, `Trade.journals`, `PUT /v1/assets/:assetId/content`. */
  readonly name: string;
  /** Undefined: it does not say. */
  readonly asks: 'PUBLIC' | readonly Asked[] | undefined;
}

/** What the GraphQL server itself answers: the page for developers, and the door of every operation, each of which is asked of its own. */
export const SERVERS_OWN: readonly Operation[] = ['GET /graphql', 'POST /graphql', 'GET /graphiql', 'GET /graphiql/main.js', 'GET /graphiql/sw.js', 'GET /graphiql/config.js'].map((name) => ({ kind: 'http', name, asks: 'PUBLIC' }));

type Class = abstract new (...args: never[]) => unknown;
const KINDS: Record<string, Operation['kind']> = { Query: 'query', Mutation: 'mutation' };
const meta = <T>(key: string, target: object): T | undefined => Reflect.getMetadata(key, target) as T | undefined;
const paths = (target: object): readonly string[] => [meta<string | readonly string[]>('path', target) ?? ''].flat();
const join = (...parts: string[]): string => `/${parts.flatMap((p) => p.split('/')).filter(Boolean).join('/')}`;

/** The handlers of one class. Of the resolvers of fields those alone that ask for something: the others show what belongs to their object. */
export function operationsOfClass(owner: Class): Operation[] {
  return Object.entries(Object.getOwnPropertyDescriptors(owner.prototype as object)).flatMap(([key, { value: handler }]: [string, { value?: unknown }]): Operation[] => {
    if (typeof handler !== 'function') return [];
    const asks = askedBy(handler, owner);
    const kind = KINDS[meta<string>('graphql:resolver_type', handler) ?? ''];
    if (kind) return [{ kind, name: meta<string>('graphql:resolver_name', handler) ?? key, asks }];
    if (meta('graphql:resolve_property', handler)) return Array.isArray(asks) ? [{ kind: 'field', name: `${meta<string>('graphql:resolver_name', owner)}.${meta<string>('graphql:resolver_name', handler) ?? key}`, asks }] : [];
    const method = meta<RequestMethod>('method', handler);
    if (method === undefined) return [];
    return paths(owner).flatMap((base) => paths(handler).map((path): Operation => ({ kind: 'http', name: `${RequestMethod[method]} ${join(base, path)}`, asks })));
  });
}

/** Every handler of the built application. */
export function operationsOf(app: INestApplication): Operation[] {
  const wrappers = [...app.get(ModulesContainer).values()].flatMap((m) => [...m.providers.values(), ...m.controllers.values()]);
  const owners = new Set(wrappers.map((w) => w.metatype).filter((t): t is Class & typeof t => typeof t === 'function' && t.prototype !== undefined));
  return [...owners].flatMap(operationsOfClass).sort((a, b) => (a.kind + a.name < b.kind + b.name ? -1 : 1));
}

/** Every route that the running server answers, as it prints the tree of their common beginnings: without that it loses where a wildcard stands. HEAD is that of GET. */
export function routesOf(app: INestApplication): string[] {
  const tree = (app.getHttpAdapter().getInstance() as FastifyInstance).printRoutes();
  const above: string[] = [];
  return tree.split('\n').flatMap((line) => {
    const [, indent, part, methods] = /^([│ ]*)[├└]── ([^ ]*)(?: \(([^)]*)\))?$/.exec(line) ?? [];
    if (indent === undefined) return [];
    above.length = indent.length / 4;
    above.push(part!);
    return (methods?.split(', ') ?? []).filter((m) => m !== 'HEAD').map((m) => `${m} ${join(above.join(''))}`);
  }).sort();
}

/** Operations that exist and say nothing of whom they are for. */
export const undeclared = (operations: readonly Operation[]): string[] => operations.filter((o) => o.asks === undefined).map((o) => o.name);
