import { Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { connectionType, enumOf, resultUnion } from '#shared';
import { ASSURANCE_TEXT, lowestFor } from '../domain/assurance.js';
import { REGISTRY_SCHEMES } from '../domain/registry-number.js';

export const OrganisationKindEnum = enumOf(['TRADER', 'ASSESSOR', 'EXCHANGE']);
export const OrganisationStateEnum = enumOf(['PENDING_VERIFICATION', 'VERIFIED', 'SUSPENDED']);
export const RegistrySchemeEnum = enumOf(REGISTRY_SCHEMES);
const ChecksumEnum = enumOf(['PASSED', 'FAILED', 'NONE']);
registerEnumType(OrganisationKindEnum, { name: 'OrganisationKind', description: 'What an organisation is here: a trader, an accredited assessor, or the exchange itself.' });
registerEnumType(OrganisationStateEnum, { name: 'OrganisationState', description: 'Only a VERIFIED organisation trades. One whose verification is overdue is PENDING_VERIFICATION again.' });
registerEnumType(RegistrySchemeEnum, { name: 'RegistryScheme', description: 'USCC (GB 32100-2015), UEN (ACRA), HK_BRN (first eight digits of the Business Registration certificate), LEI (ISO 17442), EU_VAT (with the prefix of VIES: EL for Greece, XI for Northern Ireland).' });
registerEnumType(ChecksumEnum, { name: 'Checksum', description: 'FAILED is a finding that demands registry proof: issued numbers exist that fail. NONE: the scheme has no check digit.' });

@ObjectType({ description: 'A number under which a public register knows the organisation.' })
export class RegistryNumber {
  @Field(() => RegistrySchemeEnum, { description: 'The register.' }) scheme: string;
  @Field(() => String, { description: 'Normalised: upper case, without separators; a VAT number with its prefix.' }) value: string;
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
  @Field(() => Int, { description: `How sure the exchange is of it. ${ASSURANCE_TEXT}. Trade needs ${lowestFor('trade')}.` }) assuranceLevel: number;
  @Field(() => Date, { nullable: true, description: 'When its identity was last proven.' }) verifiedAt?: Date | null;
  @Field(() => Date, { nullable: true, description: 'When its identity must be proven again; from then on it does not trade.' }) verificationDueAt?: Date | null;
  @Field(() => [RegistryNumber], { description: 'Its numbers in public registers.' }) registryNumbers: readonly RegistryNumber[];
}

export const OrganisationConnection = connectionType(Organisation, 'Organisation');

export const RegisterOrganisationResult = resultUnion('RegisterOrganisationResult', () => Organisation);
export const VerifyOrganisationResult = resultUnion('VerifyOrganisationResult', () => Organisation);
export const SuspendOrganisationResult = resultUnion('SuspendOrganisationResult', () => Organisation);
export const ReinstateOrganisationResult = resultUnion('ReinstateOrganisationResult', () => Organisation);
