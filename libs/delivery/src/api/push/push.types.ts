import { ArgsType, Field, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { IsBoolean, IsIn, IsOptional, IsString, IsUUID, Length, Matches, MaxLength } from 'class-validator';
import { connectionType, enumOf, PageArgs, resultUnion } from '#shared';
import { DESTINATION_STATES, PUSH_STATES, type PushState } from '../../domain/push/push.js';
import type { PushDestination as DestinationRecord } from '../../storage/push/push-destination.repository.js';
import type { PushJob as JobRecord } from '../../storage/push/push-job.repository.js';
import type { DestinationAct } from '../../use-cases/push/change-destination.js';

const ACTS = ['PAUSE', 'RESUME', 'REMOVE'] as const satisfies readonly DestinationAct[];
const DestinationStateEnum = enumOf(DESTINATION_STATES);
const PushStateEnum = enumOf(PUSH_STATES);
const DestinationActEnum = enumOf(ACTS);
registerEnumType(DestinationStateEnum, { name: 'PushDestinationState', description: 'PENDING: a small object is about to be written and removed. ACTIVE: that came about, revisions go there. PAUSED: what is due waits. FAILED: it did not come about. REMOVED: forgotten, with its secret.' });
registerEnumType(PushStateEnum, { name: 'PushState', description: 'WAITING for its next attempt, or under way. DONE: it lies in the bucket, with its receipt. GIVEN_UP: after three days, or since it may not go any more. CANCELLED: by the licensee.' });
registerEnumType(DestinationActEnum, { name: 'PushDestinationAct', description: 'PAUSE, RESUME (it is checked first), or REMOVE for good: what waits for it is cancelled.' });

@ObjectType({ description: "A bucket of the licensee, on an S3-compatible server, into which a licence's new revisions go by themselves. Its secret is never shown." })
export class PushDestination {
  @Field(() => ID, { description: 'UUID.' }) id: string;
  @Field(() => ID, { description: 'The licence.' }) licenceId: string;
  @Field(() => String, { nullable: true, description: "The server; null: Amazon's own for the region." }) endpoint?: string | null;
  @Field(() => String, { description: 'The name of the region that requests are signed with.' }) region: string;
  @Field(() => String, { description: 'The bucket.' }) bucket: string;
  @Field(() => String, { description: 'Before every key; objects are called prefix, product, dataset, number of the revision, name of the file.' }) prefix: string;
  @Field(() => String, { description: 'Whose secret is kept.' }) accessKeyId: string;
  @Field(() => String, { description: 'Who acts for the licensee here, `member:` or `key:` with the id: pushes go on as long as he may download.' }) registeredBy: string;
  @Field(() => DestinationStateEnum, { description: 'Where it stands.' }) state: string;
  @Field(() => String, { nullable: true, description: 'Why the check failed.' }) problem?: string | null;
  @Field(() => Date, { description: 'When it was registered.' }) createdAt: Date;
  @Field(() => Date, { nullable: true, description: 'When it was checked last.' }) checkedAt?: Date | null;
}

@ObjectType({ description: 'One file on its way into one bucket.' })
export class Push {
  @Field(() => ID, { description: 'UUID.' }) id: string;
  @Field(() => ID, { description: 'The licence.' }) licenceId: string;
  @Field(() => ID, { description: 'The destination.' }) destinationId: string;
  @Field(() => ID, { description: 'The revision.' }) revisionId: string;
  @Field(() => ID, { description: 'The asset.' }) assetId: string;
  @Field(() => PushStateEnum, { description: 'Where it stands.' }) state: string;
  @Field(() => Int, { description: 'Since it was queued, or retried.' }) attempts: number;
  @Field(() => Date, { nullable: true, description: 'When it is tried next; while it is under way, until when its process is waited for.' }) nextAttemptAt?: Date | null;
  @Field(() => String, { nullable: true, description: 'What went wrong last, or why it is over.' }) problem?: string | null;
  @Field(() => ID, { nullable: true, description: 'The delivery that it is charged as; receipt and usage name it.' }) deliveryId?: string | null;
  @Field(() => Int, { description: 'Parts of the file that lie in the bucket already.' }) parts: number;
  @Field(() => Date, { description: 'When it was queued.' }) createdAt: Date;
  @Field(() => Date, { nullable: true, description: 'When it came to its end.' }) finishedAt?: Date | null;
}

@ObjectType({ description: 'What of a revision goes into a bucket from now on.' })
export class QueuedRevision {
  @Field(() => ID, { description: 'The destination.' }) destinationId: string;
  @Field(() => ID, { description: 'The revision.' }) revisionId: string;
  @Field(() => Int, { description: 'Files; those that were on their way already are not counted again.' }) files: number;
}

@InputType()
export class RegisterPushDestinationInput {
  @IsUUID() @Field(() => ID, { description: 'A licence of the caller that is in force.' }) licenceId: string;
  @IsOptional() @MaxLength(300) @Matches(/^https?:\/\/[^@/?#\s\\]+\/?$/) @Field(() => String, { nullable: true, description: "https://host:port of an S3-compatible server that is public; left out: Amazon's own for the region." }) endpoint?: string | null;
  @Matches(/^[a-z0-9-]{1,40}$/) @Field(() => String, { description: 'The name that requests are signed with, such as eu-central-1.' }) region: string;
  @Matches(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/) @Field(() => String, { description: 'The bucket.' }) bucket: string;
  @IsOptional() @MaxLength(300) @Matches(/^([A-Za-z0-9_.-]+\/)*$/) @Field(() => String, { nullable: true, description: 'Before every key: empty, or a path that ends in /.' }) prefix?: string | null;
  @IsOptional() @IsBoolean() @Field(() => Boolean, { nullable: true, description: 'The bucket in the path and not in the name of the host, as servers of one’s own want it; false where left out.' }) pathStyle?: boolean | null;
  @Length(1, 200) @Matches(/^[!-~]+$/) @Field(() => String, { description: 'It needs to put and delete objects below the prefix, and to abort uploads.' }) accessKeyId: string;
  @IsString() @Length(1, 500) @Field(() => String, { description: 'Kept sealed; never shown again.' }) secretAccessKey: string;
}
@InputType()
export class ChangePushCredentialsInput {
  @IsUUID() @Field(() => ID, { description: 'A destination of the caller.' }) destinationId: string;
  @Length(1, 200) @Matches(/^[!-~]+$/) @Field(() => String, { description: 'The new one.' }) accessKeyId: string;
  @IsString() @Length(1, 500) @Field(() => String, { description: 'Kept sealed; never shown again.' }) secretAccessKey: string;
}
@InputType()
export class MovePushDestinationInput {
  @IsUUID() @Field(() => ID, { description: 'A destination of the caller.' }) destinationId: string;
  @IsIn(ACTS) @Field(() => DestinationActEnum, { description: 'What becomes of it.' }) act: DestinationAct;
}
@InputType()
export class PushRevisionInput {
  @IsUUID() @Field(() => ID, { description: 'A destination of the caller.' }) destinationId: string;
  @IsUUID() @Field(() => ID, { description: 'A revision of the licensed product that is handed out.' }) revisionId: string;
}
@InputType()
export class RetryPushInput {
  @IsUUID() @Field(() => ID, { description: 'A push of the caller.' }) pushId: string;
}
@InputType()
export class CancelPushInput {
  @IsUUID() @Field(() => ID, { description: 'A push of the caller that waits, or is under way.' }) pushId: string;
}
@ArgsType()
export class PushDestinationsArgs extends PageArgs {
  @IsUUID() @Field(() => ID, { description: 'Which licence.' }) licenceId: string;
}
@ArgsType()
export class PushesArgs extends PageArgs {
  @IsUUID() @Field(() => ID, { description: 'Which licence.' }) licenceId: string;
  @IsOptional() @IsIn(PUSH_STATES) @Field(() => PushStateEnum, { nullable: true, description: 'Only those that stand so.' }) state?: PushState | null;
}

export const PushDestinationConnection = connectionType(PushDestination, 'PushDestination');
export const PushConnection = connectionType(Push, 'Push');
export const RegisterPushDestinationResult = resultUnion('RegisterPushDestinationResult', () => PushDestination);
export const ChangePushCredentialsResult = resultUnion('ChangePushCredentialsResult', () => PushDestination);
export const MovePushDestinationResult = resultUnion('MovePushDestinationResult', () => PushDestination);
export const PushRevisionResult = resultUnion('PushRevisionResult', () => QueuedRevision);
export const RetryPushResult = resultUnion('RetryPushResult', () => Push);
export const CancelPushResult = resultUnion('CancelPushResult', () => Push);

export const toDestinationType = ({ id, licenceId, endpoint, awsRegion: region, bucket, prefix, accessKeyId, registeredBy, state, problem, createdAt, checkedAt }: DestinationRecord): PushDestination =>
  Object.assign(new PushDestination(), { id, licenceId, endpoint, region, bucket, prefix, accessKeyId, registeredBy, state, problem, createdAt, checkedAt });
export const toPushType = ({ id, licenceId, destinationId, revisionId, assetId, state, attempts, nextAttemptAt, problem, deliveryId, etags, createdAt, finishedAt }: JobRecord): Push =>
  Object.assign(new Push(), { id, licenceId, destinationId, revisionId, assetId, state, attempts, nextAttemptAt, problem, deliveryId, parts: etags.length, createdAt, finishedAt });
