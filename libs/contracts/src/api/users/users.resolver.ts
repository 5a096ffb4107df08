import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { type Actor, Asks, Authenticated, CurrentActor } from '#identity';
import { type ConnectionOf, isRefused, PageArgs, pageCost, pageRequest, type Result, toConnection } from '#shared';
import { releasableAt } from '../../domain/users/named-users.js';
import type { NamedUser } from '../../storage/named-user.repository.js';
import { NameUser } from '../../use-cases/users/name-user.js';
import * as T from './users.types.js';

const toUserType = (user: NamedUser): T.NamedUser => ({ ...user, releasableAt: releasableAt(user.namedAt) });
const show = (result: Result<NamedUser>): object => (isRefused(result) ? result : toUserType(result));

@Resolver()
@Authenticated()
export class UsersResolver {
  constructor(private readonly naming: NameUser) {}

  @Asks('contracts:name-users', 'oversight:read')
  @Query(() => T.NamedUserConnection, { nullable: true, complexity: pageCost, description: 'Who is and was named for a licence, newest first. For its buyer and the overseers of the exchange; null for others.' })
  async namedUsers(
    @CurrentActor() actor: Actor, @Args() page: PageArgs, @Args('licenceId', { type: () => ID, description: 'Which licence.' }) licenceId: string,
    @Args('current', { type: () => Boolean, nullable: true, description: 'Only those who are named now, or only those who were.' }) current: boolean | null,
  ): Promise<ConnectionOf<T.NamedUser> | null> {
    const found = await this.naming.usersFor(actor, licenceId, current ?? null, pageRequest(page.first, page.after, 1));
    return found && toConnection(found, toUserType);
  }

  @Asks('contracts:name-users')
  @Mutation(() => T.NameUserResult, { description: 'The buyer names a member or a key as a user of a licence whose terms count them; asked again it answers the same. Nobody else downloads under it.' })
  async nameUser(@CurrentActor() actor: Actor, @Args('input') { licenceId, userId, kind }: T.NameUserInput): Promise<object> {
    return show(await this.naming.name(actor, { licenceId, userId, kind }));
  }

  @Asks('contracts:name-users')
  @Mutation(() => T.ReleaseUserResult, { description: 'The buyer frees a seat, a week after it was given at the earliest.' })
  async releaseUser(@CurrentActor() actor: Actor, @Args('input') { licenceId, userId }: T.ReleaseUserInput): Promise<object> {
    return show(await this.naming.release(actor, { licenceId, userId }));
  }
}
