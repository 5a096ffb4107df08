import { Args, ArgsType, Context, Field, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Compliance, type Decision, DecisionType, fromEndUseInput, toDecisionType } from '#compliance';
import { type Actor, Asks, Authenticated, CurrentActor, permits, type RequestHolder } from '#identity';
import { type ConnectionOf, loader, type LoaderHolder, PageArgs, pageCost, pageRequest, toConnection } from '#shared';
import { IsIn, IsOptional, IsUUID } from 'class-validator';
import { Contracts } from '../contracts.facade.js';
import { LICENCE_STATES, type LicenceState } from '../domain/licence-state.js';
import type { DealFilter } from '../storage/contracts.repository.js';
import { PlaceOrder } from '../use-cases/place-order.js';
import { PlaceOrderInput } from './contracts.inputs.js';
import { showOrder, toAgreementType } from './contracts.mapping.js';
import * as T from './contracts.types.js';

const isParty = (actor: Actor, deal: { vendorId: string; buyerId: string } | null): boolean =>
  deal !== null && ((permits(actor, 'contracts:read') && (deal.vendorId === actor.tenantId || deal.buyerId === actor.tenantId)) || permits(actor, 'oversight:read'));

@ArgsType()
class DealsArgs extends PageArgs {
  @IsOptional() @IsIn(['VENDOR', 'BUYER']) @Field(() => T.PartySideEnum, { nullable: true, description: 'Those alone in which the caller has this side.' }) side?: 'VENDOR' | 'BUYER' | null;
  @IsOptional() @IsUUID() @Field(() => ID, { nullable: true, description: 'Those on this product alone.' }) productId?: string | null;
  @IsOptional() @IsUUID() @Field(() => ID, { nullable: true, description: 'Those with this organisation alone.' }) counterpartyId?: string | null;
}
@ArgsType()
class LicencesArgs extends DealsArgs {
  @IsOptional() @IsIn(LICENCE_STATES) @Field(() => T.LicenceStateEnum, { nullable: true, description: 'Those in this state alone.' }) state?: LicenceState | null;
}
const filterOf = ({ side, productId, counterpartyId }: DealsArgs): DealFilter => ({ side: side ?? null, productId: productId ?? null, counterpartyId: counterpartyId ?? null });

@Resolver(() => T.Agreement)
@Authenticated()
export class ContractsResolver {
  constructor(private readonly contracts: Contracts, private readonly compliance: Compliance, private readonly order: PlaceOrder) {}

  @Asks('contracts:read', 'oversight:read')
  @Query(() => T.Agreement, { nullable: true, description: 'An agreement, for its two sides and for staff.' })
  async agreement(@CurrentActor() actor: Actor, @Args('id', { type: () => ID, description: 'UUID.' }) id: string): Promise<T.Agreement | null> {
    const found = await this.contracts.agreementById(id);
    return isParty(actor, found) ? toAgreementType(found!) : null;
  }

  @Asks('contracts:read')
  @Query(() => T.AgreementConnection, { nullable: true, complexity: pageCost, description: "The caller's agreements, newest first." })
  async agreements(@CurrentActor() actor: Actor, @Args() page: DealsArgs): Promise<ConnectionOf<T.Agreement> | null> {
    const found = await this.contracts.agreementsOf(actor, filterOf(page), pageRequest(page.first, page.after, 1));
    return found && toConnection(found, toAgreementType);
  }

  @Asks('contracts:read', 'oversight:read')
  @Query(() => T.Licence, { nullable: true, description: 'A licence, for its two sides and for staff.' })
  async licence(@CurrentActor() actor: Actor, @Args('id', { type: () => ID, description: 'UUID.' }) id: string): Promise<T.Licence | null> {
    const found = await this.contracts.licenceById(id);
    return isParty(actor, found) ? found : null;
  }

  @Asks('contracts:read')
  @Query(() => T.LicenceConnection, { nullable: true, complexity: pageCost, description: "The caller's licences, newest first." })
  async licences(@CurrentActor() actor: Actor, @Args() page: LicencesArgs): Promise<ConnectionOf<T.Licence> | null> {
    const found = await this.contracts.licencesOf(actor, { ...filterOf(page), state: page.state ?? null }, pageRequest(page.first, page.after, 1));
    return found && toConnection(found, (l) => l);
  }

  @ResolveField(() => DecisionType, { nullable: true, complexity: 20, description: 'The cross-border decision that the agreement stands on.' })
  async decision(@Parent() agreement: T.Agreement, @Context() context: LoaderHolder & RequestHolder): Promise<DecisionType | null> {
    const found = await loader<Decision>(context, 'contracts.decision', (ids) => this.compliance.byIds(ids)).load(agreement.decisionId);
    return found && toDecisionType(found, context.authentication!.actor!);
  }

  @ResolveField('licence', () => T.Licence, { nullable: true, complexity: 5, description: 'The licence that the agreement gives.' })
  licenceOf(@Parent() agreement: T.Agreement, @Context() context: LoaderHolder): Promise<T.Licence | null> {
    return loader<T.Licence>(context, 'contracts.licence', (ids) => this.contracts.licencesOfAgreements(ids)).load(agreement.id);
  }

  @Asks('contracts:order')
  @Mutation(() => T.PlaceOrderResult, { description: 'Takes an offer. The cross-border decision is computed and recorded; where it permits, the agreement is frozen and hashed and a trade opens.' })
  async placeOrder(@CurrentActor() actor: Actor, @Args('input') input: PlaceOrderInput): Promise<object> {
    return showOrder(actor, await this.order.execute(actor, { ...input, endUse: input.endUse ? fromEndUseInput(input.endUse) : null }));
  }
}
