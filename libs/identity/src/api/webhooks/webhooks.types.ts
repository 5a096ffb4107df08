import { Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { connectionType, enumOf, resultUnion } from '#shared';
import { DISABLED_BECAUSE, WEBHOOK_ENDPOINT_STATES } from '../../domain/webhooks/webhook-endpoint.js';
import { WEBHOOK_FAILURES, WEBHOOK_MESSAGE_STATES, type WebhookAttempt, type WebhookMessage } from '../../domain/webhooks/webhook-message.js';
import { NoticeKindEnum } from '../notices.types.js';

export const WebhookEndpointStateEnum = enumOf(WEBHOOK_ENDPOINT_STATES);
export const WebhookDisabledBecauseEnum = enumOf(DISABLED_BECAUSE);
export const WebhookMessageStateEnum = enumOf(WEBHOOK_MESSAGE_STATES);
export const WebhookFailureEnum = enumOf(WEBHOOK_FAILURES);
registerEnumType(WebhookEndpointStateEnum, { name: 'WebhookEndpointState', description: 'Whether notices are sent there. What is told while it is disabled has failed and can be replayed.' });
registerEnumType(WebhookDisabledBecauseEnum, { name: 'WebhookDisabledBecause', description: 'By whom: the customer, or the exchange because nothing arrived for five days (FAILING) or it answered 410 (GONE).' });
registerEnumType(WebhookMessageStateEnum, { name: 'WebhookMessageState', description: 'WAITING for the next attempt, DELIVERED with an answer of 2xx, or FAILED for good, until it is replayed.' });
registerEnumType(WebhookFailureEnum, { name: 'WebhookFailure', description: 'STATUS: an answer outside of 2xx. REDIRECT: not followed. TIMEOUT: no answer in five seconds. REFUSED: leads to an address that the exchange does not call. UNREACHABLE: no connection, no TLS, or it broke off.' });

@ObjectType('WebhookEndpoint', { description: 'Where an organisation has its notices sent, as Standard Webhooks.' })
export class WebhookEndpointType {
  @Field(() => ID, { description: 'UUID.' }) id: string;
  @Field(() => String, { description: 'The address.' }) url: string;
  @Field(() => String, { description: 'For people.' }) description: string;
  @Field(() => [NoticeKindEnum], { description: 'The notices that it wants; none: all.' }) kinds: readonly string[];
  @Field(() => WebhookEndpointStateEnum, { description: 'Whether notices are sent there.' }) state: string;
  @Field(() => WebhookDisabledBecauseEnum, { nullable: true, description: 'Why it is disabled.' }) disabledBecause?: string | null;
  @Field(() => Date, { nullable: true, description: 'Until then the secret before the last rotation signs too.' }) previousUntil?: Date | null;
  @Field(() => Date, { nullable: true, description: 'Nothing has arrived since; null while all is well.' }) failingSince?: Date | null;
  @Field(() => Date, { nullable: true, description: 'When something last arrived.' }) lastSuccessAt?: Date | null;
  @Field(() => Date, { description: 'When it was registered.' }) createdAt: Date;
}

@ObjectType({ description: 'A webhook endpoint with its new secret, which is shown this once.' })
export class WebhookEndpointWithSecret extends WebhookEndpointType {
  @Field(() => String, { nullable: true, description: 'Verifies `webhook-signature` (HMAC-SHA256): `whsec_` and Base64. Null when the request is a repetition.' }) secret?: string | null;
}

@ObjectType('WebhookMessage', { description: 'One notice on its way to one endpoint.' })
export class WebhookMessageType {
  @Field(() => ID, { description: "Its `webhook-id`, the same in every attempt and replay: the notice's id." }) id: string;
  @Field(() => NoticeKindEnum, { description: 'Its `type`.' }) kind: string;
  @Field(() => WebhookMessageStateEnum, { description: 'What became of it.' }) state: string;
  @Field(() => Int, { description: 'Since it was sent first or replayed; ten at the most.' }) attempts: number;
  @Field(() => Date, { nullable: true, description: 'When it is tried next.' }) nextAttemptAt?: Date | null;
  @Field(() => Int, { nullable: true, description: 'The status of the last answer.' }) lastStatus?: number | null;
  @Field(() => WebhookFailureEnum, { nullable: true, description: 'Why it did not arrive last.' }) failure?: string | null;
  @Field(() => Date, { description: 'When the organisation was told.' }) createdAt: Date;
  @Field(() => Date, { nullable: true, description: 'When it arrived or was given up.' }) finishedAt?: Date | null;
}

@ObjectType('WebhookAttempt', { description: 'One call to an endpoint. Kept for 30 days, as its message is.' })
export class WebhookAttemptType {
  @Field(() => ID, { description: 'UUID.' }) id: string;
  @Field(() => ID, { description: 'The `webhook-id` that was sent.' }) messageId: string;
  @Field(() => Date, { description: 'When it began.' }) at: Date;
  @Field(() => Int, { description: 'How long it took, in milliseconds.' }) durationMs: number;
  @Field(() => Int, { nullable: true, description: 'The HTTP status; null where there was no answer.' }) status?: number | null;
  @Field(() => WebhookFailureEnum, { nullable: true, description: 'Why it failed; null where it arrived.' }) failure?: string | null;
  @Field(() => Date, { nullable: true, description: 'When it was to be tried again.' }) nextAttemptAt?: Date | null;
}

@ObjectType({ description: 'How many messages are sent again.' })
export class WebhookReplay {
  @Field(() => Int, { description: 'As many as a call takes: there may be more.' }) replayed: number;
}

export const WebhookEndpointConnection = connectionType(WebhookEndpointType, 'WebhookEndpoint');
export const WebhookMessageConnection = connectionType(WebhookMessageType, 'WebhookMessage');
export const WebhookAttemptConnection = connectionType(WebhookAttemptType, 'WebhookAttempt');
export const toMessageType = ({ noticeId, ...message }: WebhookMessage): WebhookMessageType => ({ ...message, id: noticeId });
export const toAttemptType = ({ noticeId, ...attempt }: WebhookAttempt): WebhookAttemptType => ({ ...attempt, messageId: noticeId });

export const RegisterWebhookEndpointResult = resultUnion('RegisterWebhookEndpointResult', () => WebhookEndpointWithSecret);
export const RotateWebhookSecretResult = resultUnion('RotateWebhookSecretResult', () => WebhookEndpointWithSecret);
export const DisableWebhookEndpointResult = resultUnion('DisableWebhookEndpointResult', () => WebhookEndpointType);
export const EnableWebhookEndpointResult = resultUnion('EnableWebhookEndpointResult', () => WebhookEndpointType);
export const DeleteWebhookEndpointResult = resultUnion('DeleteWebhookEndpointResult', () => WebhookEndpointType);
export const ReplayWebhookMessageResult = resultUnion('ReplayWebhookMessageResult', () => WebhookMessageType);
export const ReplayFailedWebhooksResult = resultUnion('ReplayFailedWebhooksResult', () => WebhookReplay);
export const TestWebhookEndpointResult = resultUnion('TestWebhookEndpointResult', () => WebhookMessageType);
