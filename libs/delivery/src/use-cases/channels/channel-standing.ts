import { Injectable } from '@nestjs/common';
import { Clock, type Refusal, stateConflict } from '#shared';
import { DELIVERY_ERRORS } from '../../delivery.errors.js';
import { type ClientProof, offChannel } from '../../domain/channels/client-proof.js';
import type { Delivery } from '../../domain/delivery.js';
import { DeliveryChannels } from '../../object-storage/regions/delivery-channels.js';
import { AccessPointRepository } from '../../storage/access-point.repository.js';

/** A token is good on its channel alone, and as long as that is what it was. */
@Injectable()
export class ChannelStanding {
  constructor(private readonly channels: DeliveryChannels, private readonly points: AccessPointRepository, private readonly clock: Clock) {}

  async problem({ channel: id, channelKind, destination, region, buyerId }: Delivery, proof: ClientProof): Promise<Refusal | undefined> {
    // Opened before there were channels.
    if (id === null || destination === null) return undefined;
    const channel = this.channels.byId(id);
    if (channel?.kind !== channelKind || !channel.regions.includes(region) || (channel.destinations !== null && !channel.destinations.includes(destination))) {
      return stateConflict(DELIVERY_ERRORS.CHANNEL, `the delivery channel ${id} does not carry this any more: request the download again`, 'CHANNEL');
    }
    const off = channel.kind === 'public' ? undefined : offChannel(channel, proof, await this.points.of(buyerId), destination, this.clock.now());
    return off === undefined ? undefined : stateConflict(DELIVERY_ERRORS.CHANNEL, `${off}: this download goes by the channel ${id} alone`, 'CHANNEL');
  }
}
