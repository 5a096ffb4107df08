import { Injectable } from '@nestjs/common';
import { Clock, isRefused, newId, notFound, type Result, sha256Hex, stateConflict, UnitOfWork } from '#shared';
import { DELIVERY_ERRORS } from '../delivery.errors.js';
import type { ClientProof } from '../domain/channels/client-proof.js';
import { holdPoint } from '../domain/coverage.js';
import type { Delivery } from '../domain/delivery.js';
import { holds, type Span } from '../domain/spans.js';
import { askerProblem, tokenProblem } from '../domain/standing.js';
import { DeliveryRepository } from '../storage/delivery.repository.js';
import { ResponseSlotRepository } from '../storage/response-slot.repository.js';
import { DeliveryStanding } from './delivery-standing.js';
import { TakeBytes } from './take-bytes.js';

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

/** Before the first byte of a response: who holds this token may still read, and the bytes come off the token's budget. */
@Injectable()
export class ReserveBytes {
  constructor(
    private readonly deliveries: DeliveryRepository, private readonly slots: ResponseSlotRepository, private readonly standing: DeliveryStanding, private readonly taking: TakeBytes, private readonly uow: UnitOfWork, private readonly clock: Clock,
  ) {}

  /** The delivery of a token whose licence and product are in order now, and that the law permits now. `presented`: whose credential came with it, as the audit log names him. */
  async find(token: string, requestId: string, proof: ClientProof, presented: string | null): Promise<Result<Delivery>> {
    const delivery = await this.deliveries.byTokenHash(sha256Hex(token));
    if (!delivery) return notFound('download');
    const gone = tokenProblem(delivery, this.clock.now()) ?? askerProblem(delivery, presented);
    if (gone) return gone;
    const standing = await this.standing.check(delivery, delivery, requestId, proof);
    return isRefused(standing) ? standing : delivery;
  }

  execute(found: Delivery, range: Span, requestId: string, proof: ClientProof): Promise<Result<Reservation>> {
    return this.uow.run<Result<Reservation>>(async (tx) => {
      const taken = await this.taking.execute(tx, found, range, requestId);
      if (isRefused(taken)) return taken;
      const { delivery, handedOut, at } = taken;
      const slotId = newId();
      if (!(await this.slots.enter(tx, delivery, slotId))) return stateConflict(DELIVERY_ERRORS.TOO_MANY_RESPONSES, 'as many downloads run under this licence as may run at once', delivery.state);
      const counts = delivery.state === 'OPEN' && !holds(handedOut, range);
      const hold = counts ? holdPoint(handedOut, await this.deliveries.running(tx, delivery, null), range) : range.to;
      const responseId = counts ? newId() : null;
      if (responseId) await this.deliveries.addResponse(tx, delivery, responseId, { first: range.from, hold }, at);
      return { delivery, range, hold, responseId, slotId, requestId, proof };
    });
  }
}
