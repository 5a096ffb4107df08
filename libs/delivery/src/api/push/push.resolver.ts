import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { type Actor, Asks, Authenticated, CurrentActor } from '#identity';
import { type ConnectionOf, isRefused, pageCost, pageRequest, toConnection } from '#shared';
import { ChangePushDestination } from '../../use-cases/push/change-destination.js';
import { QueuePushes } from '../../use-cases/push/queue-pushes.js';
import { ReadPushes } from '../../use-cases/push/read-pushes.js';
import { RegisterPushDestination } from '../../use-cases/push/register-destination.js';
import { SteerPush } from '../../use-cases/push/steer-push.js';
import * as T from './push.types.js';

@Resolver()
@Authenticated()
export class PushResolver {
  constructor(
    private readonly registering: RegisterPushDestination, private readonly changing: ChangePushDestination, private readonly queueing: QueuePushes, private readonly steering: SteerPush, private readonly reading: ReadPushes,
  ) {}

  @Asks('delivery:download')
  @Mutation(() => T.RegisterPushDestinationResult, { description: 'Names a bucket of the licensee, three for a licence at the most. Once a small object was written there and removed, every new revision goes there by itself, charged as a download is.' })
  async registerPushDestination(@CurrentActor() actor: Actor, @Args('input') { endpoint, region: awsRegion, prefix, pathStyle, ...input }: T.RegisterPushDestinationInput): Promise<object> {
    const made = await this.registering.execute(actor, { ...input, awsRegion, endpoint: endpoint ?? null, prefix: prefix ?? '', pathStyle: pathStyle ?? false });
    return isRefused(made) ? made : T.toDestinationType(made);
  }

  @Asks('delivery:download')
  @Mutation(() => T.ChangePushCredentialsResult, { description: 'Other credentials for a destination, which is checked with them before anything more goes there.' })
  async changePushCredentials(@CurrentActor() actor: Actor, @Args('input') input: T.ChangePushCredentialsInput): Promise<object> {
    const changed = await this.changing.rekey(actor, { ...input });
    return isRefused(changed) ? changed : T.toDestinationType(changed);
  }

  @Asks('delivery:download')
  @Mutation(() => T.MovePushDestinationResult, { description: 'Has a destination rest, go on, or forgotten.' })
  async movePushDestination(@CurrentActor() actor: Actor, @Args('input') input: T.MovePushDestinationInput): Promise<object> {
    const moved = await this.changing.move(actor, { ...input });
    return isRefused(moved) ? moved : T.toDestinationType(moved);
  }

  @Asks('delivery:download')
  @Mutation(() => T.PushRevisionResult, { description: 'Has a revision that is handed out pushed now, also once more. Each file that arrives is charged.' })
  async pushRevision(@CurrentActor() actor: Actor, @Args('input') input: T.PushRevisionInput): Promise<object> {
    return this.queueing.execute(actor, { ...input });
  }

  @Asks('delivery:download')
  @Mutation(() => T.RetryPushResult, { description: 'Has a push tried now, also one that was given up or cancelled.' })
  async retryPush(@CurrentActor() actor: Actor, @Args('input') { pushId }: T.RetryPushInput): Promise<object> {
    const push = await this.steering.retry(actor, { jobId: pushId });
    return isRefused(push) ? push : T.toPushType(push);
  }

  @Asks('delivery:download')
  @Mutation(() => T.CancelPushResult, { description: 'Ends a push. What is being sent stops within seconds; what was charged stays charged.' })
  async cancelPush(@CurrentActor() actor: Actor, @Args('input') { pushId }: T.CancelPushInput): Promise<object> {
    const push = await this.steering.cancel(actor, { jobId: pushId });
    return isRefused(push) ? push : T.toPushType(push);
  }

  @Asks('delivery:download', 'oversight:read')
  @Query(() => T.PushDestinationConnection, { nullable: true, complexity: pageCost, description: 'Where revisions under a licence go, newest first. For its buyer and the overseers of the exchange; null for others.' })
  async pushDestinations(@CurrentActor() actor: Actor, @Args() { licenceId, first, after }: T.PushDestinationsArgs): Promise<ConnectionOf<T.PushDestination> | null> {
    const found = await this.reading.destinations(actor, licenceId, pageRequest(first, after, 1));
    return found && toConnection(found, T.toDestinationType);
  }

  @Asks('metering:read', 'oversight:read')
  @Query(() => T.PushConnection, { nullable: true, complexity: pageCost, description: 'What was, is and will be pushed under a licence, newest first. For its vendor, its buyer and the overseers of the exchange; null for others.' })
  async pushes(@CurrentActor() actor: Actor, @Args() { licenceId, state, first, after }: T.PushesArgs): Promise<ConnectionOf<T.Push> | null> {
    const found = await this.reading.pushes(actor, licenceId, state ?? null, pageRequest(first, after, 1));
    return found && toConnection(found, T.toPushType);
  }
}
