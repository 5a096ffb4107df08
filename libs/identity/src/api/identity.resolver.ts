import { Args, Query, Resolver } from '@nestjs/graphql';
import { type ConnectionOf, PageArgs, pageCost, pageRequest, toConnection } from '#shared';
import { type Actor, permits } from '../domain/actor.js';
import { ACTS } from '../domain/permissions.js';
import { Identity } from '../identity.facade.js';
import { Asks, Authenticated, CurrentActor } from './access.js';
import * as T from './identity.types.js';

@Resolver()
@Authenticated()
export class IdentityResolver {
  constructor(private readonly identity: Identity) {}

  @Asks('AUTHENTICATED')
  @Query(() => T.Me, { description: 'Who the caller is and what he may do.' })
  async me(@CurrentActor() actor: Actor): Promise<T.Me> {
    const organisation = actor.tenantId ? await this.identity.byId(actor.tenantId) : null;
    return { subject: actor.subject, organisation, roles: actor.roles, acts: ACTS.filter((act) => permits(actor, act)), assurance: actor.assurance };
  }

  @Asks('identity:manage-members')
  @Query(() => T.MemberConnection, { nullable: true, complexity: pageCost, description: "The members of the caller's organisation; for its administrators." })
  async members(@CurrentActor() actor: Actor, @Args() page: PageArgs): Promise<ConnectionOf<T.Member> | null> {
    const found = await this.identity.membersOf(actor, pageRequest(page.first, page.after, 1));
    return found && toConnection(found, (m) => m);
  }
}
