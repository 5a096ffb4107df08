import { applyDecorators, type CanActivate, createParamDecorator, type ExecutionContext, Injectable, SetMetadata, UnauthorizedException } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { GqlExecutionContext } from '@nestjs/graphql';
import type { Actor } from '../domain/actor.js';
import type { Authentication } from '../oidc/authenticator.js';

const ACCESS = 'entrepot:access';

/** Anybody may call it, without a credential too. */
export const Public = (): MethodDecorator & ClassDecorator => applyDecorators(SetMetadata(ACCESS, 'public'));
/** A proven identity is needed; what it may do, the use case decides from the table of permissions. */
export const Authenticated = (): MethodDecorator & ClassDecorator => applyDecorators(SetMetadata(ACCESS, 'authenticated'));

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

/** Default deny: a handler that does not say who may call it is called by nobody. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const access = this.reflector.getAllAndOverride<string | undefined>(ACCESS, [context.getHandler(), context.getClass()]);
    const { actor, rejected } = authenticationOf(context);
    if (rejected || (access !== 'public' && !actor)) throw new UnauthorizedException('a valid bearer token or API key is needed');
    return access === 'public' || access === 'authenticated';
  }
}

/** The actor of the request, in handlers that need one. */
export const CurrentActor = createParamDecorator((_: unknown, context: ExecutionContext): Actor => authenticationOf(context).actor!);
