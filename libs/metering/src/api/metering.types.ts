import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { MeterEnum } from '#contracts';
import { connectionType } from '#shared';
import type { MeterTotal, UsageEvent as UsageEventRecord } from '../domain/usage-event.js';
import type { UsageSum as UsageSumRecord } from '../domain/usage-query.js';

@ObjectType({ description: 'One property of a use.' })
export class UsageDimension {
  @Field(() => String, { description: 'Its name: region, device, route.' }) name: string;
  @Field(() => String, { description: 'Its value.' }) value: string;
}

@ObjectType({ description: 'One use of a product under a licence. Never changed once it is recorded.' })
export class UsageEvent {
  @Field(() => ID, { description: 'UUID.' }) id: string;
  @Field(() => ID, { description: 'The licence that it counts against.' }) licenceId: string;
  @Field(() => ID, { description: 'The agreement that the licence stands on.' }) agreementId: string;
  @Field(() => MeterEnum, { description: 'What was counted.' }) meter: string;
  @Field(() => String, { description: 'How much, a whole number; a string because it may be larger than JSON numbers are exact.' }) quantity: string;
  @Field(() => String, { description: 'What told of it, a URI (CloudEvents 1.0). With the vendor and `eventId` it names the event for ever.' }) source: string;
  @Field(() => String, { description: "The teller's name of the event." }) eventId: string;
  @Field(() => ID, { nullable: true, description: 'The asset that was used, where it was one.' }) subjectId?: string | null;
  @Field(() => [UsageDimension], { description: 'What the use can be told apart by.' }) dimensions: readonly UsageDimension[];
  @Field(() => String, { nullable: true, description: "Who reported it: a key or member of the vendor; null: the exchange's own delivery." }) reportedBy?: string | null;
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

@ObjectType({ description: 'What was used under one licence by one meter in one window of time.' })
export class UsageSum {
  @Field(() => Date, { description: 'First instant of the window.' }) from: Date;
  @Field(() => Date, { description: 'The first instant that is not in it any more.' }) until: Date;
  @Field(() => ID, { description: 'The licence.' }) licenceId: string;
  @Field(() => MeterEnum, { description: 'What was counted.' }) meter: string;
  @Field(() => String, { nullable: true, description: 'The value of the dimension that was asked for; null: none was.' }) value?: string | null;
  @Field(() => String, { description: 'How many events, a whole number.' }) events: string;
  @Field(() => String, { description: 'Their sum, a whole number; a string because it may be larger than JSON numbers are exact.' }) quantity: string;
}

export const UsageSumConnection = connectionType(UsageSum, 'UsageSum');
export const UsageEventConnection = connectionType(UsageEvent, 'UsageEvent');

export const toUsageEventType = (event: UsageEventRecord): UsageEvent => ({ ...event, quantity: event.quantity.toString(), dimensions: Object.entries(event.dimensions).map(([name, value]) => ({ name, value })) });
export const toUsageTotalType = (total: MeterTotal): UsageTotal => ({ ...total, quantity: total.quantity.toString() });
export const toUsageSumType = (sum: UsageSumRecord): UsageSum => ({ ...sum, events: sum.events.toString(), quantity: sum.quantity.toString() });
