import { Field, ID, InputType, Int } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsDate, IsIn, IsInt, IsOptional, IsString, IsUUID, Length, Matches, Max, Min, ValidateNested } from 'class-validator';
import { IsPlainText, LIMITS } from '#shared';
import { ASSURANCE_TEXT, lowestFor } from '../domain/assurance.js';
import { REGISTRY_SCHEMES, type RegistryScheme } from '../domain/registry-number.js';
import { EXTRACT_MAX_DAYS } from '../domain/registry-proof.js';
import { OrganisationKindEnum, RegistrySchemeEnum } from './organisations.types.js';

@InputType()
export class RegistryNumberInput {
  @IsIn(REGISTRY_SCHEMES) @Field(() => RegistrySchemeEnum, { description: 'The register.' }) scheme: RegistryScheme;
  @IsString() @Length(4, 40) @Field(() => String, { description: 'As printed; spaces, dots and hyphens are dropped. A VAT number with its prefix.' }) value: string;
}

@InputType()
export class RegisterOrganisationInput {
  // No GraphQL default: the compiled query of a repeated document does not fill it in. The same holds for every nested input.
  @IsOptional() @IsIn(['TRADER', 'ASSESSOR']) @Field(() => OrganisationKindEnum, { nullable: true, description: 'TRADER, as when left out, or ASSESSOR.' }) kind?: 'TRADER' | 'ASSESSOR' | null;
  @IsPlainText() @Length(1, LIMITS.shortText) @Field(() => String, { description: 'Name in the register.' }) legalName: string;
  @IsString() @Matches(/^[A-Z]{2}$/) @Field(() => String, { description: 'ISO 3166-1 alpha-2.' }) jurisdiction: string;
  @IsOptional() @IsString() @Matches(/^[A-Z]{2}-[A-Z0-9]{1,3}$/) @Field(() => String, { nullable: true, description: 'ISO 3166-2, such as CN-SH.' }) subdivision?: string | null;
  @ArrayMinSize(1) @ArrayMaxSize(REGISTRY_SCHEMES.length) @ValidateNested({ each: true }) @Type(() => RegistryNumberInput)
  @Field(() => [RegistryNumberInput], { description: 'At least the number of the home register: USCC, UEN, HK_BRN, in the European Union EU_VAT or LEI, elsewhere the LEI.' }) registryNumbers: RegistryNumberInput[];
}

@InputType()
export class RegistryProofInput {
  @IsIn(REGISTRY_SCHEMES) @Field(() => RegistrySchemeEnum, { description: 'Which number was asked for.' }) scheme: RegistryScheme;
  @IsPlainText() @Length(1, LIMITS.shortText) @Field(() => String, { description: 'Name of the register, such as ACRA BizFile.' }) register: string;
  @IsPlainText() @Length(1, LIMITS.shortText) @Field(() => String, { description: 'Reference of the extract.' }) reference: string;
  @IsDate() @Field(() => Date, { description: `Of the extract: not in the future and at most ${EXTRACT_MAX_DAYS} days old.` }) extractedAt: Date;
}

@InputType()
export class VerifyOrganisationInput {
  @IsUUID() @Field(() => ID, { description: 'Whose identity was proven.' }) organisationId: string;
  @IsInt() @Min(1) @Max(4) @Field(() => Int, { description: `${ASSURANCE_TEXT}. At least ${lowestFor('trade')}.` }) assuranceLevel: number;
  @ArrayMinSize(1) @ArrayMaxSize(REGISTRY_SCHEMES.length) @IsIn(REGISTRY_SCHEMES, { each: true }) @Field(() => [RegistrySchemeEnum], { description: 'The numbers that the proof covers.' }) schemes: RegistryScheme[];
  @IsString() @Length(3, LIMITS.longText) @Field(() => String, { description: 'What was looked at: the register, the extract, its date.' }) evidence: string;
  @IsOptional() @ArrayMaxSize(REGISTRY_SCHEMES.length) @ValidateNested({ each: true }) @Type(() => RegistryProofInput)
  @Field(() => [RegistryProofInput], { nullable: true, description: 'What registers answered. Demanded for each number whose checksum FAILED.' }) proofs?: RegistryProofInput[] | null;
}

@InputType()
export class SuspendOrganisationInput {
  @IsUUID() @Field(() => ID, { description: 'Which organisation.' }) organisationId: string;
  @IsString() @Length(3, LIMITS.longText) @Field(() => String, { description: 'Goes into the audit log.' }) reason: string;
}

@InputType()
export class ReinstateOrganisationInput extends SuspendOrganisationInput {}
