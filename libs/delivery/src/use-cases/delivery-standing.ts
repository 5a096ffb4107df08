import { Injectable } from '@nestjs/common';
import type { Refusal } from '#shared';
import type { ClientProof } from '../domain/channels/client-proof.js';
import type { Delivery } from '../domain/delivery.js';
import { ChannelStanding } from './channels/channel-standing.js';
import { type Basis, LicenceStanding } from './licence-standing.js';
import { TokenStanding } from './tokens/token-standing.js';

/** Whether bytes may leave on a delivery at this moment: its token is good, its client is on its channel, and so is what it stands on. */
@Injectable()
export class DeliveryStanding {
  constructor(private readonly token: TokenStanding, private readonly channel: ChannelStanding, private readonly licence: LicenceStanding) {}

  /** `known`: the basis as the caller last saw it. Answers the basis that holds now. */
  async check(delivery: Delivery, known: Basis, requestId: string, proof: ClientProof): Promise<Basis | Refusal> {
    return (await this.token.problem(delivery)) ?? (await this.channel.problem(delivery, proof)) ?? this.licence.check(delivery, known, requestId);
  }
}
