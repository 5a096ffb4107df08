import { Injectable } from '@nestjs/common';
import { Clock, isRefused, newId, notFound, type Result, sha256Hex, stateConflict, UnitOfWork } from '#shared';
import { DELIVERY_ERRORS } from '../delivery.errors.js';
import type { ClientProof } from '../domain/channels/client-proof.js';
import { holdPoint } from '../domain/coverage.js';
import type { Delivery } from '../domain/delivery.js';
import { holds, type Span } from '../domain/spans.js';
import { tokenProblem } from '../domain/standing.js';
import { DeliveryRepository } from '../storage/delivery.repository.js';
import { ResponseSlotRepository } from '../storage/response-slot.repository.js';
import { DeliveryStanding } from './delivery-standing.js';
import { ExportBegins } from './export-begins.js';

/** The right to send one range. `hold`: as far as it goes before it is counted. */
export interface Reservation {
  readonly delivery: Delivery;
  readonly range: Span;
  readonly hold: number;
  /** Null: these bytes are counted already. */
  readonly responseId: string | null;
  /** The place of the licence that the response holds while it runs. */
  readonly slotId: string;
  readonly requestId: string;
  /** Who reads, as the channel of the delivery asks. */
  readonly proof: ClientProof;
}

/** More separate pieces than that are no download. */
const MAX_PIECES = 1_000;

/** Before the first byte of a response: who holds this token may still read, and the bytes come off the token's budget. With the first byte of all the persons in the data have been exported. */
@Injectable()
export class ReserveBytes {
  constructor(
    private readonly deliveries: DeliveryRepository, private readonly slots: ResponseSlotRepository, private readonly standing: DeliveryStanding, private readonly beginning: ExportBegins, private readonly uow: UnitOfWork, private readonly clock: Clock,
  ) {}

  /** The delivery of a token whose licence and product are in order now, and that the law permits now. */
  async find(token: string, requestId: string, proof: ClientProof): Promise<Result<Delivery>> {
    const delivery = await this.deliveries.byTokenHash(sha256Hex(token));
    if (!delivery) return notFound('download');
    const gone = tokenProblem(delivery, this.clock.now());
    if (gone) return gone;
    const standing = await this.standing.check(delivery, delivery, requestId, proof);
    return isRefused(standing) ? standing : delivery;
  }

  execute(found: Delivery, range: Span, requestId: string, proof: ClientProof): Promise<Result<Reservation>> {
    return this.uow.run<Result<Reservation>>(async (tx) => {
      const handedOut = await this.deliveries.lockCoverage(tx, found, found.byteLength);
      const delivery = await this.deliveries.lock(tx, found.id);
      const now = this.clock.now();
      const gone = tokenProblem(delivery, now);
      if (gone) return gone;
      const budgetLeft = delivery.budgetLeft - (range.to - range.from);
      if (budgetLeft < 0 || handedOut.length >= MAX_PIECES) return stateConflict(DELIVERY_ERRORS.BUDGET, 'this token has sent, or is sending, as many bytes as it may: request the download again', delivery.state);
      const slotId = newId();
      if (!(await this.slots.enter(tx, delivery, slotId))) return stateConflict(DELIVERY_ERRORS.TOO_MANY_RESPONSES, 'as many downloads run under this licence as may run at once', delivery.state);
      const refused = delivery.startedAt ? undefined : await this.beginning.execute(tx, delivery, requestId, now);
      if (refused) return refused;
      const counts = delivery.state === 'OPEN' && !holds(handedOut, range);
      const hold = counts ? holdPoint(handedOut, await this.deliveries.running(tx, delivery, null), range) : range.to;
      const responseId = counts ? newId() : null;
      if (responseId) await this.deliveries.addResponse(tx, delivery, responseId, { first: range.from, hold }, now);
      await this.deliveries.update(tx, delivery, { budgetLeft, startedAt: delivery.startedAt ?? now });
      return { delivery, range, hold, responseId, slotId, requestId, proof };
    });
  }
}
