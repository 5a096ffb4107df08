import { Field, ID, ObjectType } from '@nestjs/graphql';
import { connectionType, resultUnion } from '#shared';
import { ActEnum } from './identity.types.js';

@ObjectType({ description: "A machine's credential." })
export class ApiKey {
  @Field(() => ID, { description: 'UUID.' }) id: string;
  @Field(() => String, { description: 'For people.' }) name: string;
  @Field(() => [ActEnum], { description: 'The acts that it carries.' }) scopes: readonly string[];
  @Field(() => Date, { description: 'From then on it is refused.' }) expiresAt: Date;
  @Field(() => Date, { nullable: true, description: 'When it was revoked.' }) revokedAt?: Date | null;
  @Field(() => Date, { description: 'When it was made.' }) createdAt: Date;
  @Field(() => [String], { description: 'Addresses and CIDR ranges from which it may be used; empty: from anywhere.' }) allowList: readonly string[];
  @Field(() => ID, { nullable: true, description: 'The key that has taken its place; until `expiresAt` both are good.' }) successorId?: string | null;
  @Field(() => Date, { nullable: true, description: 'When it was last used, to the minute; uses of the last minute may not be written yet.' }) lastUsedAt?: Date | null;
  @Field(() => String, { nullable: true, description: 'The address from which it was last used.' }) lastUsedAddress?: string | null;
}

@ObjectType({ description: 'A new API key with its secret, which is shown this once.' })
export class CreatedApiKey extends ApiKey {
  @Field(() => String, { nullable: true, description: 'Goes into `Authorization: Bearer`. Null when the request is a repetition.' }) secret?: string | null;
}

export const ApiKeyConnection = connectionType(ApiKey, 'ApiKey');

export const CreateApiKeyResult = resultUnion('CreateApiKeyResult', () => CreatedApiKey);
export const RotateApiKeyResult = resultUnion('RotateApiKeyResult', () => CreatedApiKey);
export const RevokeApiKeyResult = resultUnion('RevokeApiKeyResult', () => ApiKey);
