import { Field, ID, InputType, Int } from '@nestjs/graphql';
import { ArrayMaxSize, ArrayMinSize, IsBoolean, IsDate, IsIn, IsInt, IsOptional, IsString, IsUUID, Length, Matches, Max, Min } from 'class-validator';
import { IsPlainText, LIMITS } from '#shared';
import { type Role, STAFF_ROLES, TRADER_ROLES } from '../domain/permissions.js';
import { OPERATIVE_ROLES, type OperativeRole } from '../domain/separation.js';
import { SIGNING_MODES, type SigningMode } from '../domain/signing.js';
import { INVITATION_MAX_HOURS } from '../use-cases/manage-invitations.js';
import { RoleEnum } from './identity.types.js';
import { OperativeRoleEnum, SigningModeEnum } from './members.types.js';

const ROLES: readonly Role[] = [...TRADER_ROLES, ...STAFF_ROLES];
const TOKEN = /^[\w-]{43}$/;

@InputType()
export class InviteMemberInput {
  @IsPlainText() @Length(1, LIMITS.shortText) @Field(() => String, { description: 'For people.' }) displayName: string;
  @ArrayMinSize(1) @ArrayMaxSize(5) @IsIn(ROLES, { each: true }) @Field(() => [RoleEnum], { description: 'Roles that fit the kind of organisation and that one person may hold together.' }) roles: Role[];
  @IsOptional() @IsString() @Length(1, 300) @Field(() => String, { nullable: true, description: 'The issuer at which the person proves who he is; that of the exchange when left out.' }) issuer?: string | null;
  @IsOptional() @IsString() @Length(1, 255) @Field(() => String, { nullable: true, description: '`sub` of the person at the issuer: nobody else can accept then.' }) subject?: string | null;
  @IsInt() @Min(1) @Max(INVITATION_MAX_HOURS) @Field(() => Int, { description: `How long it can be accepted, at most ${INVITATION_MAX_HOURS} hours.` }) expiresInHours: number;
}

@InputType()
export class AcceptInvitationInput {
  @Matches(TOKEN) @Field(() => String, { description: 'As it was handed over.' }) token: string;
}

@InputType()
export class DeclineInvitationInput extends AcceptInvitationInput {}

@InputType()
export class RevokeInvitationInput {
  @IsUUID() @Field(() => ID, { description: 'Which invitation.' }) invitationId: string;
}

@InputType()
export class ChangeMemberRolesInput {
  @IsUUID() @Field(() => ID, { description: 'Whose roles.' }) memberId: string;
  @ArrayMinSize(1) @ArrayMaxSize(5) @IsIn(ROLES, { each: true }) @Field(() => [RoleEnum], { description: 'All his roles from now on.' }) roles: Role[];
}

@InputType()
export class LeaveOrganisationInput {
  @IsOptional() @IsBoolean() @Field(() => Boolean, { nullable: true, description: 'End the API keys that the member made, too. Left out: they go on, since a key belongs to the organisation.' }) revokeKeys?: boolean | null;
}

@InputType()
export class RemoveMemberInput extends LeaveOrganisationInput {
  @IsUUID() @Field(() => ID, { description: 'Who leaves.' }) memberId: string;
}

@InputType()
export class GrantMandateInput {
  @IsUUID() @Field(() => ID, { description: 'Who may sign.' }) memberId: string;
  @Matches(/^[A-Z]{3}$/) @Field(() => String, { description: 'ISO 4217 code; in another currency the mandate gives no authority.' }) currency: string;
  @IsOptional() @Matches(/^[1-9]\d{0,17}$/) @Field(() => String, { nullable: true, description: "Up to which one-off price of one agreement, minor units, a decimal string; unlimited when left out." }) maxMinor?: string | null;
  @IsIn(SIGNING_MODES) @Field(() => SigningModeEnum, { description: 'Alone, or with a second holder of a mandate.' }) mode: SigningMode;
  @IsOptional() @IsDate() @Field(() => Date, { nullable: true, description: 'From when; from now on when left out.' }) validFrom?: Date | null;
  @IsOptional() @IsDate() @Field(() => Date, { nullable: true, description: 'Until when; without end when left out.' }) validTo?: Date | null;
  @IsString() @Length(3, LIMITS.longText) @Matches(/\S{3}/) @Field(() => String, { description: "What it stands on: the board's resolution, its date and number." }) evidence: string;
}

@InputType()
export class RevokeMandateInput {
  @IsUUID() @Field(() => ID, { description: 'Which mandate.' }) mandateId: string;
  @IsString() @Length(3, LIMITS.longText) @Field(() => String, { description: 'Goes into the audit log.' }) reason: string;
}

@InputType()
export class BreakGlassInput {
  @ArrayMinSize(1) @ArrayMaxSize(1) @IsIn(OPERATIVE_ROLES, { each: true }) @Field(() => [OperativeRoleEnum], { description: 'One role.' }) roles: OperativeRole[];
  @IsString() @Length(20, LIMITS.longText) @Matches(/(\S\s*){20}/) @Field(() => String, { description: 'What the emergency is, at least twenty characters; goes into the audit log and the alarm.' }) reason: string;
  @IsInt() @Min(1) @Max(60) @Field(() => Int, { description: 'How long, at most an hour.' }) minutes: number;
}

@InputType()
export class ReviewBreakGlassInput {
  @IsUUID() @Field(() => ID, { description: 'Which use.' }) elevationId: string;
  @IsBoolean() @Field(() => Boolean, { description: 'Whether the emergency was one.' }) justified: boolean;
  @IsString() @Length(3, LIMITS.longText) @Field(() => String, { description: 'What the review found; goes into the audit log.' }) finding: string;
}
