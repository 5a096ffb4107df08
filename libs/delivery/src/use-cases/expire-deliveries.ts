import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { accepted, Clock, eachSafely, systemCaller, UnitOfWork } from '#shared';
import { deliveryStates } from '../domain/delivery.js';
import { union } from '../domain/spans.js';
import { DeliveryRepository } from '../storage/delivery.repository.js';
import { ResponseSlotRepository } from '../storage/response-slot.repository.js';

const BATCH = 200;

/** Closes deliveries whose time is over: those that were never completed expire, completed ones are spent. */
@Injectable()
export class ExpireDeliveries {
  constructor(private readonly deliveries: DeliveryRepository, private readonly slots: ResponseSlotRepository, private readonly uow: UnitOfWork, private readonly audit: Audit, private readonly clock: Clock) {}

  async execute(): Promise<void> {
    await this.uow.run((tx) => this.slots.clear(tx));
    await eachSafely('deliveries', await this.deliveries.lapsed(this.clock.now(), BATCH), (id) => this.close(id));
  }

  private async close(id: string): Promise<void> {
    await this.uow.run(async (tx) => {
      const delivery = await this.deliveries.lock(tx, id);
      if (delivery.expiresAt > this.clock.now() || (delivery.state !== 'OPEN' && delivery.state !== 'COMPLETED')) return;
      const crashed = await this.deliveries.takeResponsesOf(tx, id);
      if (delivery.state === 'OPEN' && crashed.length) {
        const handedOut = await this.deliveries.lockCoverage(tx, delivery, delivery.byteLength);
        await this.deliveries.setCoverage(tx, delivery, union(handedOut, crashed.map((r) => ({ from: r.first, to: r.hold }))));
      }
      const event = delivery.state === 'OPEN' ? 'expire' : 'spend';
      const state = accepted(await this.audit.transition(tx, systemCaller('delivery'), { table: deliveryStates, state: delivery.state, event, objectType: 'delivery', objectId: id, tenantId: delivery.buyerId }));
      await this.deliveries.update(tx, delivery, { state });
    });
  }
}
