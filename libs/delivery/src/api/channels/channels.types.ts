import { Field, ID, InputType, ObjectType, registerEnumType } from '@nestjs/graphql';
import { IsOptional, IsString, IsUUID, Length, Matches, MaxLength } from 'class-validator';
import { type ChannelKind, ChannelKindEnum } from '#contracts';
import { IsPlainText, LIMITS, resultUnion } from '#shared';
import type { AccessPoint, Channel } from '../../domain/channels/channel.js';

export const AccessPointKindEnum = { NETWORK: 'NETWORK', CERTIFICATE: 'CERTIFICATE' } as const;
registerEnumType(AccessPointKindEnum, { name: 'AccessPointKind', description: 'What an access point is.', valuesMap: { NETWORK: { description: 'Addresses, as CIDR.' }, CERTIFICATE: { description: 'A client certificate.' } } });

@ObjectType({ description: 'A way on which bytes leave the exchange.' })
export class DeliveryChannel {
  @Field(() => ID, { description: 'Its name in the configuration of the exchange.' }) id: string;
  @Field(() => ChannelKindEnum, { description: 'Who can fetch on it.' }) kind: ChannelKind;
  @Field(() => [ID], { description: 'Storage regions whose bytes go this way.' }) regions: readonly string[];
  @Field(() => [String], { nullable: true, description: 'Destinations of decisions that it delivers to, ISO 3166-1 alpha-2; null: everywhere.' }) destinations: readonly string[] | null;
  @Field(() => Boolean, { description: 'Whether a download may be sent on to a link of the bucket that lives for a moment.' }) presigned: boolean;
}

@ObjectType('AccessPoint', { description: 'From where an organisation fetches what does not go by the public channel.' })
export class AccessPointType {
  @Field(() => ID, { description: 'UUID.' }) id: string;
  @Field(() => AccessPointKindEnum, { description: 'A network or a certificate.' }) kind: string;
  @Field(() => String, { description: 'The network as CIDR, or the SHA-256 of the certificate in lower-case hex.' }) value: string;
  @Field(() => String, { description: 'Where it stands, ISO 3166-1 alpha-2: it takes deliveries whose destination this is.' }) country: string;
  @Field(() => String, { description: 'What the organisation calls it.' }) label: string;
  @Field(() => String, { nullable: true, description: 'Subject of a certificate.' }) subject?: string | null;
  @Field(() => Date, { nullable: true, description: 'Until when a certificate is valid.' }) validUntil?: Date | null;
  @Field(() => String, { description: 'Who added it, as the audit log names him.' }) addedBy: string;
  @Field(() => Date, { description: 'Since when it counts.' }) addedAt: Date;
}

@InputType()
export class AddAccessPointInput {
  @IsOptional() @IsString() @MaxLength(50) @Field(() => String, { nullable: true, description: 'A network of your own as CIDR, such as 203.0.113.0/24. This or a certificate.' }) network?: string | null;
  @IsOptional() @IsString() @MaxLength(10_000) @Field(() => String, { nullable: true, description: 'A client certificate of your own, X.509 as PEM.' }) certificate?: string | null;
  @Matches(/^[A-Z]{2}$/) @Field(() => String, { description: 'Where it stands, ISO 3166-1 alpha-2.' }) country: string;
  @IsPlainText() @Length(1, LIMITS.shortText) @Field(() => String, { description: 'What you call it.' }) label: string;
}
@InputType()
export class RemoveAccessPointInput {
  @IsUUID() @Field(() => ID, { description: "An access point of the caller's organisation." }) accessPointId: string;
}

export const AddAccessPointResult = resultUnion('AddAccessPointResult', () => AccessPointType);
export const RemoveAccessPointResult = resultUnion('RemoveAccessPointResult', () => AccessPointType);
export const toAccessPointType = (point: AccessPoint): AccessPointType => Object.assign(new AccessPointType(), point);
export const toChannelType = ({ id, kind, regions, destinations, presigned }: Channel): DeliveryChannel => ({ id, kind, regions, destinations, presigned });
