import { Injectable } from '@nestjs/common';
import { isRefused, type Refusal, UnitOfWork } from '#shared';
import type { Delivery } from '../domain/delivery.js';
import { holds, type Span } from '../domain/spans.js';
import { DeliveryRepository } from '../storage/delivery.repository.js';
import { CountDelivery } from './count-delivery.js';
import { TakeBytes } from './take-bytes.js';

/**
 * A range is given to somebody who sends it by himself: nginx, or the bucket. What he really sends nobody tells us in time, so the range counts as handed out with the
 * yes, and a delivery that is whole by it is charged in the same transaction. Its token can be resumed for a day: a connection that broke costs nothing more.
 */
@Injectable()
export class HandOver {
  constructor(private readonly uow: UnitOfWork, private readonly deliveries: DeliveryRepository, private readonly taking: TakeBytes, private readonly counting: CountDelivery) {}

  execute(found: Delivery, range: Span, requestId: string): Promise<Refusal | undefined> {
    return this.uow.run<Refusal | undefined>(async (tx) => {
      const taken = await this.taking.execute(tx, found, range, requestId);
      if (isRefused(taken)) return taken;
      const { delivery, handedOut } = taken;
      if (delivery.state !== 'OPEN' || holds(handedOut, range)) return undefined;
      await this.counting.count(tx, { delivery, handedOut, others: await this.deliveries.running(tx, delivery, null), range, hold: range.from, requestId });
      return undefined;
    });
  }
}
