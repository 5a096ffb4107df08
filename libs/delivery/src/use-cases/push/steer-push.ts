import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type Actor, authorise } from '#identity';
import { Clock, Commands, isRefused, notFound, type Result, stateConflict, type Tx } from '#shared';
import { DELIVERY_ERRORS } from '../../delivery.errors.js';
import { pushStates } from '../../domain/push/push.js';
import { type PushJob, PushJobRepository } from '../../storage/push/push-job.repository.js';
import { RestPush } from './rest-push.js';

/** The licensee has a push tried now, also one that was given up, or ends it. */
@Injectable()
export class SteerPush {
  constructor(private readonly commands: Commands, private readonly jobs: PushJobRepository, private readonly resting: RestPush, private readonly audit: Audit, private readonly clock: Clock) {}

  /** One that is being worked on goes on as it is. */
  retry(actor: Actor, input: { readonly jobId: string }): Promise<Result<PushJob>> {
    return this.steer(actor, 'delivery.retry-push', input, async (tx, job) => {
      if (job.state === 'DONE') return stateConflict(DELIVERY_ERRORS.PUSH_OVER, 'it has arrived: push the revision again', job.state);
      if (job.state === 'WAITING') {
        if (!job.claim) await this.jobs.rest(tx, job.id, { ...job, nextAttemptAt: this.clock.now() }, this.clock.now());
        return undefined;
      }
      // Pushed again meanwhile: two would write the same object.
      if (await this.jobs.isOnItsWay(tx, job)) return stateConflict(DELIVERY_ERRORS.PUSH_OVER, 'the file is on its way to this bucket already', job.state);
      const state = await this.audit.transition(tx, actor, { table: pushStates, state: job.state, event: 'retry', objectType: 'push', objectId: job.id });
      if (isRefused(state)) return state;
      await this.jobs.again(tx, job.id, this.clock.now());
      return undefined;
    });
  }

  /** What is being sent stops within seconds; what is charged stays charged. */
  cancel(actor: Actor, input: { readonly jobId: string }): Promise<Result<PushJob>> {
    return this.steer(actor, 'delivery.cancel-push', input, async (tx, job) => {
      if (job.state === 'CANCELLED') return undefined;
      if (job.state !== 'WAITING') return stateConflict(DELIVERY_ERRORS.PUSH_OVER, 'it is over', job.state);
      await this.resting.execute(tx, actor, { ...job, problem: 'it was cancelled' }, 'cancel');
      return undefined;
    });
  }

  private async steer(actor: Actor, operation: string, input: { readonly jobId: string }, act: (tx: Tx, job: NonNullable<Awaited<ReturnType<PushJobRepository['lock']>>>) => Promise<Result<undefined>>): Promise<Result<PushJob>> {
    const refusal = authorise(actor, 'delivery:download');
    if (refusal) return refusal;
    return this.commands.run<Result<PushJob>>(actor, operation, input, async (tx) => {
      const job = await this.jobs.lock(tx, input.jobId);
      if (job?.buyerId !== actor.tenantId) return notFound('push');
      const problem = await act(tx, job);
      if (problem && isRefused(problem)) return problem;
      const { claim: _, ...now } = (await this.jobs.lock(tx, job.id))!;
      return now;
    });
  }
}
