import { Field, ID, InputType } from '@nestjs/graphql';
import { ArrayMaxSize, IsOptional, IsString, IsUrl, IsUUID, Length, Matches, MaxLength } from 'class-validator';
import { DAY_PATTERN, IsPlainText, LIMITS } from '#shared';
import { DATA_KIND, MOST_DATA_KINDS, SCHEME } from '../domain/certificates/certificate.js';

const COUNTRY = /^[A-Z]{2}$/;
const IsRegisterUrl = (): PropertyDecorator => (target, key) => {
  IsUrl({ protocols: ['https'], require_protocol: true })(target, key);
  MaxLength(500)(target, key as string);
};

@InputType()
export class SubmitCertificateInput {
  @IsOptional() @IsUUID() @Field(() => ID, { nullable: true, description: 'For officers: the member who holds it. Others hand in their own.' }) holderId?: string | null;
  @IsOptional() @IsPlainText() @Length(1, LIMITS.shortText) @Field(() => String, { nullable: true, description: 'For officers: name of a holder outside the exchange.' }) holderName?: string | null;
  @IsOptional() @Matches(COUNTRY) @Field(() => String, { nullable: true, description: 'For officers: country of a holder outside the exchange, ISO 3166-1 alpha-2.' }) holderCountry?: string | null;
  @Matches(SCHEME) @Field(() => String, { description: 'Scheme, a word in upper case: GLOBAL_CBPR, APEC_CBPR, GLOBAL_PRP, DPF, DPF_UK, PIPC, CAC_PI_CERT, ISO27001 ...' }) scheme: string;
  @IsPlainText() @Length(1, 100) @Field(() => String, { description: 'Number that the issuing body gave it.' }) number: string;
  @IsPlainText() @Length(1, LIMITS.shortText) @Field(() => String, { description: 'Who issued it.' }) issuingBody: string;
  @Matches(COUNTRY) @Field(() => String, { description: 'Country under whose system it was granted, ISO 3166-1 alpha-2.' }) grantedIn: string;
  @IsString() @Length(1, LIMITS.longText) @Field(() => String, { description: 'What it covers.' }) scope: string;
  @IsOptional() @ArrayMaxSize(MOST_DATA_KINDS) @Matches(DATA_KIND, { each: true }) @Field(() => [String], { nullable: true, description: `Kinds of data that it covers, words in lower case, at most ${MOST_DATA_KINDS}.` }) dataKinds?: string[] | null;
  @Matches(DAY_PATTERN) @Field(() => String, { description: 'First day, YYYY-MM-DD.' }) firstDay: string;
  @IsOptional() @Matches(DAY_PATTERN) @Field(() => String, { nullable: true, description: 'Last day, YYYY-MM-DD; left out: without end.' }) lastDay?: string | null;
  @IsRegisterUrl() @Field(() => String, { description: 'Where the public register of the issuing body shows it, https.' }) registerUrl: string;
  @IsOptional() @Matches(/^[0-9a-f]{64}$/) @Field(() => String, { nullable: true, description: 'SHA-256 of the document, in hex.' }) documentSha256?: string | null;
}

@InputType()
export class VerifyCertificateInput {
  @IsUUID() @Field(() => ID, { description: 'One that was handed in.' }) certificateId: string;
  @IsOptional() @IsRegisterUrl() @Field(() => String, { nullable: true, description: 'Where it was found, if elsewhere than its holder said.' }) registerUrl?: string | null;
  @IsString() @Length(3, LIMITS.longText) @Field(() => String, { description: 'What the register shows. Goes into its history.' }) note: string;
}

@InputType()
export class ConfirmCertificateInput {
  @IsUUID() @Field(() => ID, { description: 'One that another officer checked.' }) certificateId: string;
}

@InputType()
export class RefuseCertificateInput {
  @IsUUID() @Field(() => ID, { description: 'One that was handed in or checked.' }) certificateId: string;
  @IsString() @Length(3, LIMITS.longText) @Field(() => String, { description: 'Goes into its history.' }) reason: string;
}

@InputType()
export class SuspendCertificateInput {
  @IsUUID() @Field(() => ID, { description: 'One in force.' }) certificateId: string;
  @IsString() @Length(3, LIMITS.longText) @Field(() => String, { description: 'Every member may read it.' }) reason: string;
}

@InputType()
export class ReinstateCertificateInput {
  @IsUUID() @Field(() => ID, { description: 'One that another officer suspended.' }) certificateId: string;
  @IsString() @Length(3, LIMITS.longText) @Field(() => String, { description: 'Every member may read it.' }) reason: string;
}

@InputType()
export class RevokeCertificateInput {
  @IsUUID() @Field(() => ID, { description: 'One in force or suspended.' }) certificateId: string;
  @IsString() @Length(3, LIMITS.longText) @Field(() => String, { description: 'Every member may read it.' }) reason: string;
}
