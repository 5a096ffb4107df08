import { Injectable, type OnModuleInit } from '@nestjs/common';
import { RevisionReleased } from '#catalog';
import { LicenceEnded } from '#contracts';
import { SecretBox, Subscriptions, Sweeps } from '#shared';
import { PushResolver } from './api/push/push.resolver.js';
import { PUSH_SECRET_PURPOSE, PushBuckets } from './push/push-buckets.js';
import { PushDestinationRepository } from './storage/push/push-destination.repository.js';
import { PushJobRepository } from './storage/push/push-job.repository.js';
import { ChangePushDestination } from './use-cases/push/change-destination.js';
import { CheckPushDestinations } from './use-cases/push/check-destinations.js';
import { ClearPushes } from './use-cases/push/clear-pushes.js';
import { PushDelivery } from './use-cases/push/push-delivery.js';
import { PushFile, PushTools } from './use-cases/push/push-file.js';
import { PushAccount, PushParts } from './use-cases/push/push-parts.js';
import { PushTables, QueuePushes } from './use-cases/push/queue-pushes.js';
import { ReadPushes } from './use-cases/push/read-pushes.js';
import { RegisterPushDestination } from './use-cases/push/register-destination.js';
import { RestPush } from './use-cases/push/rest-push.js';
import { RunPushes } from './use-cases/push/run-pushes.js';
import { SteerPush } from './use-cases/push/steer-push.js';
import { WatchPush } from './use-cases/push/watch-push.js';

/** What the background does for pushes. */
@Injectable()
class PushSweeps {
  constructor(readonly checking: CheckPushDestinations, readonly running: RunPushes, readonly clearing: ClearPushes, readonly changing: ChangePushDestination) {}
}

/** Once, while the module starts: the sweeps, what they listen to, and the sealed column for the rotation of the envelope key. */
@Injectable()
class PushStart implements OnModuleInit {
  constructor(
    private readonly sweeps: Sweeps, private readonly subscriptions: Subscriptions, private readonly box: SecretBox, private readonly destinations: PushDestinationRepository, private readonly work: PushSweeps, private readonly queueing: QueuePushes,
  ) {}

  onModuleInit(): void {
    this.subscriptions.on(RevisionReleased, 'delivery.push', (tx, { payload }) => this.queueing.released(tx, payload));
    this.subscriptions.on(LicenceEnded, 'delivery.push-forget', (tx, { payload }) => this.work.changing.forget(tx, payload.licenceId));
    this.sweeps.add({ name: 'delivery.push-check', everyMs: 1_000, run: () => this.work.checking.execute() });
    this.sweeps.add({ name: 'delivery.push', everyMs: 500, run: () => this.work.running.execute(), stop: () => this.work.running.stop() });
    this.sweeps.add({ name: 'delivery.push-clear', everyMs: 60_000, run: () => this.work.clearing.execute() });
    this.box.register(this.destinations.sealedColumn(PUSH_SECRET_PURPOSE));
  }
}

/** What the module of this room provides for new revisions that go into buckets of licensees by themselves. */
export const pushProviders = [
  PushDestinationRepository, PushJobRepository, PushTables, PushBuckets, RegisterPushDestination, ChangePushDestination, CheckPushDestinations, RestPush, QueuePushes, SteerPush, PushDelivery, PushAccount, PushParts, WatchPush, PushTools, PushFile, RunPushes,
  ClearPushes, ReadPushes, PushResolver, PushSweeps, PushStart,
];
