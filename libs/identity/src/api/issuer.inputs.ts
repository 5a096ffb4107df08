import { Field, ID, InputType, Int } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsBoolean, IsDate, IsIn, IsInt, IsOptional, IsString, IsUUID, Length, Matches, Max, MaxLength, Min, ValidateNested } from 'class-validator';
import { IsPlainText, LIMITS } from '#shared';
import { ISSUER_PROFILES, type IssuerProfile, TOKEN_ALGORITHMS, type TokenAlgorithm } from '../domain/issuer.js';
import { REGISTRY_SCHEMES, type RegistryScheme } from '../domain/registry-number.js';
import { RegistrySchemeEnum } from './organisations.types.js';
import { IssuerProfileEnum, TokenAlgorithmEnum } from './issuer.types.js';

@InputType()
export class AcrLevelInput {
  @IsString() @Length(1, 200) @Field(() => String, { description: 'A value of `acr`, as the issuer writes it.' }) acr: string;
  @IsInt() @Min(1) @Max(4) @Field(() => Int, { description: 'What it is worth here, 1 to 4.' }) level: number;
}

@InputType()
export class OrganisationClaimInput {
  @IsString() @Length(2, 200) @Field(() => String, { description: 'JSON Pointer into the claims, such as /entityInfo/CPEntID (RFC 6901).' }) pointer: string;
  @IsIn(REGISTRY_SCHEMES) @Field(() => RegistrySchemeEnum, { description: 'The register whose number stands there.' }) scheme: RegistryScheme;
  @IsOptional() @IsString() @Length(2, 200) @Field(() => String, { nullable: true, description: 'JSON Pointer to the name under which that register knows the organisation. Without it nobody is verified by this claim alone.' }) legalNamePointer?: string | null;
}

@InputType()
export class ProposeIssuerInput {
  @IsString() @Length(8, 300) @Field(() => String, { description: '`iss` of its tokens, exactly.' }) issuer: string;
  @IsPlainText() @Length(1, LIMITS.shortText) @Field(() => String, { description: 'For people.' }) displayName: string;
  @IsString() @Matches(/^[A-Z]{2}$/) @Field(() => String, { description: 'Who stands behind it, ISO 3166-1 alpha-2.' }) jurisdiction: string;
  @IsString() @Matches(/^[A-Z0-9_]{2,40}$/) @Field(() => String, { description: 'SINGPASS, CORPPASS, IAM_SMART, EUDI, CTID, OTHER or another name.' }) trustFramework: string;
  @IsIn(ISSUER_PROFILES) @Field(() => IssuerProfileEnum, { description: 'How it is used.' }) profile: IssuerProfile;
  @ArrayMinSize(1) @ArrayMaxSize(6) @IsIn(TOKEN_ALGORITHMS, { each: true }) @Field(() => [TokenAlgorithmEnum], { description: 'The signature algorithms that are accepted.' }) algorithms: TokenAlgorithm[];
  @IsOptional() @IsArray() @ArrayMaxSize(10) @IsString({ each: true }) @Length(1, 300, { each: true })
  @Field(() => [String], { nullable: true, description: 'What `aud` of its access tokens must name, one of them; needed unless it is a sign-in.' }) audiences?: string[] | null;
  @IsOptional() @IsArray() @ArrayMaxSize(50) @IsString({ each: true }) @Length(1, 255, { each: true })
  @Field(() => [String], { nullable: true, description: 'The clients whose tokens are taken (`azp`, `client_id`); needed unless it is a sign-in.' }) authorisedParties?: string[] | null;
  @IsOptional() @IsBoolean() @Field(() => Boolean, { nullable: true, description: 'Whether tokens must be bound to their caller (DPoP). Left out: as the profile demands.' }) senderConstrained?: boolean | null;
  @IsOptional() @IsString() @Length(1, 255) @Field(() => String, { nullable: true, description: 'For a sign-in: who the exchange is to the issuer.' }) clientId?: string | null;
  @IsOptional() @IsArray() @ArrayMaxSize(10) @IsString({ each: true }) @Length(1, 60, { each: true })
  @Field(() => [String], { nullable: true, description: 'For a sign-in: what is asked for. Left out: openid.' }) scopes?: string[] | null;
  @IsOptional() @IsBoolean() @Field(() => Boolean, { nullable: true, description: 'For a sign-in: whether the id token must be encrypted. Left out: no.' }) encryptedIdToken?: boolean | null;
  @IsOptional() @IsArray() @ArrayMaxSize(20) @ValidateNested({ each: true }) @Type(() => AcrLevelInput)
  @Field(() => [AcrLevelInput], { nullable: true, description: 'What its values of `acr` are worth here.' }) acrLevels?: AcrLevelInput[] | null;
  @IsInt() @Min(1) @Max(4) @Field(() => Int, { description: 'What any other sign-in there is worth here, 1 to 4.' }) defaultLevel: number;
  @IsOptional() @IsArray() @ArrayMaxSize(5) @ValidateNested({ each: true }) @Type(() => OrganisationClaimInput)
  @Field(() => [OrganisationClaimInput], { nullable: true, description: 'Where its tokens name the organisation for which a person acts.' }) organisationClaims?: OrganisationClaimInput[] | null;
  @IsOptional() @IsString() @MaxLength(200) @Field(() => String, { nullable: true, description: "JSON Pointer to the person's name. Left out: /name." }) nameClaim?: string | null;
  @IsOptional() @IsString() @MaxLength(200) @Field(() => String, { nullable: true, description: 'JSON Pointer to what names the person at the issuer for ever. Left out: /sub.' }) personClaim?: string | null;
  @IsOptional() @IsDate() @Field(() => Date, { nullable: true, description: 'In force from then on. Left out: from its approval.' }) validFrom?: Date | null;
  @IsOptional() @IsDate() @Field(() => Date, { nullable: true, description: 'In force until then. Left out: until it is withdrawn.' }) validTo?: Date | null;
}

@InputType()
export class ApproveIssuerInput {
  @IsUUID() @Field(() => ID, { description: 'Which row.' }) id: string;
}

@InputType()
export class WithdrawIssuerInput {
  @IsUUID() @Field(() => ID, { description: 'Which row.' }) id: string;
  @IsString() @Length(3, LIMITS.longText) @Field(() => String, { description: 'Goes into the audit log.' }) reason: string;
}

@InputType()
export class RegisterKeyJwksInput {
  @IsUUID() @Field(() => ID, { description: 'Which API key.' }) id: string;
  @IsString() @Length(2, 16_384) @Field(() => String, { description: 'A JWK set in JSON with 1 to 5 public keys, which takes the place of the one before (RFC 7517).' }) jwks: string;
}
