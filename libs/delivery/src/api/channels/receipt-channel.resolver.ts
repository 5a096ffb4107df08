import { Context, ID, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { Authenticated } from '#identity';
import { loader, type LoaderHolder } from '#shared';
import { DeliveryRepository } from '../../storage/delivery.repository.js';
import { Receipt } from '../delivery.types.js';

/** Whoever sees a receipt sees on which way its bytes went. */
@Resolver(() => Receipt)
@Authenticated()
export class ReceiptChannelResolver {
  constructor(private readonly deliveries: DeliveryRepository) {}

  @ResolveField('channel', () => ID, { nullable: true, complexity: 2, description: 'The delivery channel that it went by; null: from before there were channels.' })
  async channel(@Parent() { deliveryId }: Receipt, @Context() context: LoaderHolder): Promise<string | null> {
    return loader<string>(context, 'delivery.receipt-channels', async (ids) => new Map([...(await this.deliveries.byIds(ids))].flatMap(([id, { channel }]) => (channel === null ? [] : [[id, channel]])))).load(deliveryId);
  }
}
