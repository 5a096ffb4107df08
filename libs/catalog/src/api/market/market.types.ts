import { Field, ID, InputType, ObjectType, registerEnumType } from '@nestjs/graphql';
import { IsIn, IsOptional, IsString, IsUUID, Length, Matches } from 'class-validator';
import { connectionType, DAY_PATTERN, enumOf, LIMITS, resultUnion } from '#shared';
import { ANNOUNCEMENT_KINDS, type AnnouncementKind } from '../../domain/market/announcement.js';

export const AnnouncementKindEnum = enumOf(ANNOUNCEMENT_KINDS);
registerEnumType(AnnouncementKindEnum, {
  name: 'AnnouncementKind', description: 'What a vendor tells his licensees.',
  valuesMap: { UPDATED: { description: 'There is something new.' }, DELAYED: { description: 'What is due comes later.' }, SCHEMA_CHANGE: { description: 'Columns or formats change.' }, DEPRECATION: { description: 'It comes to an end.' } },
});

@ObjectType('Announcement', { description: 'What a vendor told the licensees of a product.' })
export class AnnouncementType {
  @Field(() => ID, { description: 'UUID.' }) id: string;
  @Field(() => ID, { description: 'The product.' }) productId: string;
  @Field(() => AnnouncementKindEnum, { description: 'What it is about.' }) kind: string;
  @Field(() => String, { description: 'In words.' }) text: string;
  @Field(() => String, { nullable: true, description: 'From which day on, YYYY-MM-DD.' }) effectiveOn?: string | null;
  @Field(() => Date, { description: 'When it was told.' }) announcedAt: Date;
}

@ObjectType('FunnelMonth', { description: 'How many looked at a product, tried it, asked for it and bought it in a month. Never who.' })
export class FunnelMonthType {
  @Field(() => String, { description: 'First day of the month, YYYY-MM-DD, UTC.' }) month: string;
  @Field(() => String, { description: 'How often its page was opened, by others than its vendor and staff; a decimal string.' }) views: string;
  @Field(() => String, { description: 'How often its sample was opened.' }) samples: string;
  @Field(() => String, { description: 'Orders, whether or not they came to an agreement.' }) requests: string;
  @Field(() => String, { description: 'Agreements.' }) trades: string;
}

@InputType()
export class AnnounceProductInput {
  @IsUUID() @Field(() => ID, { description: 'A product of your own that is, or was, listed.' }) productId: string;
  @IsIn(ANNOUNCEMENT_KINDS) @Field(() => AnnouncementKindEnum, { description: 'What it is about.' }) kind: AnnouncementKind;
  @IsString() @Length(3, LIMITS.longText) @Matches(/\S/) @Field(() => String, { description: 'In words; every licensee reads it.' }) text: string;
  @IsOptional() @Matches(DAY_PATTERN) @Field(() => String, { nullable: true, description: 'From which day on, YYYY-MM-DD; left out: now.' }) effectiveOn?: string | null;
}

export const AnnouncementConnection = connectionType(AnnouncementType, 'Announcement');
export const AnnounceProductResult = resultUnion('AnnounceProductResult', () => AnnouncementType);
