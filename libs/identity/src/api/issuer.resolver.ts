import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { type ConnectionOf, isRefused, PageArgs, pageCost, pageRequest, type Result, toConnection } from '#shared';
import type { Actor } from '../domain/actor.js';
import { isFapi } from '../domain/issuer.js';
import type { IssuerState } from '../domain/issuer-state.js';
import { Issuers } from '../issuers.facade.js';
import type { RecognisedIssuer } from '../storage/issuer.repository.js';
import { RegisterKeyJwks } from '../use-cases/register-key-jwks.js';
import { Asks, Authenticated, CurrentActor, Public } from './access.js';
import { ApproveIssuerInput, ProposeIssuerInput, RegisterKeyJwksInput, WithdrawIssuerInput } from './issuer.inputs.js';
import * as T from './issuer.types.js';

const shown = (issuer: RecognisedIssuer): T.RecognisedIssuer => ({ ...issuer, levels: T.levelsOf(issuer) });
const outcome = (result: Result<RecognisedIssuer>): object => (isRefused(result) ? result : shown(result as RecognisedIssuer));
const NONE: ConnectionOf<T.RecognisedIssuer> = { nodes: [], edges: [], pageInfo: { hasNextPage: false, endCursor: null } };

@Resolver()
@Authenticated()
export class IssuerResolver {
  constructor(private readonly issuers: Issuers, private readonly keys: RegisterKeyJwks) {}

  @Public()
  @Query(() => T.RecognisedIssuerConnection, { complexity: pageCost, description: 'Whose sign-in is taken here and for what it suffices; for everybody. Proposals and what was withdrawn: for the officers who decide them.' })
  async recognisedIssuers(@CurrentActor() actor: Actor | null, @Args() page: PageArgs, @Args('state', { type: () => T.IssuerStateEnum, nullable: true, description: 'ACTIVE when left out.' }) state: IssuerState | null): Promise<ConnectionOf<T.RecognisedIssuer>> {
    const found = await this.issuers.page(actor, state ?? 'ACTIVE', pageRequest(page.first, page.after, 1));
    return found ? toConnection(found, shown) : NONE;
  }

  @Asks('identity:manage-issuers')
  @Mutation(() => T.ProposeIssuerResult, { description: 'Proposes to take the word of an issuer; another officer approves it. Compliance officers and staff administrators.' })
  async proposeIssuer(@CurrentActor() actor: Actor, @Args('input') input: ProposeIssuerInput): Promise<object> {
    return outcome(await this.issuers.propose(actor, {
      ...input, audiences: input.audiences ?? [], authorisedParties: input.authorisedParties ?? [], senderConstrained: input.senderConstrained ?? isFapi(input.profile), clientId: input.clientId ?? null,
      scopes: input.scopes ?? (input.clientId ? ['openid'] : []), encryptedIdToken: input.encryptedIdToken ?? false, acrLevels: input.acrLevels ?? [], organisationClaims: (input.organisationClaims ?? []).map((c) => ({ ...c, legalNamePointer: c.legalNamePointer ?? null })),
      nameClaim: input.nameClaim ?? '/name', personClaim: input.personClaim ?? '/sub', validFrom: input.validFrom ?? null, validTo: input.validTo ?? null,
    }));
  }

  @Asks('identity:manage-issuers')
  @Mutation(() => T.ApproveIssuerResult, { description: 'Puts a proposed issuer in force; not by whoever proposed it. A row of the same issuer that is in force ends then.' })
  async approveIssuer(@CurrentActor() actor: Actor, @Args('input') input: ApproveIssuerInput): Promise<object> {
    return outcome(await this.issuers.approve(actor, input.id));
  }

  @Asks('identity:manage-issuers')
  @Mutation(() => T.WithdrawIssuerResult, { description: "Takes an issuer's word no more, at once: its tokens and the sessions that it opened end." })
  async withdrawIssuer(@CurrentActor() actor: Actor, @Args('input') input: WithdrawIssuerInput): Promise<object> {
    return outcome(await this.issuers.withdraw(actor, input));
  }

  @Asks('identity:manage-keys')
  @Mutation(() => T.RegisterKeyJwksResult, { description: 'Registers public keys with which a machine proves an API key to be its own at POST /oauth/token (private_key_jwt). Administrators.' })
  registerKeyJwks(@CurrentActor() actor: Actor, @Args('input') input: RegisterKeyJwksInput): Promise<object> {
    return this.keys.execute(actor, input);
  }
}
