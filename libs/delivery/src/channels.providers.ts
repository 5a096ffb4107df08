import { ChannelsResolver } from './api/channels/channels.resolver.js';
import { ReceiptChannelResolver } from './api/channels/receipt-channel.resolver.js';
import { TlsDoor } from './api/channels/tls-door.js';
import { DeliveryChannels } from './object-storage/regions/delivery-channels.js';
import { AccessPointRepository } from './storage/access-point.repository.js';
import { AddAccessPoint } from './use-cases/channels/add-access-point.js';
import { ChannelOfDelivery } from './use-cases/channels/channel-of-delivery.js';
import { ChannelStanding } from './use-cases/channels/channel-standing.js';
import { RemoveAccessPoint } from './use-cases/channels/remove-access-point.js';

/** On which ways bytes leave, and who is on them. */
export const channelProviders = [ChannelsResolver, ReceiptChannelResolver, TlsDoor, DeliveryChannels, AccessPointRepository, AddAccessPoint, RemoveAccessPoint, ChannelOfDelivery, ChannelStanding];
