import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { Notices } from '#identity';
import { accepted, Clock, newId, systemCaller, UnitOfWork } from '#shared';
import { destinationStates } from '../../domain/push/push.js';
import { PushBuckets, whyRefused } from '../../push/push-buckets.js';
import { type PushDestination, PushDestinationRepository } from '../../storage/push/push-destination.repository.js';

/** Far longer than a check may take: then its process has died. */
const HOLD_MS = 300_000;

/** Tries out buckets before anything goes there: a small object is written and removed. */
@Injectable()
export class CheckPushDestinations {
  constructor(
    private readonly destinations: PushDestinationRepository, private readonly buckets: PushBuckets, private readonly notices: Notices, private readonly audit: Audit, private readonly uow: UnitOfWork, private readonly clock: Clock,
  ) {}

  async execute(): Promise<void> {
    for (let id = await this.take(); id; id = await this.take()) {
      const destination = await this.uow.run((tx) => this.destinations.open(tx, id!));
      if (destination?.secret) await this.settle(destination, await this.problem(destination, destination.secret));
    }
  }

  private take(): Promise<string | null> {
    const now = this.clock.now();
    return this.uow.run((tx) => this.destinations.takePending(tx, now, new Date(now.getTime() + HOLD_MS)));
  }

  /** Outside of any transaction: a bucket may be slow. */
  private async problem(destination: PushDestination, secret: string): Promise<string | null> {
    try {
      const bucket = await this.buckets.open(destination, secret);
      try {
        await bucket.tryOut(`${destination.prefix}entrepot-check-${newId()}`);
        return null;
      } finally {
        bucket.close();
      }
    } catch (error) {
      return whyRefused(error);
    }
  }

  /** Nothing where it was changed meanwhile: then it is checked again. */
  private async settle({ id, buyerId, accessKeyId, licenceId, bucket }: PushDestination, problem: string | null): Promise<void> {
    await this.uow.run(async (tx) => {
      const now = await this.destinations.lock(tx, id);
      if (now?.state !== 'PENDING' || now.accessKeyId !== accessKeyId) return;
      const event = problem === null ? 'activate' : 'fail';
      const state = accepted(await this.audit.transition(tx, systemCaller('push'), { table: destinationStates, state: now.state, event, objectType: 'push-destination', objectId: id, tenantId: buyerId, details: { problem } }));
      await this.destinations.move(tx, id, state, problem, this.clock.now());
      if (problem !== null) await this.notices.tell(tx, [buyerId], { objectType: 'LICENCE', objectId: licenceId, kind: 'PUSH_FAILED', text: `Nothing is pushed to the bucket ${bucket}: ${problem}.`, details: { destinationId: id, problem } });
    });
  }
}
