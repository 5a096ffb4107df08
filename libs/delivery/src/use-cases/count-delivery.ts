import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { accepted, type Caller, Clock, type Tx, UnitOfWork } from '#shared';
import { completes, type RunningResponse } from '../domain/coverage.js';
import { type Delivery, deliveryStates, RESUME_SECONDS } from '../domain/delivery.js';
import { NO_SPANS, type Span, type Spans, union } from '../domain/spans.js';
import { DeliveryRepository } from '../storage/delivery.repository.js';
import { ChargeDelivery } from './charge-delivery.js';
import type { Reservation } from './reserve-bytes.js';

/** Whoever shows the token acts for the buyer. */
export const bearer = (delivery: Delivery, requestId: string): Caller => ({ subject: `delivery:${delivery.id}`, tenantId: delivery.buyerId, requestId });

interface Counted {
  readonly delivery: Delivery;
  readonly handedOut: Spans;
  readonly others: readonly RunningResponse[];
  readonly range: Span;
  readonly hold: number;
  readonly requestId: string;
}

/**
 * At the hold of a response, before its last bytes leave: marks its range as handed out. If that puts the whole file into the
 * client's hands the delivery is completed, receipted and metered in the same transaction (I3). A crash before it commits
 * leaves the client without the end and nothing charged; a crash after it leaves him the right to resume.
 */
@Injectable()
export class CountDelivery {
  constructor(private readonly uow: UnitOfWork, private readonly deliveries: DeliveryRepository, private readonly charge: ChargeDelivery, private readonly audit: Audit, private readonly clock: Clock) {}

  /** False: the token was taken back, and nothing more may leave on it. */
  async execute(reservation: Reservation & { readonly responseId: string }): Promise<boolean> {
    const { delivery: { id, byteLength }, range, hold, responseId } = reservation;
    return this.uow.run(async (tx) => {
      const handedOut = await this.deliveries.lockCoverage(tx, reservation.delivery, byteLength);
      const delivery = await this.deliveries.lock(tx, id);
      if (delivery.revokedAt) return false;
      const others = await this.deliveries.running(tx, delivery, responseId);
      await this.deliveries.removeResponse(tx, delivery, responseId);
      await this.count(tx, { delivery, handedOut, others, range, hold, requestId: reservation.requestId });
      return true;
    });
  }

  /** The range counts as handed out from here on; what of it comes after `hold` is owed until it is known to have gone. In the transaction that holds the rows. */
  async count(tx: Tx, { delivery, handedOut, others, range, hold, requestId }: Counted): Promise<void> {
    // Another response of this token has completed the delivery: these bytes are paid for.
    if (delivery.state === 'COMPLETED' || delivery.state === 'SPENT') return;
    const owed = union(delivery.owed, [{ from: hold, to: range.to }]);
    if (completes(handedOut, others, range, delivery.byteLength)) return this.complete(tx, delivery, owed, requestId);
    await this.deliveries.setCoverage(tx, delivery, union(handedOut, [range]));
    await this.deliveries.update(tx, delivery, { owed });
  }

  private async complete(tx: Tx, delivery: Delivery, owed: Spans, requestId: string): Promise<void> {
    const caller = bearer(delivery, requestId);
    const completedAt = this.clock.now();
    const receipt = await this.charge.execute(tx, caller, delivery, completedAt);
    const state = accepted(await this.audit.transition(tx, caller, {
      table: deliveryStates, state: delivery.state, event: 'complete', objectType: 'delivery', objectId: delivery.id, details: { receiptId: receipt.id, bytes: receipt.bytes },
    }));
    const resumable = new Date(completedAt.getTime() + RESUME_SECONDS * 1_000);
    await this.deliveries.update(tx, delivery, { state, completedAt, owed, expiresAt: resumable });
    // Rows that a crash left under other tokens are paid for too: kept, they would complete the next fetch of a few bytes.
    await this.deliveries.removeResponsesOfUse(tx, delivery);
    await this.deliveries.setCoverage(tx, delivery, NO_SPANS);
  }
}
