import { Field, ID, InputType, Int } from '@nestjs/graphql';
import { ArrayMaxSize, IsDate, IsIn, IsInt, IsOptional, IsString, IsUUID, Length, Max, Min } from 'class-validator';
import { IsPlainText, LIMITS } from '#shared';
import { OVERLAP_DEFAULT_HOURS, OVERLAP_MAX_HOURS } from '../../domain/key-life.js';
import { NOTICE_KINDS, type NoticeKind } from '../../domain/notice.js';
import { URL_MAX } from '../../domain/webhooks/webhook-endpoint.js';
import { REPLAY_BATCH } from '../../use-cases/webhooks/replay-webhooks.js';
import { NoticeKindEnum } from '../notices.types.js';

@InputType()
export class RegisterWebhookEndpointInput {
  @IsString() @Length(1, URL_MAX) @Field(() => String, { description: 'An https address that is public, without user, password and fragment. Redirects are not followed.' }) url: string;
  @IsPlainText() @Length(1, LIMITS.shortText) @Field(() => String, { description: 'For people.' }) description: string;
  @IsOptional() @ArrayMaxSize(NOTICE_KINDS.length) @IsIn(NOTICE_KINDS, { each: true })
  @Field(() => [NoticeKindEnum], { nullable: true, description: 'Which notices it wants; left out or empty: all, also of kinds to come.' }) kinds?: NoticeKind[] | null;
}

@InputType()
export class RotateWebhookSecretInput {
  @IsUUID() @Field(() => ID, { description: 'Which endpoint.' }) endpointId: string;
  @IsOptional() @IsInt() @Min(0) @Max(OVERLAP_MAX_HOURS)
  @Field(() => Int, { nullable: true, description: `For so many hours, up to ${OVERLAP_MAX_HOURS}, the secret before signs too; ${OVERLAP_DEFAULT_HOURS} when left out.` }) overlapHours?: number | null;
}

@InputType()
export class DisableWebhookEndpointInput {
  @IsUUID() @Field(() => ID, { description: 'Which endpoint.' }) endpointId: string;
}

@InputType()
export class EnableWebhookEndpointInput {
  @IsUUID() @Field(() => ID, { description: 'Which endpoint.' }) endpointId: string;
}

@InputType()
export class DeleteWebhookEndpointInput {
  @IsUUID() @Field(() => ID, { description: 'Which endpoint.' }) endpointId: string;
}

@InputType()
export class TestWebhookEndpointInput {
  @IsUUID() @Field(() => ID, { description: 'Which endpoint.' }) endpointId: string;
}

@InputType()
export class ReplayWebhookMessageInput {
  @IsUUID() @Field(() => ID, { description: 'To which endpoint.' }) endpointId: string;
  @IsUUID() @Field(() => ID, { description: "Which message: its `webhook-id`, which is the notice's id." }) messageId: string;
}

@InputType()
export class ReplayFailedWebhooksInput {
  @IsUUID() @Field(() => ID, { description: 'To which endpoint.' }) endpointId: string;
  @IsDate() @Field(() => Date, { description: `What was told from then on and has failed is sent again, the oldest ${REPLAY_BATCH} at once.` }) since: Date;
}
