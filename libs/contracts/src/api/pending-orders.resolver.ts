import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { type Actor, Asks, Authenticated, CurrentActor } from '#identity';
import { type ConnectionOf, PageArgs, pageCost, pageRequest, toConnection } from '#shared';
import { Contracts } from '../contracts.facade.js';
import type { PendingOrderState } from '../domain/licence-state.js';
import { ClosePendingOrder } from '../use-cases/close-pending-order.js';
import { SignOrder } from '../use-cases/sign-order.js';
import { RejectOrderInput, SignOrderInput } from './contracts.inputs.js';
import { showOrder, showPendingOrder, toPendingOrderType, toWaitingOrderType } from './contracts.mapping.js';
import * as T from './contracts.types.js';

const PRODUCT = { type: () => ID, nullable: true, description: 'Those on this product alone.' } as const;

@Resolver()
@Authenticated()
export class PendingOrdersResolver {
  constructor(private readonly contracts: Contracts, private readonly signature: SignOrder, private readonly closing: ClosePendingOrder) {}

  @Asks('contracts:read')
  @Query(() => T.PendingOrderConnection, { nullable: true, complexity: pageCost, description: "Orders of the caller's organisation that wait, or waited, for a second signature or for what the law asks for; newest first." })
  async pendingOrders(
    @CurrentActor() actor: Actor, @Args() page: PageArgs,
    @Args('state', { type: () => T.PendingOrderStateEnum, nullable: true, description: 'Those in this state alone.' }) state: PendingOrderState | null,
  ): Promise<ConnectionOf<T.PendingOrder> | null> {
    const found = await this.contracts.pendingOrdersOf(actor, state ?? null, pageRequest(page.first, page.after, 1));
    return found && toConnection(found, toPendingOrderType);
  }

  @Asks('contracts:read')
  @Query(() => T.WaitingOrderConnection, { nullable: true, complexity: pageCost, description: "Orders on the caller's own offers that wait for a mechanism that the law asks for, newest first: the exporter files." })
  async waitingOrders(@CurrentActor() actor: Actor, @Args() page: PageArgs, @Args('productId', PRODUCT) productId: string | null): Promise<ConnectionOf<T.WaitingOrder> | null> {
    const found = await this.contracts.waitingOrdersOf(actor, productId ?? null, pageRequest(page.first, page.after, 1));
    return found && toConnection(found, toWaitingOrderType);
  }

  @Asks('contracts:sign')
  @Mutation(() => T.SignOrderResult, { description: 'The second signature under an order, of another holder of a mandate; or a new one under an order that waits for its clearance. The cross-border decision is computed and recorded now; where it permits, the agreement is frozen and hashed.' })
  async signOrder(@CurrentActor() actor: Actor, @Args('input') input: SignOrderInput): Promise<object> {
    return showOrder(actor, await this.signature.execute(actor, input));
  }

  @Asks('contracts:sign')
  @Mutation(() => T.RejectOrderResult, { description: 'Ends an order that waits: by whoever placed it, or by another who could sign it.' })
  async rejectOrder(@CurrentActor() actor: Actor, @Args('input') input: RejectOrderInput): Promise<object> {
    return showPendingOrder(await this.closing.reject(actor, input));
  }
}
