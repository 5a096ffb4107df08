import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { MeterEnum } from '#contracts';
import { connectionType } from '#shared';
import type { MeterTotal, UsageEvent as UsageEventRecord } from '../domain/usage-event.js';


@ObjectType({ description: 'One use of a product under a licence. Never changed once it is recorded.' })
export class UsageEvent {
  @Field(() => ID, { description: 'UUID.' }) id: string;
  @Field(() => ID, { description: 'The licence that it counts against.' }) licenceId: string;
  @Field(() => ID, { description: 'The agreement that the licence stands on.' }) agreementId: string;
  @Field(() => MeterEnum, { description: 'What was counted.' }) meter: string;
  @Field(() => String, { description: 'How much, a whole number; a string because it may be larger than JSON numbers are exact.' }) quantity: string;
  @Field(() => String, { description: 'Who told of it, a URI. With the licence and `eventId` it names the event for ever.' }) source: string;
  @Field(() => String, { description: "The teller's name of the event." }) eventId: string;
  @Field(() => ID, { description: 'The asset that was used.' }) subjectId: string;
  @Field(() => ID, { nullable: true, description: 'The receipt of the delivery that was counted.' }) receiptId?: string | null;
  @Field(() => Date, { description: 'When it was used.' }) occurredAt: Date;
  @Field(() => Date, { description: 'When it was recorded.' }) recordedAt: Date;
}

@ObjectType({ description: 'All uses of a licence by one meter, added up.' })
export class UsageTotal {
  @Field(() => MeterEnum, { description: 'What was counted.' }) meter: string;
  @Field(() => Int, { description: 'How many events.' }) events: number;
  @Field(() => String, { description: 'Their sum, a whole number.' }) quantity: string;
  @Field(() => Date, { description: 'The first use.' }) firstOccurredAt: Date;
  @Field(() => Date, { description: 'The latest use.' }) lastOccurredAt: Date;
}

export const UsageEventConnection = connectionType(UsageEvent, 'UsageEvent');

export const toUsageEventType = (event: UsageEventRecord): UsageEvent => ({ ...event, quantity: event.quantity.toString() });
export const toUsageTotalType = (total: MeterTotal): UsageTotal => ({ ...total, quantity: total.quantity.toString() });
