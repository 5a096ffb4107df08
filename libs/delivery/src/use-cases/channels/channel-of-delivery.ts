import { Injectable } from '@nestjs/common';
import { Contracts, type LicenceForDelivery } from '#contracts';
import { Clock, type StateConflict, stateConflict } from '#shared';
import { DELIVERY_ERRORS } from '../../delivery.errors.js';
import type { Channel } from '../../domain/channels/channel.js';
import { chooseChannel, isNoChannel } from '../../domain/channels/choose-channel.js';
import { DeliveryChannels } from '../../object-storage/regions/delivery-channels.js';
import { AccessPointRepository } from '../../storage/access-point.repository.js';

export interface ChannelChoice {
  /** A channel by its id; null: the first that fits. */
  readonly wanted: string | null;
  /** Nobody comes to fetch it: there is no client whose network or certificate could be asked for. */
  readonly publicOnly: boolean;
}
interface ChannelRequest extends ChannelChoice {
  readonly region: string;
  readonly mediaType: string;
}

/** On which way a delivery goes: by where the bytes lie, where the decision lets them go, what was agreed, and from where the buyer fetches. */
@Injectable()
export class ChannelOfDelivery {
  constructor(private readonly channels: DeliveryChannels, private readonly points: AccessPointRepository, private readonly contracts: Contracts, private readonly clock: Clock) {}

  async choose(standing: LicenceForDelivery, { region, mediaType, wanted, publicOnly }: ChannelRequest): Promise<Channel | StateConflict> {
    const now = this.clock.now();
    const found = chooseChannel(publicOnly ? this.channels.all.filter((c) => c.kind === 'public') : this.channels.all, {
      region, wanted, now, destination: standing.agreement.destination, points: await this.points.of(standing.licence.buyerId),
      against: ({ kind }) => this.contracts.termsLapsed(standing, { at: now, mediaType, channel: kind })?.message,
    });
    return isNoChannel(found) ? stateConflict(DELIVERY_ERRORS.NO_CHANNEL, found.message, found.rule) : found;
  }
}
