import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { type ConnectionOf, PageArgs, pageCost, pageRequest, toConnection } from '#shared';
import type { Actor, OrganisationState } from '../domain/actor.js';
import { Identity } from '../identity.facade.js';
import { Asks, Authenticated, CurrentActor } from './access.js';
import { RegisterOrganisationInput, ReinstateOrganisationInput, SuspendOrganisationInput, VerifyOrganisationInput } from './organisations.inputs.js';
import * as T from './organisations.types.js';

@Resolver()
@Authenticated()
export class OrganisationsResolver {
  constructor(private readonly identity: Identity) {}

  @Asks('AUTHENTICATED')
  @Query(() => T.Organisation, { nullable: true, description: 'An organisation; its numbers are those of public registers.' })
  organisation(@Args('id', { type: () => ID }) id: string): Promise<T.Organisation | null> {
    return this.identity.byId(id);
  }

  @Asks('identity:read-all')
  @Query(() => T.OrganisationConnection, { nullable: true, complexity: pageCost, description: 'Every organisation; null for whoever is not staff.' })
  async organisations(@CurrentActor() actor: Actor, @Args() page: PageArgs, @Args('state', { type: () => T.OrganisationStateEnum, nullable: true }) state: OrganisationState | null): Promise<ConnectionOf<T.Organisation> | null> {
    const found = await this.identity.page(actor, state ?? null, pageRequest(page.first, page.after, 1));
    return found && toConnection(found, (o) => o);
  }

  @Asks('PERSON')
  @Mutation(() => T.RegisterOrganisationResult, { description: 'Registers the organisation of a proven identity, who becomes its administrator.' })
  registerOrganisation(@CurrentActor() actor: Actor, @Args('input') input: RegisterOrganisationInput): Promise<object> {
    return this.identity.registerOrganisation(actor, { ...input, kind: input.kind ?? 'TRADER' });
  }

  @Asks('identity:verify')
  @Mutation(() => T.VerifyOrganisationResult, { description: 'Records the proof of identity of an organisation (DSL Art. 33). Compliance officers.' })
  verifyOrganisation(@CurrentActor() actor: Actor, @Args('input') input: VerifyOrganisationInput): Promise<object> {
    return this.identity.verifyOrganisation(actor, input);
  }

  @Asks('identity:suspend')
  @Mutation(() => T.SuspendOrganisationResult, { description: 'Stops an organisation at once. Compliance officers.' })
  suspendOrganisation(@CurrentActor() actor: Actor, @Args('input') input: SuspendOrganisationInput): Promise<object> {
    return this.identity.suspendOrganisation(actor, input);
  }

  @Asks('identity:suspend')
  @Mutation(() => T.ReinstateOrganisationResult, { description: 'Lets a suspended organisation go on. Compliance officers.' })
  reinstateOrganisation(@CurrentActor() actor: Actor, @Args('input') input: ReinstateOrganisationInput): Promise<object> {
    return this.identity.reinstateOrganisation(actor, input);
  }
}
