import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { type Actor, Asks, Authenticated, CurrentActor } from '#identity';
import { type ConnectionOf, PageArgs, pageCost, pageRequest, toConnection } from '#shared';
import type { RestrictedState } from '../domain/restricted/restricted-party.js';
import { Restricted } from '../register.facade.js';
import { ManageRestrictedParties } from '../use-cases/restricted/manage-restricted-parties.js';
import * as T from './restricted-parties.types.js';

@Resolver()
@Authenticated()
export class RestrictedPartiesResolver {
  constructor(private readonly restricted: Restricted, private readonly managing: ManageRestrictedParties) {}

  @Asks('compliance:screen-parties', 'oversight:read')
  @Query(() => T.RestrictedPartyConnection, { nullable: true, complexity: pageCost, description: 'Lists of restricted recipients, newest entry first. Staff; null for others.' })
  async restrictedParties(
    @CurrentActor() actor: Actor, @Args() page: PageArgs,
    @Args('state', { type: () => T.RestrictedStateEnum, nullable: true, description: 'Entries in this state.' }) state: RestrictedState | null,
    @Args('list', { type: () => String, nullable: true, description: 'Entries of this list.' }) list: string | null,
  ): Promise<ConnectionOf<T.RestrictedParty> | null> {
    const found = await this.restricted.page(actor, { state: state ?? null, list: list ?? null }, pageRequest(page.first, page.after, 1));
    return found && toConnection(found, T.toRestrictedPartyType);
  }

  @Asks('compliance:screen-parties')
  @Mutation(() => T.ProposeRestrictedPartyResult, { description: 'Proposes an entry of a list of restricted recipients. It holds once another officer has confirmed it.' })
  async proposeRestrictedParty(@CurrentActor() actor: Actor, @Args('input') input: T.ProposeRestrictedPartyInput): Promise<object> {
    return T.showRestrictedParty(await this.managing.propose(actor, { ...input, aliases: input.aliases ?? [] }));
  }

  @Asks('compliance:screen-parties')
  @Mutation(() => T.ConfirmRestrictedPartyResult, { description: 'The second officer, to an entry as to a removal.' })
  async confirmRestrictedParty(@CurrentActor() actor: Actor, @Args('input') input: T.ConfirmRestrictedPartyInput): Promise<object> {
    return T.showRestrictedParty(await this.managing.confirm(actor, input));
  }

  @Asks('compliance:screen-parties')
  @Mutation(() => T.RejectRestrictedPartyResult, { description: 'Says no to a proposed entry, or to a proposed removal.' })
  async rejectRestrictedParty(@CurrentActor() actor: Actor, @Args('input') input: T.RejectRestrictedPartyInput): Promise<object> {
    return T.showRestrictedParty(await this.managing.reject(actor, input));
  }

  @Asks('compliance:screen-parties')
  @Mutation(() => T.RemoveRestrictedPartyResult, { description: 'Proposes to take an entry off its list. It holds until another officer confirms the removal.' })
  async removeRestrictedParty(@CurrentActor() actor: Actor, @Args('input') input: T.RemoveRestrictedPartyInput): Promise<object> {
    return T.showRestrictedParty(await this.managing.remove(actor, input));
  }
}
