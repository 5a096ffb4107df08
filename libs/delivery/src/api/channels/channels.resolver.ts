import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { type Actor, Asks, Authenticated, CurrentActor, organisationOf, permits } from '#identity';
import { isRefused } from '#shared';
import { DeliveryChannels } from '../../object-storage/regions/delivery-channels.js';
import { AccessPointRepository } from '../../storage/access-point.repository.js';
import { AddAccessPoint } from '../../use-cases/channels/add-access-point.js';
import { RemoveAccessPoint } from '../../use-cases/channels/remove-access-point.js';
import { AccessPointType, AddAccessPointInput, AddAccessPointResult, DeliveryChannel, RemoveAccessPointInput, RemoveAccessPointResult, toAccessPointType, toChannelType } from './channels.types.js';

@Resolver()
@Authenticated()
export class ChannelsResolver {
  constructor(private readonly channels: DeliveryChannels, private readonly points: AccessPointRepository, private readonly adding: AddAccessPoint, private readonly removing: RemoveAccessPoint) {}

  @Asks('AUTHENTICATED')
  @Query(() => [DeliveryChannel], { complexity: 50, description: 'The ways on which bytes leave the exchange, fifty at the most, in the order in which a download takes the first that fits.' })
  deliveryChannels(): DeliveryChannel[] {
    return this.channels.all.map(toChannelType);
  }

  @Asks('delivery:manage-access')
  @Query(() => [AccessPointType], { nullable: true, complexity: 50, description: "The networks and certificates of the caller's organisation that count, fifty at the most; null for others." })
  async accessPoints(@CurrentActor() actor: Actor): Promise<AccessPointType[] | null> {
    return permits(actor, 'delivery:manage-access') ? (await this.points.of(organisationOf(actor))).map(toAccessPointType) : null;
  }

  @Asks('delivery:manage-access')
  @Mutation(() => AddAccessPointResult, { description: 'Registers a network or a client certificate from which the organisation fetches on channels that are not public.' })
  async addAccessPoint(@CurrentActor() actor: Actor, @Args('input') { network, certificate, country, label }: AddAccessPointInput): Promise<object> {
    const point = await this.adding.execute(actor, { network: network ?? null, certificate: certificate ?? null, country, label });
    return isRefused(point) ? point : toAccessPointType(point);
  }

  @Asks('delivery:manage-access')
  @Mutation(() => RemoveAccessPointResult, { description: 'Takes one back; what runs on it ends within seconds.' })
  async removeAccessPoint(@CurrentActor() actor: Actor, @Args('input') input: RemoveAccessPointInput): Promise<object> {
    const point = await this.removing.execute(actor, input);
    return isRefused(point) ? point : toAccessPointType(point);
  }
}
