import { Injectable } from '@nestjs/common';
import { Identity } from '#identity';
import { type Refusal, stateConflict } from '#shared';
import { DELIVERY_ERRORS } from '../../delivery.errors.js';
import type { Delivery } from '../../domain/delivery.js';
import { DeliveryRepository } from '../../storage/delivery.repository.js';

/** A token is good as long as whoever asked for it could ask again, and nobody took it back. */
@Injectable()
export class TokenStanding {
  constructor(private readonly identity: Identity, private readonly deliveries: DeliveryRepository) {}

  /** Of a response that is running too: the delivery is looked up anew. */
  async problem({ id, askedBy, buyerId }: Delivery): Promise<Refusal | undefined> {
    const [now, stands] = await Promise.all([this.deliveries.byIds([id]), askedBy === null ? true : this.identity.couldStill(askedBy, buyerId, 'delivery:download')]);
    if (now.get(id)?.revokedAt !== null) return stateConflict(DELIVERY_ERRORS.TOKEN, 'the token was taken back: request the download again', 'GONE');
    return stands ? undefined : stateConflict(DELIVERY_ERRORS.TOKEN, 'whoever requested this download may not download any more: request it again', 'GONE');
  }
}
