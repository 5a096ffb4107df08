import { Args, ID, Query, Resolver } from '@nestjs/graphql';
import { type Actor, Authenticated, CurrentActor } from '#identity';
import { type ConnectionOf, isId, PageArgs, pageCost, pageRequest, toConnection } from '#shared';
import { Metering } from '../metering.facade.js';
import { toUsageEventType, toUsageTotalType, UsageEvent, UsageEventConnection, UsageTotal } from './metering.types.js';

@Resolver()
@Authenticated()
export class MeteringResolver {
  constructor(private readonly metering: Metering) {}

  @Query(() => UsageEventConnection, { nullable: true, complexity: pageCost, description: 'The uses of a licence, oldest first. For its vendor, its buyer and the overseers of the exchange; null for others.' })
  async usageEvents(
    @CurrentActor() actor: Actor, @Args('licenceId', { type: () => ID, description: 'Which licence.' }) licenceId: string, @Args() page: PageArgs,
  ): Promise<ConnectionOf<UsageEvent> | null> {
    const request = pageRequest(page.first, page.after, 2);
    const found = isId(licenceId) ? await this.metering.eventsFor(actor, licenceId, request) : null;
    return found && toConnection(found, toUsageEventType);
  }

  @Query(() => [UsageTotal], { nullable: true, description: 'The uses of a licence added up by meter, for the same readers.' })
  async usageSummary(@CurrentActor() actor: Actor, @Args('licenceId', { type: () => ID, description: 'Which licence.' }) licenceId: string): Promise<UsageTotal[] | null> {
    const totals = isId(licenceId) ? await this.metering.totalsFor(actor, licenceId) : null;
    return totals && totals.map(toUsageTotalType);
  }
}
