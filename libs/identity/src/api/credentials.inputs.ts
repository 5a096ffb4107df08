import { applyDecorators } from '@nestjs/common';
import { Field, ID, InputType, Int } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsBoolean, IsDate, IsIn, IsInt, IsOptional, IsString, IsUUID, Length, Matches, Max, Min, ValidateNested } from 'class-validator';
import { LIMITS } from '#shared';
import { CREDENTIAL_ALGORITHMS, CREDENTIAL_PURPOSES, type CredentialPurpose } from '../domain/credential.js';
import { KEY_SOURCES, type KeySource } from '../domain/credential-issuer.js';
import { REGISTRY_SCHEMES, type RegistryScheme } from '../domain/registry-number.js';
import { CredentialAlgorithmEnum, CredentialKeySourceEnum, CredentialPurposeEnum } from './credentials.types.js';
import { RegistrySchemeEnum } from './organisations.types.js';

/** Object keys from the root of the credential. */
const Path = (): PropertyDecorator => applyDecorators(ArrayMinSize(1) as PropertyDecorator, ArrayMaxSize(5), IsString({ each: true }), Length(1, 60, { each: true }));

@InputType()
export class CredentialTypeInput {
  @IsString() @Length(1, 300) @Field(() => String, { description: '`vct` of SD-JWT VC.' }) vct: string;
  @IsIn(CREDENTIAL_PURPOSES) @Field(() => CredentialPurposeEnum, { description: 'What it proves.' }) purpose: CredentialPurpose;
  @IsIn(REGISTRY_SCHEMES) @Field(() => RegistrySchemeEnum, { description: 'The register that its number is of.' }) scheme: RegistryScheme;
  @Path() @Field(() => [String], { description: 'Where the registry number stands: object keys from the root.' }) numberPath: string[];
  @IsOptional() @Path() @Field(() => [String], { nullable: true, description: 'Where the legal name stands; needed for an organisation.' }) legalNamePath?: string[] | null;
  @IsOptional() @Path() @Field(() => [String], { nullable: true, description: 'Where the currency stands; needed for a mandate.' }) currencyPath?: string[] | null;
  @IsOptional() @Path() @Field(() => [String], { nullable: true, description: 'Where the limit stands, in major units; needed for a mandate.' }) amountPath?: string[] | null;
  @IsOptional() @Path() @Field(() => [String], { nullable: true, description: 'Where ALONE or JOINT stands; needed for a mandate.' }) modePath?: string[] | null;
  @IsOptional() @Path() @Field(() => [String], { nullable: true, description: "Where a mandate's end stands; its credential's expiry when left out." }) validUntilPath?: string[] | null;
}

@InputType()
export class ProposeCredentialIssuerInput {
  @IsString() @Length(8, 300) @Matches(/^https?:\/\/\S+$/) @Field(() => String, { description: '`iss` of its credentials.' }) iss: string;
  @IsString() @Matches(/^[A-Z]{2}$/) @Field(() => String, { description: 'ISO 3166-1 alpha-2.' }) jurisdiction: string;
  @IsString() @Length(1, LIMITS.shortText) @Matches(/\S/) @Field(() => String, { description: 'The framework that it is trusted under.' }) trustFramework: string;
  @ArrayMinSize(1) @ArrayMaxSize(10) @ValidateNested({ each: true }) @Type(() => CredentialTypeInput) @Field(() => [CredentialTypeInput], { description: 'What it is believed about.' }) types: CredentialTypeInput[];
  @IsIn(KEY_SOURCES) @Field(() => CredentialKeySourceEnum, { description: 'How its keys are found.' }) keySource: KeySource;
  @IsOptional() @IsString() @Length(2, 20_000) @Field(() => String, { nullable: true, description: 'JSON of a key set with public keys; with JWKS.' }) jwks?: string | null;
  @IsOptional() @IsString() @Length(2, 20_000) @Field(() => String, { nullable: true, description: 'PEM of the root certificate; with X5C.' }) rootCertificate?: string | null;
  @ArrayMinSize(1) @ArrayMaxSize(6) @IsIn(CREDENTIAL_ALGORITHMS, { each: true }) @Field(() => [CredentialAlgorithmEnum], { description: 'Signature algorithms that are accepted of it.' }) algorithms: string[];
  @IsInt() @Min(1) @Max(4) @Field(() => Int, { description: '3: representative authenticated. 4: qualified seal.' }) assuranceLevel: number;
  @IsOptional() @IsBoolean() @Field(() => Boolean, { nullable: true, description: 'Whether a credential without a status list is refused; yes, as when left out.' }) statusRequired?: boolean | null;
  @IsDate() @Field(() => Date, { description: 'From when on.' }) validFrom: Date;
  @IsOptional() @IsDate() @Field(() => Date, { nullable: true, description: 'Until when; open when left out.' }) validTo?: Date | null;
}

@InputType()
export class ApproveCredentialIssuerInput {
  @IsUUID() @Field(() => ID, { description: 'Which proposal.' }) id: string;
}

@InputType()
export class WithdrawCredentialIssuerInput {
  @IsUUID() @Field(() => ID, { description: 'Which version.' }) id: string;
  @IsString() @Length(3, LIMITS.longText) @Field(() => String, { description: 'Goes into the audit log.' }) reason: string;
}

@InputType()
export class RequestPresentationInput {
  @IsIn(CREDENTIAL_PURPOSES) @Field(() => CredentialPurposeEnum, { description: 'What is to be proven.' }) purpose: CredentialPurpose;
}
