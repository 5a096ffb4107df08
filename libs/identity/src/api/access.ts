import { applyDecorators, type CanActivate, createParamDecorator, type ExecutionContext, Injectable, SetMetadata, UnauthorizedException } from '@nestjs/common';
import { GqlExecutionContext } from '@nestjs/graphql';
import type { Actor } from '../domain/actor.js';
import type { Asked } from '../domain/permissions.js';
import type { Authentication } from '../oidc/authenticator.js';

const ACCESS = 'entrepot:access';
const ASKS = 'entrepot:asks';

/** Anybody may call it, without a credential too. */
export const Public = (): MethodDecorator & ClassDecorator => applyDecorators(SetMetadata(ACCESS, 'public'));
/** A proven identity is needed; what it may do, the use case decides from the table of permissions. */
export const Authenticated = (): MethodDecorator & ClassDecorator => applyDecorators(SetMetadata(ACCESS, 'authenticated'));
/**
 * Which act a handler asks for; of several, any one opens it, for what that act is about. It is said here and decided in the use case:
 * `docs/permissions.md` is printed from it, and a test calls every handler as everybody to see that the two are the same.
 */
export const Asks = (...asked: readonly [Asked, ...Asked[]]): MethodDecorator => SetMetadata(ASKS, asked);

type Declared = readonly Asked[] | 'PUBLIC';

/** What a handler of this class asks of its caller; undefined: it does not say, and nobody calls it. */
export function askedBy(handler: object, owner: object): Declared | undefined {
  const read = (key: string): unknown => (Reflect.getMetadata(key, handler) as unknown) ?? Reflect.getMetadata(key, owner);
  const access = read(ACCESS);
  return access === 'public' ? 'PUBLIC' : access === 'authenticated' ? (read(ASKS) as Declared | undefined) : undefined;
}

/** What the request hook left on the request and the GraphQL context. */
export interface RequestHolder {
  authentication?: Authentication;
}

function authenticationOf(context: ExecutionContext): Authentication {
  const holder = context.getType<string>() === 'graphql'
    ? GqlExecutionContext.create(context).getContext<RequestHolder>()
    : context.switchToHttp().getRequest<RequestHolder>();
  return holder.authentication ?? { actor: null, rejected: true };
}

/** Default deny: a handler that does not say who may call it, and for which act, is called by nobody. */
@Injectable()
export class AccessGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const asked = askedBy(context.getHandler(), context.getClass());
    const { actor, rejected } = authenticationOf(context);
    if (rejected || (asked !== 'PUBLIC' && !actor)) throw new UnauthorizedException('a valid bearer token or API key is needed');
    return asked !== undefined;
  }
}

/** The actor of the request, in handlers that need one. */
export const CurrentActor = createParamDecorator((_: unknown, context: ExecutionContext): Actor => authenticationOf(context).actor!);
