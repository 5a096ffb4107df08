import { Args, ArgsType, Field, ID, Query, registerEnumType, Resolver } from '@nestjs/graphql';
import { IsDate, IsIn, IsOptional, IsString, IsUUID, MaxLength } from 'class-validator';
import { type Meter, MeterEnum, METERS } from '#contracts';
import { type Actor, Asks, Authenticated, CurrentActor } from '#identity';
import { type ConnectionOf, enumOf, PageArgs, pageCost, pageRequest, toConnection } from '#shared';
import { USAGE_WINDOWS, type UsageWindow } from '../domain/usage-query.js';
import { ReadUsage } from '../use-cases/queries/read-usage.js';
import { toUsageEventType, toUsageSumType, toUsageTotalType, UsageEvent, UsageEventConnection, UsageSum, UsageSumConnection, UsageTotal } from './metering.types.js';

const UsageWindowEnum = enumOf(USAGE_WINDOWS);
registerEnumType(UsageWindowEnum, { name: 'UsageWindow', description: 'What use is added up by: whole hours, days or months in UTC.' });

@ArgsType()
class UsageEventsArgs extends PageArgs {
  @IsUUID() @Field(() => ID, { description: 'Which licence.' }) licenceId: string;
}

@ArgsType()
class UsageArgs extends PageArgs {
  @IsOptional() @IsUUID() @Field(() => ID, { nullable: true, description: "Of this licence; without it, of every one that your organisation is a side of. The exchange's overseers name one." }) licenceId?: string | null;
  @IsOptional() @IsIn(METERS) @Field(() => MeterEnum, { nullable: true, description: 'By this meter only.' }) meter?: Meter | null;
  @IsIn(USAGE_WINDOWS) @Field(() => UsageWindowEnum, { description: 'What it is added up by.' }) window: UsageWindow;
  @IsDate() @Field(() => Date, { description: 'The first window is the one that this lies in.' }) from: Date;
  @IsDate() @Field(() => Date, { description: 'Windows that begin before this; of at most ten years.' }) until: Date;
  @IsOptional() @IsString() @MaxLength(40) @Field(() => String, { nullable: true, description: 'Told apart by the values of this dimension: region, device, member. Use without it is left out.' }) dimension?: string | null;
  @IsOptional() @IsString() @MaxLength(200) @Field(() => String, { nullable: true, description: 'Only this value of the dimension.' }) value?: string | null;
}

@Resolver()
@Authenticated()
export class MeteringResolver {
  constructor(private readonly reading: ReadUsage) {}

  @Asks('metering:read', 'oversight:read')
  @Query(() => UsageEventConnection, { nullable: true, complexity: pageCost, description: 'The uses of a licence, oldest first. For its vendor, its buyer and the overseers of the exchange; null for others.' })
  async usageEvents(@CurrentActor() actor: Actor, @Args() { licenceId, first, after }: UsageEventsArgs): Promise<ConnectionOf<UsageEvent> | null> {
    const found = await this.reading.eventsFor(actor, licenceId, pageRequest(first, after, 2));
    return found && toConnection(found, toUsageEventType);
  }

  @Asks('metering:read', 'oversight:read')
  @Query(() => [UsageTotal], { nullable: true, description: 'The uses of a licence added up by meter, for the same readers.' })
  async usageSummary(@CurrentActor() actor: Actor, @Args('licenceId', { type: () => ID, description: 'Which licence.' }) licenceId: string): Promise<UsageTotal[] | null> {
    return (await this.reading.totalsFor(actor, licenceId))?.map(toUsageTotalType) ?? null;
  }

  @Asks('metering:read', 'oversight:read')
  @Query(() => UsageSumConnection, { nullable: true, complexity: pageCost, description: 'What was used by hour, day or month, the oldest window first: everything that is recorded when you ask, the same for both sides of a licence. Windows without use are left out.' })
  async usage(@CurrentActor() actor: Actor, @Args() { first, after, licenceId = null, meter = null, dimension = null, value = null, window, from, until }: UsageArgs): Promise<ConnectionOf<UsageSum> | null> {
    const found = await this.reading.sumsFor(actor, { licenceId, meter, dimension: dimension || null, value: dimension ? value : null, window, from, until }, pageRequest(first, after, 4));
    return found && toConnection(found, toUsageSumType);
  }
}
