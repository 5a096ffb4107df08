import { Field, ID, InputType } from '@nestjs/graphql';
import { ArrayMaxSize, ArrayMinSize, IsIn, IsString, IsUUID, Length } from 'class-validator';
import { LIMITS } from '#shared';
import { type Role, STAFF_ROLES, TRADER_ROLES } from '../domain/permissions.js';
import { RoleEnum } from './identity.types.js';

@InputType()
export class AddMemberInput {
  @IsString() @Length(1, 255) @Field(() => String, { description: '`sub` of the person at the issuer.' }) subject: string;
  @IsString() @Length(1, LIMITS.shortText) @Field(() => String, { description: 'For people.' }) displayName: string;
  @ArrayMinSize(1) @ArrayMaxSize(5) @IsIn([...TRADER_ROLES, ...STAFF_ROLES], { each: true }) @Field(() => [RoleEnum], { description: 'Roles that fit the kind of organisation.' }) roles: Role[];
}

@InputType()
export class RemoveMemberInput {
  @IsUUID() @Field(() => ID, { description: 'Who leaves.' }) memberId: string;
}
