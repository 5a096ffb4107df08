import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { type ConnectionOf, PageArgs, pageCost, pageRequest, toConnection } from '#shared';
import { type Actor, permits } from '../domain/actor.js';
import { ACTS } from '../domain/permissions.js';
import type { OrganisationState } from '../domain/actor.js';
import { Identity } from '../identity.facade.js';
import { Authenticated, CurrentActor } from './access.js';
import { AddMemberInput, CreateApiKeyInput, RegisterOrganisationInput, ReinstateOrganisationInput, RemoveMemberInput, RevokeApiKeyInput, SuspendOrganisationInput, VerifyOrganisationInput } from './identity.inputs.js';
import * as T from './identity.types.js';

@Resolver()
@Authenticated()
export class IdentityResolver {
  constructor(private readonly identity: Identity) {}

  @Query(() => T.Me, { description: 'Who the caller is and what he may do.' })
  async me(@CurrentActor() actor: Actor): Promise<T.Me> {
    const organisation = actor.tenantId ? await this.identity.byId(actor.tenantId) : null;
    return { subject: actor.subject, organisation, roles: actor.roles, acts: ACTS.filter((act) => permits(actor, act)), assurance: actor.assurance };
  }

  @Query(() => T.Organisation, { nullable: true, description: 'An organisation; its numbers are those of public registers.' })
  organisation(@Args('id', { type: () => ID }) id: string): Promise<T.Organisation | null> {
    return this.identity.byId(id);
  }

  @Query(() => T.OrganisationConnection, { nullable: true, complexity: pageCost, description: 'Every organisation; null for whoever is not staff.' })
  async organisations(@CurrentActor() actor: Actor, @Args() page: PageArgs, @Args('state', { type: () => T.OrganisationStateEnum, nullable: true }) state: OrganisationState | null): Promise<ConnectionOf<T.Organisation> | null> {
    const found = await this.identity.page(actor, state ?? null, pageRequest(page.first, page.after, 1));
    return found && toConnection(found, (o) => o);
  }

  @Query(() => T.MemberConnection, { nullable: true, complexity: pageCost, description: "The members of the caller's organisation; for its administrators." })
  async members(@CurrentActor() actor: Actor, @Args() page: PageArgs): Promise<ConnectionOf<T.Member> | null> {
    const found = await this.identity.membersOf(actor, pageRequest(page.first, page.after, 1));
    return found && toConnection(found, (m) => m);
  }

  @Query(() => T.ApiKeyConnection, { nullable: true, complexity: pageCost, description: "The API keys of the caller's organisation; for its administrators." })
  async apiKeys(@CurrentActor() actor: Actor, @Args() page: PageArgs): Promise<ConnectionOf<T.ApiKey> | null> {
    const found = await this.identity.keysOf(actor, pageRequest(page.first, page.after, 1));
    return found && toConnection(found, (k) => k);
  }

  @Mutation(() => T.RegisterOrganisationResult, { description: 'Registers the organisation of a proven identity, who becomes its administrator.' })
  registerOrganisation(@CurrentActor() actor: Actor, @Args('input') input: RegisterOrganisationInput): Promise<object> {
    return this.identity.registerOrganisation(actor, { ...input, kind: input.kind ?? 'TRADER' });
  }

  @Mutation(() => T.VerifyOrganisationResult, { description: 'Records the proof of identity of an organisation (DSL Art. 33). Compliance officers.' })
  verifyOrganisation(@CurrentActor() actor: Actor, @Args('input') input: VerifyOrganisationInput): Promise<object> {
    return this.identity.verifyOrganisation(actor, input);
  }

  @Mutation(() => T.SuspendOrganisationResult, { description: 'Stops an organisation at once. Compliance officers.' })
  suspendOrganisation(@CurrentActor() actor: Actor, @Args('input') input: SuspendOrganisationInput): Promise<object> {
    return this.identity.suspendOrganisation(actor, input);
  }

  @Mutation(() => T.ReinstateOrganisationResult, { description: 'Lets a suspended organisation go on. Compliance officers.' })
  reinstateOrganisation(@CurrentActor() actor: Actor, @Args('input') input: ReinstateOrganisationInput): Promise<object> {
    return this.identity.reinstateOrganisation(actor, input);
  }

  @Mutation(() => T.AddMemberResult, { description: "Adds a person to the caller's organisation. Administrators." })
  addMember(@CurrentActor() actor: Actor, @Args('input') input: AddMemberInput): Promise<object> {
    return this.identity.addMember(actor, input);
  }

  @Mutation(() => T.RemoveMemberResult, { description: 'A member leaves. Administrators.' })
  removeMember(@CurrentActor() actor: Actor, @Args('input') input: RemoveMemberInput): Promise<object> {
    return this.identity.removeMember(actor, input.memberId);
  }

  @Mutation(() => T.CreateApiKeyResult, { description: 'Makes a credential for a machine; the secret is shown once. Administrators.' })
  createApiKey(@CurrentActor() actor: Actor, @Args('input') input: CreateApiKeyInput): Promise<object> {
    return this.identity.createApiKey(actor, input);
  }

  @Mutation(() => T.RevokeApiKeyResult, { description: 'Ends a credential at once. Administrators.' })
  revokeApiKey(@CurrentActor() actor: Actor, @Args('input') input: RevokeApiKeyInput): Promise<object> {
    return this.identity.revokeApiKey(actor, input.id);
  }
}
