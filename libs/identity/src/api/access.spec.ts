import { type ExecutionContext, UnauthorizedException } from '@nestjs/common';
import type { Authentication } from '../oidc/authenticator.js';
import { AccessGuard, askedBy, Asks, Authenticated, Public } from './access.js';

@Authenticated()
class Room {
  @Asks('catalog:manage') asks(): void {}
  @Public() open(): void {}
  silent(): void {}
}
class Unmarked {
  @Asks('catalog:manage') asks(): void {}
  silent(): void {}
}

describe('the default-deny guard', () => {
  const somebody = { actor: { kind: 'member' }, rejected: false } as Authentication;
  const nobody: Authentication = { actor: null, rejected: false };
  const enters = (owner: new () => object, handler: string, authentication: Authentication | undefined): boolean => {
    const context = {
      getHandler: () => (owner.prototype as Record<string, object>)[handler], getClass: () => owner, getType: () => 'http', switchToHttp: () => ({ getRequest: () => ({ authentication }) }),
    } as unknown as ExecutionContext;
    return new AccessGuard().canActivate(context);
  };

  it('opens what says for which act it is to whoever is proven, and what is public to everybody', () => {
    expect([enters(Room, 'asks', somebody), enters(Room, 'open', somebody), enters(Room, 'open', nobody)]).toEqual([true, true, true]);
    expect(() => enters(Room, 'asks', nobody)).toThrow(UnauthorizedException);
  });
  it('opens to nobody what does not say for which act it is, or that an identity is needed', () => {
    expect([enters(Room, 'silent', somebody), enters(Unmarked, 'asks', somebody), enters(Unmarked, 'silent', somebody)]).toEqual([false, false, false]);
    expect([askedBy(Room.prototype.silent, Room), askedBy(Unmarked.prototype.asks, Unmarked)]).toEqual([undefined, undefined]);
  });
  it.each([['a wrong credential', { actor: null, rejected: true }], ['a request that no hook looked at', undefined]])('opens nothing to %s, what is public neither', (_, authentication) => {
    for (const handler of ['asks', 'open', 'silent']) expect(() => enters(Room, handler, authentication)).toThrow(UnauthorizedException);
  });
});
