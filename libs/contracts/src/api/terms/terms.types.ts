import { Field, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsBoolean, IsDate, IsIn, IsInt, IsOptional, IsString, IsUUID, Length, Matches, Max, MaxLength, Min, ValidateNested } from 'class-validator';
import { connectionType, enumOf, IsPlainText, resultUnion } from '#shared';
import { type LicenceTerms as TermsRecord, MOST_POLICY } from '../../domain/terms/licence-terms.js';
import { TEMPLATE_LIST, type TemplateName, TEMPLATES } from '../../domain/terms/templates.js';
import { CHANNEL_KINDS, type ChannelKind } from '../../domain/terms/values.js';
import { ACTIONS, type ActionName } from '../../domain/terms/vocabulary.js';
import { MOST_SEATS } from '../../domain/users/named-users.js';
import { SIGNATURE_KINDS } from '../../storage/signature.repository.js';
import { LicencePart, LicencePartInput } from './parts.types.js';
import { SideEnum } from '../terminations.types.js';

const TemplateEnum = enumOf(TEMPLATES);
const ClauseKindEnum = enumOf(['PERMISSION', 'PROHIBITION', 'OBLIGATION', 'SCOPE'] as const);
export const TermsLanguageEnum = enumOf(['EN', 'ZH'] as const);
const SignatureKindEnum = enumOf(SIGNATURE_KINDS);
const ACTION_NAMES = Object.keys(ACTIONS) as ActionName[];
const ActionEnum = Object.fromEntries(ACTION_NAMES.map((a) => [a, a])) as { readonly [A in ActionName]: A };
const ReshareEnum = { distribute: 'distribute', grantUse: 'grantUse' } as const;
registerEnumType(TemplateEnum, { name: 'LicenceTemplate', description: 'Ready-made licence terms.', valuesMap: Object.fromEntries(TEMPLATE_LIST.map((t) => [t.name, { description: t.text.en }])) });
registerEnumType(ClauseKindEnum, { name: 'ClauseKind', description: 'Whether a clause permits, forbids or demands; SCOPE: says what of the product the licence is for.' });
registerEnumType(TermsLanguageEnum, { name: 'TermsLanguage', description: 'English or Chinese.' });
registerEnumType(SignatureKindEnum, { name: 'SignatureKind', description: 'AUTHORITY: a member whose authority is on record; KEY: a registered key of the side; COUNTERSIGNATURE: the exchange.' });
registerEnumType(ActionEnum, { name: 'OdrlAction', description: 'Actions of ODRL 2.2 that mean something for data; `use` includes the others.' });
registerEnumType(ReshareEnum, { name: 'ReshareAction', description: 'Pass the data itself on, or grant others its use.' });

@ObjectType({ description: 'A clause of licence terms in plain words. The policy is what binds.' })
export class TermsClause {
  @Field(() => String, { description: 'Its name within the policy.' }) uid: string;
  @Field(() => ClauseKindEnum, { description: 'What it does.' }) kind: string;
  @Field(() => String, { description: 'In words.' }) text: string;
}

@ObjectType({ description: 'What a licensee may do with the data, and how either side leaves early.' })
export class LicenceTerms {
  @Field(() => TemplateEnum, { nullable: true, description: 'The template that it was made from; null: a policy of the vendor’s own.' }) template?: string | null;
  @Field(() => Int, { nullable: true, description: 'Days of notice after which the vendor may leave without a reason; null: he may not.' }) vendorNoticeDays?: number | null;
  @Field(() => Int, { nullable: true, description: 'The same of the buyer.' }) buyerNoticeDays?: number | null;
  @Field(() => Int, { nullable: true, description: 'How many members and keys of the buyer use it, each by name; null: whoever the buyer lets.' }) namedUsers?: number | null;
  @Field(() => [LicencePart], { nullable: true, description: 'What of the product is licensed, where that is not all of it: the licensee receives files that were written for it, and of other datasets nothing.' }) parts?: LicencePart[] | null;
  terms: TermsRecord;
}

export const ChannelKindEnum = Object.fromEntries(CHANNEL_KINDS.map((k) => [k.toUpperCase().replace('-', '_'), k])) as Readonly<Record<string, ChannelKind>>;
registerEnumType(ChannelKindEnum, {
  name: 'ChannelKind', description: 'How bytes leave the exchange.',
  valuesMap: {
    PUBLIC: { description: 'To whoever holds the token.' }, NETWORKS: { description: 'Only into networks that the buyer registered.' }, MUTUAL_TLS: { description: 'Only to holders of client certificates that the buyer registered.' },
  },
});

@InputType()
export class LicenceTermsInput {
  @IsOptional() @IsIn(TEMPLATES) @Field(() => TemplateEnum, { nullable: true, description: 'INTERNAL_USE where neither this nor a policy is given.' }) template?: TemplateName | null;
  @IsOptional() @IsString() @MaxLength(MOST_POLICY) @Field(() => String, { nullable: true, description: 'A policy of your own instead: ODRL 2.2 as JSON-LD text, in the profile of this exchange. It has to permit the use for each purpose and country of the offer.' }) policy?: string | null;
  @IsOptional() @ArrayMinSize(1) @ArrayMaxSize(50) @ValidateNested({ each: true }) @Type(() => LicencePartInput) @Field(() => [LicencePartInput], { nullable: true, description: 'Of a template: what of the product is licensed; datasets that are not named are not. Left out: the whole product.' }) parts?: LicencePartInput[] | null;
  @IsOptional() @IsBoolean() @Field(() => Boolean, { nullable: true, description: 'Of a template: whether end users whom the licensee declares with his order use it too.' }) declaredUsers?: boolean | null;
  @IsOptional() @ArrayMaxSize(20) @IsUUID(undefined, { each: true }) @Field(() => [ID], { nullable: true, description: 'Of a template: organisations that use it beside the licensee.' }) alsoFor?: string[] | null;
  @IsOptional() @IsDate() @Field(() => Date, { nullable: true, description: 'Of a template: when all use ends, whatever the licence lasts.' }) until?: Date | null;
  @IsOptional() @IsInt() @Min(1) @Max(1_000_000_000) @Field(() => Int, { nullable: true, description: 'Of a template: how often the data may be fetched.' }) maxDownloads?: number | null;
  @IsOptional() @IsInt() @Min(1) @Max(MOST_SEATS) @Field(() => Int, { nullable: true, description: 'Of a template: how many members and keys of the buyer fetch it, each by name.' }) namedUsers?: number | null;
  @IsOptional() @ArrayMaxSize(3) @IsIn(CHANNEL_KINDS, { each: true }) @Field(() => [ChannelKindEnum], { nullable: true, description: 'Of a template: kinds of delivery channels on which the data may come; all where left out.' }) channels?: ChannelKind[] | null;
  @IsOptional() @IsPlainText() @Length(1, 500) @Field(() => String, { nullable: true, description: 'Of a template: the words in which the source is named.' }) attribution?: string | null;
  @IsOptional() @Matches(/^P[0-9DWMY]{2,12}$/) @Field(() => String, { nullable: true, description: 'Of a template: within how long after its end the data is deleted, ISO 8601.' }) deletionWithin?: string | null;
  @IsOptional() @IsInt() @Min(1) @Max(366) @Field(() => Int, { nullable: true, description: 'Days of notice after which you may leave without a reason.' }) vendorNoticeDays?: number | null;
  @IsOptional() @IsInt() @Min(1) @Max(366) @Field(() => Int, { nullable: true, description: 'The same of the buyer.' }) buyerNoticeDays?: number | null;
}

@InputType()
export class CheckUseInput {
  @IsUUID() @Field(() => ID, { description: 'A licence that the caller is a side of.' }) licenceId: string;
  @IsIn(ACTION_NAMES) @Field(() => ActionEnum, { description: 'What would be done.' }) action: ActionName;
  @IsOptional() @Matches(/^[A-Z][A-Z_]{2,39}$/) @Field(() => String, { nullable: true, description: 'What for; what was agreed where left out.' }) purpose?: string | null;
  @IsOptional() @ArrayMaxSize(50) @Matches(/^[A-Z]{2}(-[A-Z0-9]{1,3})?$/, { each: true }) @Field(() => [String], { nullable: true, description: 'Where, ISO 3166 codes; what was agreed where left out.' }) places?: string[] | null;
  @IsOptional() @IsUUID() @Field(() => ID, { nullable: true, description: 'The organisation that would have the data; the licensee where left out.' }) recipientId?: string | null;
}

@InputType()
export class ReshareDataInput {
  @IsUUID() @Field(() => ID, { description: 'An active licence of your own.' }) licenceId: string;
  @IsIn(Object.values(ReshareEnum)) @Field(() => ReshareEnum, { description: 'What is done.' }) action: 'distribute' | 'grantUse';
  @IsUUID() @Field(() => ID, { description: 'The organisation of the exchange that gets it.' }) recipientId: string;
  @ArrayMinSize(1) @ArrayMaxSize(50) @Matches(/^[A-Z]{2}$/, { each: true }) @Field(() => [String], { description: 'Where it will be, ISO 3166-1 alpha-2.' }) places: string[];
  @Matches(/^[A-Z][A-Z_]{2,39}$/) @Field(() => String, { description: 'What for.' }) purpose: string;
}

@InputType()
export class SignAgreementInput {
  @IsUUID() @Field(() => ID, { description: 'An agreement that your organisation is a side of.' }) agreementId: string;
  @IsString() @Matches(/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/) @MaxLength(8_000) @Field(() => String, { description: 'Compact JWS (EdDSA) of a registered key, `typ` entrepot-agreement-signature+jws, over {"agreementId", "hash"}.' }) jws: string;
}

@ObjectType({ description: 'What the terms say of a use.' })
export class UseJudgement {
  @Field(() => Boolean, { description: 'Whether they permit it.' }) permitted: boolean;
  @Field(() => TermsClause, { nullable: true, description: 'The clause that decided; null: none permits it.' }) clause?: TermsClause | null;
  @Field(() => String, { description: 'Why, naming the clause and what of it is not fulfilled.' }) reason: string;
  @Field(() => [TermsClause], { description: 'What is owed for it.' }) duties: readonly TermsClause[];
}

@ObjectType({ description: 'Data that a licensee passed on, or whose use it granted.' })
export class Reshare {
  @Field(() => ID, { description: 'UUID.' }) id: string;
  @Field(() => ID, { description: 'The licence.' }) licenceId: string;
  @Field(() => ReshareEnum, { description: 'What was done.' }) action: string;
  @Field(() => ID, { description: 'Who got it.' }) recipientId: string;
  @Field(() => [String], { description: 'Where, ISO 3166-1 alpha-2.' }) places: readonly string[];
  @Field(() => String, { description: 'What for.' }) purpose: string;
  @Field(() => String, { description: 'The clause that permits it.' }) clause: string;
  @Field(() => [String], { description: 'Duties that it carries, ODRL actions.' }) duties: readonly string[];
  @Field(() => Date, { description: 'When.' }) declaredAt: Date;
  decisionIds: readonly string[];
}

@ObjectType({ description: 'Who signed an agreement, for whom and how.' })
export class AgreementSignature {
  @Field(() => ID, { description: 'UUID.' }) id: string;
  @Field(() => SideEnum, { description: 'For which side.' }) side: string;
  @Field(() => SignatureKindEnum, { description: 'How.' }) kind: string;
  @Field(() => ID, { nullable: true, description: 'The member.' }) memberId?: string | null;
  @Field(() => String, { nullable: true, description: 'Who that was by name.' }) displayName?: string | null;
  @Field(() => ID, { nullable: true, description: 'The mandate; null where roles sign.' }) mandateId?: string | null;
  @Field(() => ID, { nullable: true, description: 'The API key through which, or with whose registered key.' }) keyId?: string | null;
  @Field(() => String, { nullable: true, description: 'The signature itself; the exchange’s verifies with /.well-known/jwks.json.' }) jws?: string | null;
  @Field(() => Date, { description: 'When.' }) signedAt: Date;
}

export const ReshareConnection = connectionType(Reshare, 'Reshare');
export const ReshareDataResult = resultUnion('ReshareDataResult', () => Reshare);
export const SignAgreementResult = resultUnion('SignAgreementResult', () => AgreementSignature);
