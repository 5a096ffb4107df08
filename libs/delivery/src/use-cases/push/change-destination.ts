import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type Actor, authorise } from '#identity';
import { accepted, Clock, Commands, isRefused, notFound, type Result, systemCaller, type Tx } from '#shared';
import { type DestinationEvent, destinationStates } from '../../domain/push/push.js';
import { PushBuckets } from '../../push/push-buckets.js';
import { type PushDestination, PushDestinationRepository } from '../../storage/push/push-destination.repository.js';
import { RestPush } from './rest-push.js';

export type DestinationAct = 'PAUSE' | 'RESUME' | 'REMOVE';
const EVENTS: Readonly<Record<DestinationAct, DestinationEvent>> = { PAUSE: 'pause', RESUME: 'check', REMOVE: 'remove' };

/** A bucket rests, goes on, gets other credentials, or is forgotten with its secret. Whoever has it go on acts for the licensee from then on. */
@Injectable()
export class ChangePushDestination {
  constructor(
    private readonly commands: Commands, private readonly buckets: PushBuckets, private readonly destinations: PushDestinationRepository, private readonly resting: RestPush, private readonly audit: Audit, private readonly clock: Clock,
  ) {}

  /** What waits for a bucket that is removed is cancelled; of one that rests it waits on. */
  move(actor: Actor, input: { readonly destinationId: string; readonly act: DestinationAct }): Promise<Result<PushDestination>> {
    return this.change(actor, 'delivery.move-push-destination', input, EVENTS[input.act], async (tx, { id }) => {
      if (input.act === 'RESUME') await this.destinations.register(tx, id, actor.subject);
      if (input.act === 'REMOVE') await this.resting.cancelAll(tx, actor, id);
    });
  }

  async rekey(actor: Actor, input: { readonly destinationId: string; readonly accessKeyId: string; readonly secretAccessKey: string }): Promise<Result<PushDestination>> {
    const secret = await this.buckets.seal(input.secretAccessKey);
    return this.change(actor, 'delivery.rekey-push-destination', input, 'check', (tx, { id }) => this.destinations.rekey(tx, id, input.accessKeyId, secret, actor.subject));
  }

  /** A licence that is over needs no bucket any more, and nobody keeps its secret. In the transaction of the message. */
  async forget(tx: Tx, licenceId: string): Promise<void> {
    for (const { id, buyerId, state } of await this.destinations.lockOfLicence(tx, licenceId)) {
      const caller = { ...systemCaller('push'), tenantId: buyerId };
      const removed = accepted(await this.audit.transition(tx, caller, { table: destinationStates, state, event: 'remove', objectType: 'push-destination', objectId: id, tenantId: buyerId }));
      await this.destinations.move(tx, id, removed, null, this.clock.now());
      await this.resting.cancelAll(tx, caller, id);
    }
  }

  private async change(actor: Actor, operation: string, input: { readonly destinationId: string }, event: DestinationEvent, also: (tx: Tx, destination: PushDestination) => Promise<void>): Promise<Result<PushDestination>> {
    const refusal = authorise(actor, 'delivery:download');
    if (refusal) return refusal;
    return this.commands.run<Result<PushDestination>>(actor, operation, input, async (tx) => {
      const destination = await this.destinations.lock(tx, input.destinationId);
      if (!destination || destination.buyerId !== actor.tenantId || destination.state === 'REMOVED') return notFound('push destination');
      const state = await this.audit.transition(tx, actor, { table: destinationStates, state: destination.state, event, objectType: 'push-destination', objectId: destination.id });
      if (isRefused(state)) return state;
      await this.destinations.move(tx, destination.id, state, null, this.clock.now());
      await also(tx, destination);
      return (await this.destinations.lock(tx, destination.id))!;
    });
  }
}
