import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type Actor, authorise } from '#identity';
import { accepted, Clock, Commands, isRefused, notFound, type Result, stateConflict } from '#shared';
import { DELIVERY_ERRORS } from '../../delivery.errors.js';
import { type Delivery, deliveryStates } from '../../domain/delivery.js';
import { DeliveryRepository } from '../../storage/delivery.repository.js';

/**
 * Takes a token back, for anybody of the buyer who may download. What is charged stays charged; what went out before stays with the licence's coverage.
 * A response that is running ends within seconds. Said twice it is said once.
 */
@Injectable()
export class RevokeDownload {
  constructor(private readonly commands: Commands, private readonly deliveries: DeliveryRepository, private readonly audit: Audit, private readonly clock: Clock) {}

  async execute(actor: Actor, input: { readonly deliveryId: string }): Promise<Result<Delivery>> {
    const refusal = authorise(actor, 'delivery:download');
    if (refusal) return refusal;
    const done = await this.commands.run<Result<{ readonly id: string }>>(actor, 'delivery.revoke-download', input, async (tx) => {
      const delivery = await this.deliveries.find(tx, input.deliveryId);
      if (delivery?.buyerId !== actor.tenantId) return notFound('delivery');
      if (delivery.revokedAt) return { id: delivery.id };
      if (!deliveryStates.next(delivery.state, 'revoke')) return stateConflict(DELIVERY_ERRORS.NOT_REVOCABLE, 'the token is spent or expired already', delivery.state);
      const state = accepted(await this.audit.transition(tx, actor, { table: deliveryStates, state: delivery.state, event: 'revoke', objectType: 'delivery', objectId: delivery.id }));
      await this.deliveries.update(tx, delivery, { state, revokedAt: this.clock.now() });
      return { id: delivery.id };
    });
    return isRefused(done) ? done : (await this.deliveries.byIds([done.id])).get(done.id)!;
  }
}
