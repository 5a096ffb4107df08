import { Field, ID, InputType, Int } from '@nestjs/graphql';
import { ArrayMaxSize, ArrayMinSize, IsDate, IsIn, IsInt, IsOptional, IsString, IsUUID, Length, Max, Min } from 'class-validator';
import { IsPlainText, LIMITS } from '#shared';
import { ALLOW_LIST_MAX } from '../domain/ip-allow-list.js';
import { OVERLAP_DEFAULT_HOURS, OVERLAP_MAX_HOURS } from '../domain/key-life.js';
import { type Act, ACTS, KEY_SCOPES } from '../domain/permissions.js';
import { ActEnum } from './identity.types.js';

@InputType()
export class CreateApiKeyInput {
  @IsPlainText() @Length(1, LIMITS.shortText) @Field(() => String, { description: 'For people.' }) name: string;
  @ArrayMinSize(1) @ArrayMaxSize(KEY_SCOPES.length) @IsIn(ACTS, { each: true }) @Field(() => [ActEnum], { description: 'What the key may do.' }) scopes: Act[];
  @IsDate() @Field(() => Date, { description: 'At most a year ahead.' }) expiresAt: Date;
  @IsOptional() @ArrayMaxSize(ALLOW_LIST_MAX) @IsString({ each: true }) @Length(2, 64, { each: true })
  @Field(() => [String], { nullable: true, description: 'Addresses and CIDR ranges, IPv4 or IPv6, from which it may be used; left out or empty: from anywhere.' }) allowList?: string[] | null;
}

@InputType()
export class RotateApiKeyInput {
  @IsUUID() @Field(() => ID, { description: 'Which key.' }) id: string;
  @IsOptional() @IsInt() @Min(0) @Max(OVERLAP_MAX_HOURS)
  @Field(() => Int, { nullable: true, description: `For so many hours, up to ${OVERLAP_MAX_HOURS}, the old key stays good; ${OVERLAP_DEFAULT_HOURS} when left out.` }) overlapHours?: number | null;
}

@InputType()
export class RevokeApiKeyInput {
  @IsUUID() @Field(() => ID, { description: 'Which key.' }) id: string;
}
