import { Field, ID, InputType, Int } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsDate, IsIn, IsInt, IsOptional, IsString, IsUUID, Length, Matches, Max, Min, ValidateNested } from 'class-validator';
import { LIMITS } from '#shared';
import { type Act, ACTS } from '../domain/permissions.js';
import { REGISTRY_SCHEMES, type RegistryScheme } from '../domain/registry-number.js';
import { ActEnum, OrganisationKindEnum, RegistrySchemeEnum } from './identity.types.js';

@InputType()
export class RegistryNumberInput {
  @IsIn(REGISTRY_SCHEMES) @Field(() => RegistrySchemeEnum, { description: 'The register.' }) scheme: RegistryScheme;
  @IsString() @Length(8, 40) @Field(() => String, { description: 'As printed; spaces and hyphens are dropped.' }) value: string;
}

@InputType()
export class RegisterOrganisationInput {
  // No GraphQL default: the compiled query of a repeated document does not fill it in. The same holds for every nested input.
  @IsOptional() @IsIn(['TRADER', 'ASSESSOR']) @Field(() => OrganisationKindEnum, { nullable: true, description: 'TRADER, as when left out, or ASSESSOR.' }) kind?: 'TRADER' | 'ASSESSOR' | null;
  @IsString() @Length(1, LIMITS.shortText) @Matches(/\S/) @Field(() => String, { description: 'Name in the register.' }) legalName: string;
  @IsString() @Matches(/^[A-Z]{2}$/) @Field(() => String, { description: 'ISO 3166-1 alpha-2.' }) jurisdiction: string;
  @IsOptional() @IsString() @Matches(/^[A-Z]{2}-[A-Z0-9]{1,3}$/) @Field(() => String, { nullable: true, description: 'ISO 3166-2, such as CN-SH.' }) subdivision?: string | null;
  @ArrayMinSize(1) @ArrayMaxSize(4) @ValidateNested({ each: true }) @Type(() => RegistryNumberInput)
  @Field(() => [RegistryNumberInput], { description: 'At least the number of the home register: USCC, UEN, HK_BRN, elsewhere the LEI.' }) registryNumbers: RegistryNumberInput[];
}

@InputType()
export class VerifyOrganisationInput {
  @IsUUID() @Field(() => ID, { description: 'Whose identity was proven.' }) organisationId: string;
  @IsInt() @Min(1) @Max(4) @Field(() => Int, { description: '2: registry proof. 3: representative authenticated. 4: qualified seal.' }) assuranceLevel: number;
  @ArrayMinSize(1) @ArrayMaxSize(4) @IsIn(REGISTRY_SCHEMES, { each: true }) @Field(() => [RegistrySchemeEnum], { description: 'The numbers that the proof covers.' }) schemes: RegistryScheme[];
  @IsString() @Length(3, LIMITS.longText) @Field(() => String, { description: 'What was looked at: the register, the extract, its date.' }) evidence: string;
}

@InputType()
export class SuspendOrganisationInput {
  @IsUUID() @Field(() => ID, { description: 'Which organisation.' }) organisationId: string;
  @IsString() @Length(3, LIMITS.longText) @Field(() => String, { description: 'Goes into the audit log.' }) reason: string;
}

@InputType()
export class CreateApiKeyInput {
  @IsString() @Length(1, LIMITS.shortText) @Field(() => String, { description: 'For people.' }) name: string;
  @ArrayMinSize(1) @ArrayMaxSize(20) @IsIn(ACTS, { each: true }) @Field(() => [ActEnum], { description: 'What the key may do.' }) scopes: Act[];
  @IsDate() @Field(() => Date, { description: 'At most a year ahead.' }) expiresAt: Date;
}

@InputType()
export class RevokeApiKeyInput {
  @IsUUID() @Field(() => ID, { description: 'Which key.' }) id: string;
}

@InputType()
export class ReinstateOrganisationInput extends SuspendOrganisationInput {}
