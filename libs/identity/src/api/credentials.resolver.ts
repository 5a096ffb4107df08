import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { type ConnectionOf, PageArgs, pageCost, pageRequest, toConnection } from '#shared';
import type { Actor } from '../domain/actor.js';
import { ManageCredentialIssuers } from '../use-cases/manage-credential-issuers.js';
import { ReadCredentials } from '../use-cases/read-credentials.js';
import { RequestPresentation } from '../use-cases/request-presentation.js';
import { Asks, Authenticated, CurrentActor } from './access.js';
import { ApproveCredentialIssuerInput, ProposeCredentialIssuerInput, RequestPresentationInput, WithdrawCredentialIssuerInput } from './credentials.inputs.js';
import * as T from './credentials.types.js';

@Resolver()
@Authenticated()
export class CredentialsResolver {
  constructor(private readonly issuers: ManageCredentialIssuers, private readonly requests: RequestPresentation, private readonly reading: ReadCredentials) {}

  @Asks('AUTHENTICATED', 'identity:manage-credential-issuers')
  @Query(() => T.CredentialIssuerConnection, { complexity: pageCost, description: 'The issuers of verifiable credentials that are recognised here, for everybody; staff sees proposals and past versions too.' })
  async credentialIssuers(@CurrentActor() actor: Actor, @Args() page: PageArgs): Promise<ConnectionOf<T.CredentialIssuer>> {
    return toConnection(await this.issuers.page(actor, pageRequest(page.first, page.after, 1)), (i) => i);
  }

  @Asks('MEMBER')
  @Query(() => T.Presentation, { nullable: true, description: 'What came of a request to a wallet; for the member who asked for it.' })
  presentation(@CurrentActor() actor: Actor, @Args('id', { type: () => ID }) id: string): Promise<T.Presentation | null> {
    return this.reading.presentation(actor, id);
  }

  @Asks('identity:present-organisation')
  @Query(() => T.CredentialConnection, { nullable: true, complexity: pageCost, description: "The credentials of the caller's organisation and its signatories; for its administrators." })
  async credentials(@CurrentActor() actor: Actor, @Args() page: PageArgs): Promise<ConnectionOf<T.Credential> | null> {
    const found = await this.reading.page(actor, pageRequest(page.first, page.after, 1));
    return found && toConnection(found, (c) => c);
  }

  @Asks('identity:manage-credential-issuers')
  @Mutation(() => T.ProposeCredentialIssuerResult, { description: 'Proposes an issuer, or a new version of one. Compliance officers and staff administrators.' })
  proposeCredentialIssuer(@CurrentActor() actor: Actor, @Args('input') input: ProposeCredentialIssuerInput): Promise<object> {
    return this.issuers.propose(actor, { ...input, statusRequired: input.statusRequired ?? true });
  }

  @Asks('identity:manage-credential-issuers')
  @Mutation(() => T.ApproveCredentialIssuerResult, { description: 'Puts a proposal in force, in the place of the version before. Another officer than the one who proposed it.' })
  approveCredentialIssuer(@CurrentActor() actor: Actor, @Args('input') input: ApproveCredentialIssuerInput): Promise<object> {
    return this.issuers.approve(actor, input.id);
  }

  @Asks('identity:manage-credential-issuers')
  @Mutation(() => T.WithdrawCredentialIssuerResult, { description: 'Its credentials count no longer. Compliance officers and staff administrators.' })
  withdrawCredentialIssuer(@CurrentActor() actor: Actor, @Args('input') input: WithdrawCredentialIssuerInput): Promise<object> {
    return this.issuers.withdraw(actor, input.id, input.reason);
  }

  @Asks('identity:present-organisation', 'identity:present-mandate')
  @Mutation(() => T.RequestPresentationResult, { description: 'Begins a presentation from a wallet (OID4VP): of the organisation, by its administrator; of his mandate, by a member.' })
  requestPresentation(@CurrentActor() actor: Actor, @Args('input') input: RequestPresentationInput): Promise<object> {
    return this.requests.execute(actor, input.purpose);
  }
}
