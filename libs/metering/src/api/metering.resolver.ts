import { Args, ArgsType, Field, ID, Query, Resolver } from '@nestjs/graphql';
import { IsUUID } from 'class-validator';
import { type Actor, Asks, Authenticated, CurrentActor } from '#identity';
import { type ConnectionOf, PageArgs, pageCost, pageRequest, toConnection } from '#shared';
import { Metering } from '../metering.facade.js';
import { toUsageEventType, toUsageTotalType, UsageEvent, UsageEventConnection, UsageTotal } from './metering.types.js';

@ArgsType()
class UsageEventsArgs extends PageArgs {
  @IsUUID() @Field(() => ID, { description: 'Which licence.' }) licenceId: string;
}

@Resolver()
@Authenticated()
export class MeteringResolver {
  constructor(private readonly metering: Metering) {}

  @Asks('metering:read', 'oversight:read')
  @Query(() => UsageEventConnection, { nullable: true, complexity: pageCost, description: 'The uses of a licence, oldest first. For its vendor, its buyer and the overseers of the exchange; null for others.' })
  async usageEvents(@CurrentActor() actor: Actor, @Args() { licenceId, first, after }: UsageEventsArgs): Promise<ConnectionOf<UsageEvent> | null> {
    const found = await this.metering.eventsFor(actor, licenceId, pageRequest(first, after, 2));
    return found && toConnection(found, toUsageEventType);
  }

  @Asks('metering:read', 'oversight:read')
  @Query(() => [UsageTotal], { nullable: true, description: 'The uses of a licence added up by meter, for the same readers.' })
  async usageSummary(@CurrentActor() actor: Actor, @Args('licenceId', { type: () => ID, description: 'Which licence.' }) licenceId: string): Promise<UsageTotal[] | null> {
    return (await this.metering.totalsFor(actor, licenceId))?.map(toUsageTotalType) ?? null;
  }
}
