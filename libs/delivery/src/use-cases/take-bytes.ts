import { Injectable } from '@nestjs/common';
import { Clock, type Result, stateConflict, type Tx } from '#shared';
import { DELIVERY_ERRORS } from '../delivery.errors.js';
import type { Delivery } from '../domain/delivery.js';
import type { Span, Spans } from '../domain/spans.js';
import { tokenProblem } from '../domain/standing.js';
import { DeliveryRepository } from '../storage/delivery.repository.js';
import { ExportBegins } from './export-begins.js';

/** A token with the bytes of a range taken off its budget. Its rows are held until the transaction ends. */
export interface TakenBytes {
  readonly delivery: Delivery;
  /** What of the asset was handed out under the licence before. */
  readonly handedOut: Spans;
  readonly at: Date;
}

/** More separate pieces than that are no download. */
const MAX_PIECES = 1_000;

/** Takes a range off a token's budget, before a byte of it leaves. With the first byte of all the persons in the data have been exported. */
@Injectable()
export class TakeBytes {
  constructor(private readonly deliveries: DeliveryRepository, private readonly beginning: ExportBegins, private readonly clock: Clock) {}

  async execute(tx: Tx, found: Delivery, range: Span, requestId: string): Promise<Result<TakenBytes>> {
    const handedOut = await this.deliveries.lockCoverage(tx, found, found.byteLength);
    const before = await this.deliveries.lock(tx, found.id);
    const at = this.clock.now();
    const gone = tokenProblem(before, at);
    if (gone) return gone;
    const budgetLeft = before.budgetLeft - (range.to - range.from);
    if (budgetLeft < 0 || handedOut.length >= MAX_PIECES) return stateConflict(DELIVERY_ERRORS.BUDGET, 'this token has sent, or is sending, as many bytes as it may: request the download again', before.state);
    const refused = before.startedAt ? undefined : await this.beginning.execute(tx, before, requestId, at);
    if (refused) return refused;
    const taken = { budgetLeft, startedAt: before.startedAt ?? at };
    await this.deliveries.update(tx, before, taken);
    return { delivery: { ...before, ...taken }, handedOut, at };
  }
}
