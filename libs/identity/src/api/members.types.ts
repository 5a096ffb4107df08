import { Field, ID, ObjectType, registerEnumType } from '@nestjs/graphql';
import { connectionType, enumOf, resultUnion } from '#shared';
import { OPERATIVE_ROLES } from '../domain/separation.js';
import { SIGNING_MODES } from '../domain/signing.js';
import { Member, RoleEnum } from './identity.types.js';
import { ApiKey } from './keys.types.js';

export const SigningModeEnum = enumOf(SIGNING_MODES);
export const OperativeRoleEnum = enumOf(OPERATIVE_ROLES);
const InvitationStateEnum = enumOf(['OPEN', 'ACCEPTED', 'DECLINED', 'REVOKED']);
const MandateStateEnum = enumOf(['ACTIVE', 'REVOKED']);
const BreakGlassStateEnum = enumOf(['OPEN', 'REVIEWED']);
registerEnumType(SigningModeEnum, { name: 'SigningMode', description: 'ALONE, or JOINT: with a second holder of a mandate.' });
registerEnumType(OperativeRoleEnum, { name: 'OperativeRole', description: 'Roles of the staff that run the exchange and neither watch it nor staff it.' });
registerEnumType(InvitationStateEnum, { name: 'InvitationState', description: 'An OPEN invitation can be accepted until it expires.' });
registerEnumType(MandateStateEnum, { name: 'MandateState', description: 'A REVOKED mandate signs nothing more; what was signed stays.' });
registerEnumType(BreakGlassStateEnum, { name: 'BreakGlassState', description: 'OPEN waits for the review of somebody else; REVIEWED ends the role at once.' });

@ObjectType({ description: 'An invitation to become a member of an organisation.' })
export class Invitation {
  @Field(() => ID, { description: 'UUID.' }) id: string;
  @Field(() => String, { description: 'For people.' }) displayName: string;
  @Field(() => [RoleEnum], { description: 'What the member will be.' }) roles: readonly string[];
  @Field(() => String, { description: 'The issuer at which the person proves who he is.' }) issuer: string;
  @Field(() => String, { nullable: true, description: '`sub` at the issuer, where one person alone is meant.' }) subject?: string | null;
  @Field(() => InvitationStateEnum, { description: 'Whether it can be accepted.' }) state: string;
  @Field(() => Date, { description: 'From then on it is refused.' }) expiresAt: Date;
  @Field(() => Date, { description: 'When it was made.' }) createdAt: Date;
}

@ObjectType({ description: 'A new invitation with its token, which is shown this once.' })
export class CreatedInvitation extends Invitation {
  @Field(() => String, { nullable: true, description: 'Hand it to the person: it is accepted once. Null when the request is a repetition.' }) token?: string | null;
}

@ObjectType({ description: 'A member who has left.' })
export class DepartedMember extends Member {
  @Field(() => [ApiKey], { description: 'The keys that he made and that were good until now. Those without `revokedAt` go on.' }) keys: readonly ApiKey[];
}

@ObjectType({ description: 'Authority of a member to sign agreements for his organisation.' })
export class Mandate {
  @Field(() => ID, { description: 'UUID.' }) id: string;
  @Field(() => ID, { description: 'Who may sign.' }) memberId: string;
  @Field(() => String, { description: 'ISO 4217 code.' }) currency: string;
  @Field(() => String, { nullable: true, description: 'Up to which one-off price of one agreement, minor units, a decimal string; null: unlimited.' }) maxMinor?: string | null;
  @Field(() => SigningModeEnum, { description: 'Alone or with a second.' }) mode: string;
  @Field(() => Date, { description: 'From when.' }) validFrom: Date;
  @Field(() => Date, { nullable: true, description: 'Until when.' }) validTo?: Date | null;
  @Field(() => String, { description: 'What it stands on.' }) evidence: string;
  @Field(() => ID, { nullable: true, description: 'The verified credential that it stands on.' }) credentialId?: string | null;
  @Field(() => ID, { description: 'The administrator who granted it.' }) grantedBy: string;
  @Field(() => MandateStateEnum, { description: 'Whether it was revoked.' }) state: string;
  @Field(() => Date, { nullable: true, description: 'When it was revoked.' }) revokedAt?: Date | null;
}

@ObjectType({ description: 'A use of break-glass: one operative role more for a while, in an emergency.' })
export class BreakGlassEvent {
  @Field(() => ID, { description: 'UUID.' }) id: string;
  @Field(() => ID, { description: 'Who took the role.' }) memberId: string;
  @Field(() => OperativeRoleEnum, { description: 'The role that he took.' }) role: string;
  @Field(() => String, { description: 'What he said the emergency was.' }) reason: string;
  @Field(() => Date, { description: 'Until when the role is held, unless its review comes first.' }) validUntil: Date;
  @Field(() => BreakGlassStateEnum, { description: 'Whether somebody else has looked at it.' }) state: string;
  @Field(() => ID, { nullable: true, description: 'Who reviewed it.' }) reviewedBy?: string | null;
  @Field(() => Date, { nullable: true, description: 'When it was reviewed.' }) reviewedAt?: Date | null;
  @Field(() => Boolean, { nullable: true, description: 'Whether the emergency was one.' }) justified?: boolean | null;
  @Field(() => String, { nullable: true, description: 'What the review found.' }) finding?: string | null;
  @Field(() => Date, { description: 'When the glass was broken.' }) createdAt: Date;
}

export const InvitationConnection = connectionType(Invitation, 'Invitation');
export const MandateConnection = connectionType(Mandate, 'Mandate');
export const BreakGlassEventConnection = connectionType(BreakGlassEvent, 'BreakGlassEvent');

export const InviteMemberResult = resultUnion('InviteMemberResult', () => CreatedInvitation);
export const AcceptInvitationResult = resultUnion('AcceptInvitationResult', () => Member);
export const DeclineInvitationResult = resultUnion('DeclineInvitationResult', () => Invitation);
export const RevokeInvitationResult = resultUnion('RevokeInvitationResult', () => Invitation);
export const ChangeMemberRolesResult = resultUnion('ChangeMemberRolesResult', () => Member);
export const RemoveMemberResult = resultUnion('RemoveMemberResult', () => DepartedMember);
export const LeaveOrganisationResult = resultUnion('LeaveOrganisationResult', () => DepartedMember);
export const GrantMandateResult = resultUnion('GrantMandateResult', () => Mandate);
export const RevokeMandateResult = resultUnion('RevokeMandateResult', () => Mandate);
export const BreakGlassResult = resultUnion('BreakGlassResult', () => BreakGlassEvent);
export const ReviewBreakGlassResult = resultUnion('ReviewBreakGlassResult', () => BreakGlassEvent);
