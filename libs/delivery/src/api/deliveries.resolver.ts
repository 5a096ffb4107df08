import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { type Actor, Asks, Authenticated, CurrentActor } from '#identity';
import { type ConnectionOf, isRefused, pageCost, pageRequest, toConnection } from '#shared';
import { Delivery } from '../delivery.facade.js';
import { RevokeDownload } from '../use-cases/tokens/revoke-download.js';
import { DeliveriesArgs, DeliveryConnection, type DeliveryType, RevokeDownloadInput, RevokeDownloadResult, toDeliveryType } from './deliveries.types.js';

@Resolver()
@Authenticated()
export class DeliveriesResolver {
  constructor(private readonly delivery: Delivery, private readonly revoking: RevokeDownload) {}

  @Asks('metering:read', 'oversight:read')
  @Query(() => DeliveryConnection, { nullable: true, complexity: pageCost, description: 'The deliveries that were opened under a licence, newest first. For its vendor, its buyer and the overseers of the exchange; null for others.' })
  async deliveries(@CurrentActor() actor: Actor, @Args() { licenceId, state, first, after }: DeliveriesArgs): Promise<ConnectionOf<DeliveryType> | null> {
    const found = await this.delivery.deliveriesFor(actor, licenceId, state ?? null, pageRequest(first, after, 2));
    return found && toConnection(found, toDeliveryType);
  }

  @Asks('delivery:download')
  @Mutation(() => RevokeDownloadResult, { description: 'Takes the token of a delivery back. What runs on it ends within seconds; what was charged stays charged.' })
  async revokeDownload(@CurrentActor() actor: Actor, @Args('input') input: RevokeDownloadInput): Promise<object> {
    const delivery = await this.revoking.execute(actor, input);
    return isRefused(delivery) ? delivery : toDeliveryType(delivery);
  }
}
