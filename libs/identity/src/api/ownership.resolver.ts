import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { Actor } from '../domain/actor.js';
import type { Holding } from '../domain/ownership.js';
import { DeclareOwnership } from '../use-cases/declare-ownership.js';
import { ProveOwnership } from '../use-cases/prove-ownership.js';
import { ReadOwnership } from '../use-cases/read-ownership.js';
import { Asks, Authenticated, CurrentActor } from './access.js';
import { DeclareOwnershipInput, type HoldingInput, ProveOwnershipInput } from './ownership.inputs.js';
import * as T from './ownership.types.js';

@Resolver()
@Authenticated()
export class OwnershipResolver {
  constructor(private readonly declaring: DeclareOwnership, private readonly proving: ProveOwnership, private readonly reading: ReadOwnership) {}

  @Asks('identity:read-ownership', 'identity:read-all')
  @Query(() => T.Ownership, { nullable: true, description: 'Who owns and controls an organisation; for its administrators and for staff that reads all, null for others.' })
  ownership(
    @CurrentActor() actor: Actor, @Args('organisationId', { type: () => ID, description: 'UUID.' }) organisationId: string,
    @Args('asOf', { type: () => Date, nullable: true, description: 'As declared to hold at this instant; now when left out.' }) asOf?: Date | null,
  ): Promise<T.Ownership | null> {
    return this.reading.of(actor, organisationId, asOf ?? null);
  }

  @Asks('identity:declare-ownership')
  @Mutation(() => T.DeclareOwnershipResult, { description: "Says who owns and controls the caller's organisation, in place of what was declared before. Administrators." })
  declareOwnership(@CurrentActor() actor: Actor, @Args('input') input: DeclareOwnershipInput): Promise<object> {
    return this.declaring.execute(actor, { ...input, holdings: input.holdings.map(toHolding) });
  }

  @Asks('identity:prove-ownership')
  @Mutation(() => T.ProveOwnershipResult, { description: 'Records that staff has seen the registers behind a declaration of ownership. Compliance officers.' })
  proveOwnership(@CurrentActor() actor: Actor, @Args('input') input: ProveOwnershipInput): Promise<object> {
    return this.proving.execute(actor, input);
  }
}

const toHolding = (h: HoldingInput): Holding => ({
  holder: h.holder, name: h.name, jurisdiction: h.jurisdiction ?? null, nationality: h.nationality ?? null, residence: h.residence ?? null, registryNumber: h.registryNumber ?? null,
  shareBasisPoints: h.shareBasisPoints, interest: h.interest, directness: h.directness, through: h.through ?? null, control: h.control ?? null,
});
