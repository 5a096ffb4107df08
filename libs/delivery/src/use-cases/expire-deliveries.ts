import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { accepted, Clock, systemCaller, UnitOfWork } from '#shared';
import { deliveryStates } from '../domain/delivery.js';
import { DeliveryRepository } from '../storage/delivery.repository.js';

const BATCH = 200;

/** Closes deliveries whose time is over: those that were never completed expire, completed ones are spent. */
@Injectable()
export class ExpireDeliveries {
  constructor(private readonly deliveries: DeliveryRepository, private readonly uow: UnitOfWork, private readonly audit: Audit, private readonly clock: Clock) {}

  async execute(): Promise<void> {
    for (const id of await this.deliveries.lapsed(this.clock.now(), BATCH)) await this.close(id);
  }

  private async close(id: string): Promise<void> {
    await this.uow.run(async (tx) => {
      const delivery = await this.deliveries.lock(tx, id);
      if (delivery.expiresAt > this.clock.now() || (delivery.state !== 'OPEN' && delivery.state !== 'COMPLETED')) return;
      const event = delivery.state === 'OPEN' ? 'expire' : 'spend';
      const state = accepted(await this.audit.transition(tx, systemCaller('delivery'), { table: deliveryStates, state: delivery.state, event, objectType: 'delivery', objectId: id, tenantId: delivery.buyerId }));
      await this.deliveries.update(tx, delivery, { state });
    });
  }
}
