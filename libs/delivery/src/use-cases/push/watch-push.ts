import { Injectable } from '@nestjs/common';
import { Clock, isRefused, UnitOfWork } from '#shared';
import type { Delivery } from '../../domain/delivery.js';
import { NO_CLIENT } from '../../domain/push/push.js';
import { type ClaimedPush, PushJobRepository } from '../../storage/push/push-job.repository.js';
import { DeliveryStanding } from '../delivery-standing.js';
import type { Basis } from '../licence-standing.js';
import { RefusedPushError } from './push-parts.js';

/** Short, so that another process soon goes on where one died; renewed while it runs. */
export const PUSH_HOLD_MS = 10_000;
/** So often it is asked again whether it may go on: a licence that falls stops it within this time. */
const STANDING_MS = 2_000;

/** The push was cancelled, its bucket rests, or another process has taken it up. */
export class LostPushError extends Error {}

/** Asks while a push runs whether it may go on, by the clock: a slow bucket keeps no question waiting. */
@Injectable()
export class WatchPush {
  constructor(private readonly asking: DeliveryStanding, private readonly jobs: PushJobRepository, private readonly uow: UnitOfWork, private readonly clock: Clock) {}

  /** Throws what stopped it. */
  async execute<T>(job: ClaimedPush, delivery: Delivery, stopping: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    let known: Basis = delivery;
    const ask = async (): Promise<void> => {
      if (!(await this.uow.run((tx) => this.jobs.hold(tx, job, new Date(this.clock.now().getTime() + PUSH_HOLD_MS))))) throw new LostPushError('it is not this process that goes on');
      const standing = await this.asking.check(delivery, known, `push-${job.id}`, NO_CLIENT);
      if (isRefused(standing)) throw new RefusedPushError(standing);
      known = standing;
    };
    await ask();
    const stopped = new AbortController();
    let under: Promise<void> | null = null;
    const timer = setInterval(() => void (under ??= ask().catch((error: unknown) => stopped.abort(error)).finally(() => (under = null))), STANDING_MS);
    try {
      return await work(AbortSignal.any([stopping, stopped.signal]));
    } catch (error) {
      // What was aborted says so in the words of whoever was waiting; why stands with the signal.
      throw stopped.signal.aborted ? stopped.signal.reason : error;
    } finally {
      clearInterval(timer);
      await (under as Promise<void> | null);
    }
  }
}
