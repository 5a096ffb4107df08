import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { accepted, UnitOfWork } from '#shared';
import { stillOwed } from '../domain/coverage.js';
import { deliveryStates } from '../domain/delivery.js';
import { type Span, union } from '../domain/spans.js';
import { DeliveryRepository } from '../storage/delivery.repository.js';
import { ResponseSlotRepository } from '../storage/response-slot.repository.js';
import { bearer } from './count-delivery.js';
import type { Reservation } from './reserve-bytes.js';

export interface SentBytes {
  /** Bytes given to the connection, from the start of the range. */
  readonly sent: number;
  /** Whether the response was counted at its hold. */
  readonly counted: boolean;
  /** Whether the whole range has left for the operating system. */
  readonly finished: boolean;
}

/**
 * After a response, however it ended: what went out is remembered, what did not comes back to the token's budget, and a token
 * whose delivery is completed and has gone out is spent.
 */
@Injectable()
export class EndResponse {
  constructor(private readonly uow: UnitOfWork, private readonly deliveries: DeliveryRepository, private readonly slots: ResponseSlotRepository, private readonly audit: Audit) {}

  async execute({ delivery: found, range, responseId, slotId, requestId }: Reservation, { sent, counted, finished }: SentBytes): Promise<void> {
    const out: Span = { from: range.from, to: range.from + sent };
    await this.uow.run(async (tx) => {
      await this.slots.leave(tx, slotId);
      const uncounted = responseId !== null && !counted;
      const handedOut = uncounted ? await this.deliveries.lockCoverage(tx, found, found.byteLength) : [];
      const delivery = await this.deliveries.lock(tx, found.id);
      if (uncounted) {
        await this.deliveries.removeResponse(tx, delivery, responseId);
        // Also of a token that was taken back: what went out on it is with the client.
        if (delivery.state === 'OPEN' || delivery.state === 'REVOKED') await this.deliveries.setCoverage(tx, delivery, union(handedOut, [out]));
      }
      const owed = finished ? stillOwed(delivery.owed, range) : delivery.owed;
      const budgetLeft = delivery.budgetLeft + (range.to - out.to);
      const spent = finished && delivery.state === 'COMPLETED' && owed.length === 0;
      const state = spent ? accepted(await this.audit.transition(tx, bearer(delivery, requestId), { table: deliveryStates, state: delivery.state, event: 'spend', objectType: 'delivery', objectId: delivery.id })) : delivery.state;
      await this.deliveries.update(tx, delivery, { state, owed, budgetLeft });
    });
  }
}
