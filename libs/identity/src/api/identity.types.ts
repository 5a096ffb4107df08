import { Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { connectionType, resultUnion, enumOf } from '#shared';
import { ACTS, type Act, type Role, STAFF_ROLES, TRADER_ROLES } from '../domain/permissions.js';
import { REGISTRY_SCHEMES } from '../domain/registry-number.js';

export const OrganisationKindEnum = enumOf(['TRADER', 'ASSESSOR', 'EXCHANGE']);
export const OrganisationStateEnum = enumOf(['PENDING_VERIFICATION', 'VERIFIED', 'SUSPENDED']);
export const RegistrySchemeEnum = enumOf(REGISTRY_SCHEMES);
export const ChecksumEnum = enumOf(['PASSED', 'FAILED', 'NONE']);
export const RoleEnum = enumOf<Role>([...TRADER_ROLES, ...STAFF_ROLES]);
export const ActEnum = enumOf<Act>(ACTS);
registerEnumType(OrganisationKindEnum, { name: 'OrganisationKind', description: 'What an organisation is here: a trader, an accredited assessor, or the exchange itself.' });
registerEnumType(OrganisationStateEnum, { name: 'OrganisationState', description: 'Only a VERIFIED organisation trades.' });
registerEnumType(RegistrySchemeEnum, { name: 'RegistryScheme', description: 'USCC (GB 32100-2015), UEN (ACRA), HK_BRN (first eight digits of the Business Registration certificate), LEI (ISO 17442).' });
registerEnumType(ChecksumEnum, { name: 'Checksum', description: 'FAILED is a finding that demands registry proof: issued numbers exist that fail. NONE: the scheme has no check digit.' });
registerEnumType(RoleEnum, { name: 'Role', description: 'What a member is in his organisation.' });
registerEnumType(ActEnum, { name: 'Act', description: 'An act of the table of permissions; the scopes of an API key are acts.' });

@ObjectType({ description: 'A number under which a public register knows the organisation.' })
export class RegistryNumber {
  @Field(() => RegistrySchemeEnum, { description: 'The register.' }) scheme: string;
  @Field(() => String, { description: 'Normalised: upper case, without spaces.' }) value: string;
  @Field(() => ChecksumEnum, { description: 'Whether its check digits are right.' }) checksum: string;
  @Field(() => Boolean, { description: 'Whether staff has seen the proof of the register.' }) proven: boolean;
}

@ObjectType({ description: 'A legal entity that trades here.' })
export class Organisation {
  @Field(() => ID, { description: 'UUID.' }) id: string;
  @Field(() => OrganisationKindEnum, { description: 'Trader, assessor or the exchange.' }) kind: string;
  @Field(() => String, { description: 'Name in the register.' }) legalName: string;
  @Field(() => String, { description: 'ISO 3166-1 alpha-2.' }) jurisdiction: string;
  @Field(() => String, { nullable: true, description: 'ISO 3166-2.' }) subdivision?: string | null;
  @Field(() => OrganisationStateEnum, { description: 'Whether it may trade.' }) state: string;
  @Field(() => Int, { nullable: true, description: '2: registry proof. 3: representative authenticated. 4: qualified seal.' }) assuranceLevel?: number | null;
  @Field(() => Date, { nullable: true, description: 'When its identity was last proven.' }) verifiedAt?: Date | null;
  @Field(() => [RegistryNumber], { description: 'Its numbers in public registers.' }) registryNumbers: readonly RegistryNumber[];
}

@ObjectType({ description: 'A person who acts for an organisation.' })
export class Member {
  @Field(() => ID, { description: 'UUID.' }) id: string;
  @Field(() => String, { description: '`sub` at the issuer.' }) subject: string;
  @Field(() => String, { description: 'For people.' }) displayName: string;
  @Field(() => [RoleEnum], { description: 'What the member is in the organisation.' }) roles: readonly string[];
  @Field(() => String, { description: 'ACTIVE or LEFT.' }) state: string;
}

@ObjectType({ description: "A machine's credential." })
export class ApiKey {
  @Field(() => ID, { description: 'UUID.' }) id: string;
  @Field(() => String, { description: 'For people.' }) name: string;
  @Field(() => [ActEnum], { description: 'The acts that it carries.' }) scopes: readonly string[];
  @Field(() => Date, { description: 'From then on it is refused.' }) expiresAt: Date;
  @Field(() => Date, { nullable: true, description: 'When it was revoked.' }) revokedAt?: Date | null;
  @Field(() => Date, { description: 'When it was made.' }) createdAt: Date;
}

@ObjectType({ description: 'A new API key with its secret, which is shown this once.' })
export class CreatedApiKey extends ApiKey {
  @Field(() => String, { nullable: true, description: 'Goes into `Authorization: Bearer`. Null when the request is a repetition.' }) secret?: string | null;
}

@ObjectType({ description: 'Who the caller is.' })
export class Me {
  @Field(() => String, { description: 'The caller as the audit log names him.' }) subject: string;
  @Field(() => Organisation, { nullable: true, description: 'The organisation that the caller acts for.' }) organisation?: Organisation | null;
  @Field(() => [RoleEnum], { description: 'Roles of the member; empty for a key.' }) roles: readonly string[];
  @Field(() => [ActEnum], { description: 'What the caller may do.' }) acts: readonly string[];
  @Field(() => Int, { description: 'How surely the caller is who he is, 1 to 4; every act needs a level.' }) assurance: number;
}

export const OrganisationConnection = connectionType(Organisation, 'Organisation');
export const MemberConnection = connectionType(Member, 'Member');
export const ApiKeyConnection = connectionType(ApiKey, 'ApiKey');

export const RegisterOrganisationResult = resultUnion('RegisterOrganisationResult', () => Organisation);
export const VerifyOrganisationResult = resultUnion('VerifyOrganisationResult', () => Organisation);
export const SuspendOrganisationResult = resultUnion('SuspendOrganisationResult', () => Organisation);
export const ReinstateOrganisationResult = resultUnion('ReinstateOrganisationResult', () => Organisation);
export const AddMemberResult = resultUnion('AddMemberResult', () => Member);
export const RemoveMemberResult = resultUnion('RemoveMemberResult', () => Member);
export const CreateApiKeyResult = resultUnion('CreateApiKeyResult', () => CreatedApiKey);
export const RevokeApiKeyResult = resultUnion('RevokeApiKeyResult', () => ApiKey);
