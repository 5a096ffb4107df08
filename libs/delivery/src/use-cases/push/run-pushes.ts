import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { Notices } from '#identity';
import { Clock, newId, systemCaller, UnitOfWork } from '#shared';
import { nextPush } from '../../domain/push/push.js';
import { type ClaimedPush, PushJobRepository } from '../../storage/push/push-job.repository.js';
import { PushFile, type PushOutcome } from './push-file.js';
import { RestPush } from './rest-push.js';
import { PUSH_HOLD_MS } from './watch-push.js';

/** Buckets that one process fills at once, each with one file: two parts of a file in memory. */
const AT_ONCE = 4;
/** While some are filled, others become due. */
const LOOK_AGAIN_MS = 500;
const SOON_MS = 5_000;

/** Works off the pushes that are due. A slow bucket holds up itself alone. */
@Injectable()
export class RunPushes {
  private readonly log = new Logger('push');
  private stopping = new AbortController();

  constructor(
    private readonly jobs: PushJobRepository, private readonly pushing: PushFile, private readonly resting: RestPush, private readonly notices: Notices, private readonly uow: UnitOfWork, private readonly clock: Clock,
  ) {}

  async execute(): Promise<void> {
    if (this.stopping.signal.aborted) this.stopping = new AbortController();
    const { signal } = this.stopping;
    const busy = new Map<string, Promise<void>>();
    for (;;) {
      while (!signal.aborted && busy.size < AT_ONCE) {
        const job = await this.take([...busy.keys()]);
        if (!job) break;
        busy.set(job.destinationId, this.run(job, signal).finally(() => busy.delete(job.destinationId)));
      }
      if (busy.size === 0) return;
      const waiting = new AbortController();
      await Promise.race([...busy.values(), pause(LOOK_AGAIN_MS, undefined, { signal: waiting.signal }).catch(() => undefined)]);
      waiting.abort();
    }
  }

  /** What is sent breaks off; it goes on from there with the next start, or in another process. */
  stop(): void {
    this.stopping.abort(new Error('the exchange is stopping'));
  }

  private take(busy: readonly string[]): Promise<ClaimedPush | null> {
    const now = this.clock.now();
    return this.uow.run((tx) => this.jobs.take(tx, { now, until: new Date(now.getTime() + PUSH_HOLD_MS), claim: newId(), busy }));
  }

  private async run(job: ClaimedPush, signal: AbortSignal): Promise<void> {
    try {
      await this.settle(job, await this.pushing.execute(job, signal));
    } catch (error) {
      this.log.error(`push ${job.id}: ${(error as Error).stack ?? String(error)}`);
    }
  }

  private async settle(job: ClaimedPush, outcome: PushOutcome): Promise<void> {
    if (outcome.kind === 'LOST') return;
    await this.uow.run(async (tx) => {
      const now = await this.jobs.lock(tx, job.id);
      if (now?.state !== 'WAITING' || now.claim !== job.claim) return;
      const at = this.clock.now();
      if (!('problem' in outcome)) return this.resting.execute(tx, systemCaller('push'), { ...job, problem: null }, 'finish');
      const { problem } = outcome;
      const backedOff = outcome.kind === 'OVER' ? null : nextPush(job.attempts, job.firstTriedAt, at);
      const nextAttemptAt = backedOff && outcome.kind === 'SOON' ? new Date(at.getTime() + SOON_MS) : backedOff;
      if (nextAttemptAt) return this.jobs.rest(tx, job.id, { state: 'WAITING', problem, nextAttemptAt }, at);
      await this.resting.execute(tx, systemCaller('push'), { ...job, problem }, 'give-up');
      const { id: pushId, licenceId, buyerId, assetId, revisionId, destinationId } = job;
      await this.notices.tell(tx, [buyerId], { objectType: 'LICENCE', objectId: licenceId, kind: 'PUSH_FAILED', text: `A file is not pushed to your bucket any more: ${problem}.`, details: { pushId, destinationId, revisionId, assetId, problem } });
    });
  }
}
