import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { accepted, type Caller, Clock, type Tx } from '#shared';
import { type PushState, pushStates } from '../../domain/push/push.js';
import { type PushJob, PushJobRepository } from '../../storage/push/push-job.repository.js';

const STATES: Readonly<Record<'finish' | 'give-up' | 'cancel', PushState>> = { finish: 'DONE', 'give-up': 'GIVEN_UP', cancel: 'CANCELLED' };

/** A push comes to its end. */
@Injectable()
export class RestPush {
  constructor(private readonly jobs: PushJobRepository, private readonly audit: Audit, private readonly clock: Clock) {}

  /** In the caller's transaction, which holds the job. */
  async execute(tx: Tx, caller: Caller, { id, buyerId, problem }: Pick<PushJob, 'id' | 'buyerId' | 'problem'>, event: keyof typeof STATES): Promise<void> {
    const state = accepted(await this.audit.transition(tx, caller, { table: pushStates, state: 'WAITING', event, objectType: 'push', objectId: id, tenantId: buyerId, details: { problem } }));
    await this.jobs.rest(tx, id, { state, problem, nextAttemptAt: null }, this.clock.now());
  }

  /** What waits for a bucket that is gone. */
  async cancelAll(tx: Tx, caller: Caller & { readonly tenantId: string | null }, destinationId: string): Promise<void> {
    for (const id of await this.jobs.waitingFor(tx, destinationId)) await this.execute(tx, caller, { id, buyerId: caller.tenantId!, problem: 'the destination was removed' }, 'cancel');
  }
}
