import { ArgsType, Field, ID, InputType, ObjectType, registerEnumType } from '@nestjs/graphql';
import { IsEnum, IsOptional, IsUUID } from 'class-validator';
import { type ChannelKind, ChannelKindEnum } from '#contracts';
import { connectionType, PageArgs, resultUnion } from '#shared';
import { type Delivery, type DeliveryState, deliveryStates } from '../domain/delivery.js';

export const DeliveryStateEnum = Object.fromEntries(deliveryStates.states.map((s) => [s, s])) as { readonly [S in DeliveryState]: S };
registerEnumType(DeliveryStateEnum, {
  name: 'DeliveryState', description: 'OPEN: the token may be used, nothing is charged. COMPLETED: every byte was handed out, the receipt is written. SPENT: the same, and its token is over. EXPIRED: its time was over before. REVOKED: taken back before.',
});

@ObjectType('Delivery', { description: 'One permission to fetch one asset, and what became of it.' })
export class DeliveryType {
  @Field(() => ID, { description: 'UUID.' }) id: string;
  @Field(() => ID, { description: 'The licence that it is under.' }) licenceId: string;
  @Field(() => ID, { description: 'What is fetched.' }) assetId: string;
  @Field(() => ID, { description: 'The decision that permitted it.' }) decisionId: string;
  @Field(() => DeliveryStateEnum, { description: 'Where it stands.' }) state: DeliveryState;
  @Field(() => String, { nullable: true, description: 'Who asked for it: `member:` or `key:` with the id. The token is good as long as he is. Null: opened before this was kept.' }) askedBy?: string | null;
  @Field(() => ID, { nullable: true, description: 'The delivery channel that it goes by; null: opened before there were channels.' }) channel?: string | null;
  @Field(() => ChannelKindEnum, { nullable: true, description: 'Of what kind that channel was.' }) channelKind?: ChannelKind | null;
  @Field(() => String, { nullable: true, description: 'Where the decision lets it go, ISO 3166-1 alpha-2.' }) destination?: string | null;
  @Field(() => String, { description: 'Length of the file in bytes, a whole number.' }) byteLength: string;
  @Field(() => Date, { description: 'When the token was requested.' }) requestedAt: Date;
  @Field(() => Date, { description: 'Until when the token is good.' }) expiresAt: Date;
  @Field(() => Date, { nullable: true, description: 'When the first byte was asked for.' }) startedAt?: Date | null;
  @Field(() => Date, { nullable: true, description: 'When the last byte was handed out, and the delivery charged.' }) completedAt?: Date | null;
  @Field(() => Date, { nullable: true, description: 'When its token was taken back.' }) revokedAt?: Date | null;
}

@ArgsType()
export class DeliveriesArgs extends PageArgs {
  @IsUUID() @Field(() => ID, { description: 'Which licence.' }) licenceId: string;
  @IsOptional() @IsEnum(DeliveryStateEnum) @Field(() => DeliveryStateEnum, { nullable: true, description: 'Only those that stand so.' }) state?: DeliveryState | null;
}

@InputType()
export class RevokeDownloadInput {
  @IsUUID() @Field(() => ID, { description: "A delivery of the caller's organisation." }) deliveryId: string;
}

export const DeliveryConnection = connectionType(DeliveryType, 'Delivery');
export const RevokeDownloadResult = resultUnion('RevokeDownloadResult', () => DeliveryType);

export const toDeliveryType = ({ id, licenceId, assetId, decisionId, state, askedBy, channel, channelKind, destination, byteLength, requestedAt, expiresAt, startedAt, completedAt, revokedAt }: Delivery): DeliveryType =>
  Object.assign(new DeliveryType(), { id, licenceId, assetId, decisionId, state, askedBy, channel, channelKind, destination, byteLength: String(byteLength), requestedAt, expiresAt, startedAt, completedAt, revokedAt });
