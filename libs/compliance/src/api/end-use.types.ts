import { Field, ID, InputType, ObjectType } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsBoolean, IsDefined, IsOptional, IsUUID, Length, Matches, ValidateNested } from 'class-validator';
import { connectionType, IsPlainText, LIMITS, resultUnion } from '#shared';
import { type EndUseFacts, MOST_END_USERS, MOST_ONWARD_COUNTRIES, MOST_STATEMENTS, PURPOSE, STATEMENT } from '../domain/declarations/end-use.js';
import type { EndUse as Declaration } from '../storage/end-use.repository.js';

const COUNTRY = /^[A-Z]{2}$/;

@InputType()
export class EndUserInput {
  @IsPlainText() @Length(1, LIMITS.shortText) @Field(() => String, { description: 'Name.' }) name: string;
  @Matches(COUNTRY) @Field(() => String, { description: 'ISO 3166-1 alpha-2.' }) country: string;
  @IsOptional() @IsUUID() @Field(() => ID, { nullable: true, description: 'Where it is a member of the exchange.' }) organisationId?: string | null;
}

@InputType()
export class OnwardTransferInput {
  @IsBoolean() @Field(() => Boolean, { description: 'Whether the data will be passed on beyond the destination.' }) planned: boolean;
  @IsOptional() @ArrayMaxSize(MOST_ONWARD_COUNTRIES) @Matches(COUNTRY, { each: true }) @Field(() => [String], { nullable: true, description: 'To which countries, ISO 3166-1 alpha-2; only where it is planned.' }) countries?: string[] | null;
}

@InputType({ description: 'What a buyer declares of the use of what he orders.' })
export class EndUseInput {
  @Matches(PURPOSE) @Field(() => String, { description: 'What the data is for, such as RESEARCH.' }) purpose: string;
  @Matches(COUNTRY) @Field(() => String, { description: 'Where the data goes, ISO 3166-1 alpha-2.' }) destination: string;
  @IsOptional() @ArrayMaxSize(MOST_END_USERS) @ValidateNested({ each: true }) @Type(() => EndUserInput)
  @Field(() => [EndUserInput], { nullable: true, description: `Who uses it besides the buyer, at most ${MOST_END_USERS}: in the destination, in the country of the buyer or in one of the onward transfer.` }) endUsers?: EndUserInput[] | null;
  @IsDefined() @ValidateNested() @Type(() => OnwardTransferInput) @Field(() => OnwardTransferInput, { description: 'Whether it is passed on.' }) onward: OnwardTransferInput;
  @IsOptional() @ArrayMaxSize(MOST_STATEMENTS) @Matches(STATEMENT, { each: true }) @Field(() => [String], { nullable: true, description: `Words of the statements that the buyer accepts, at most ${MOST_STATEMENTS}.` }) statements?: string[] | null;
}

@InputType()
export class RenewEndUseInput {
  @IsUUID() @Field(() => ID, { description: "An order of the caller's organisation whose end use it declared." }) objectId: string;
  @IsDefined() @ValidateNested() @Type(() => EndUseInput) @Field(() => EndUseInput, { description: 'What holds from now on.' }) endUse: EndUseInput;
}

@ObjectType({ description: 'Somebody who uses the data.' })
export class EndUser {
  @Field(() => String, { description: 'Name.' }) name: string;
  @Field(() => String, { description: 'ISO 3166-1 alpha-2.' }) country: string;
  @Field(() => ID, { nullable: true, description: 'Where it is a member of the exchange.' }) organisationId: string | null;
}

@ObjectType({ description: 'What becomes of the data beyond its destination.' })
export class OnwardTransfer {
  @Field(() => Boolean, { description: 'Whether it is passed on.' }) planned: boolean;
  @Field(() => [String], { description: 'To which countries, ISO 3166-1 alpha-2.' }) countries: readonly string[];
}

@ObjectType({ description: "A buyer's declaration of the use of what he ordered. Never changed; a newer one takes its place." })
export class EndUse {
  @Field(() => ID, { description: 'UUID.' }) id: string;
  @Field(() => ID, { description: 'The order.' }) objectId: string;
  @Field(() => ID, { description: 'Who declared it.' }) organisationId: string;
  @Field(() => String, { description: 'What the data is for.' }) purpose: string;
  @Field(() => String, { description: 'Where it goes, ISO 3166-1 alpha-2.' }) destination: string;
  @Field(() => [EndUser], { description: 'Who uses it besides the buyer.' }) endUsers: readonly EndUser[];
  @Field(() => OnwardTransfer, { description: 'Whether it is passed on.' }) onward: OnwardTransfer;
  @Field(() => [String], { description: 'Words of the statements that the buyer accepted.' }) statements: readonly string[];
  @Field(() => String, { description: 'SHA-256 of the canonical JSON (RFC 8785) of what was declared.' }) factsHash: string;
  @Field(() => Date, { description: 'When it was declared.' }) declaredAt: Date;
  @Field(() => Date, { description: 'It is stale from then on.' }) validUntil: Date;
  @Field(() => ID, { nullable: true, description: 'The declaration that took its place.' }) supersededBy: string | null;
}

export const fromEndUseInput = ({ purpose, destination, endUsers, onward, statements }: EndUseInput): EndUseFacts => ({
  purpose, destination, endUsers: (endUsers ?? []).map((u) => ({ name: u.name, country: u.country, organisationId: u.organisationId ?? null })),
  onward: { planned: onward.planned, countries: onward.countries ?? [] }, statements: statements ?? [],
});
export const toEndUseType = ({ id, objectId, organisationId, facts, factsHash, declaredAt, validUntil, supersededBy }: Declaration): EndUse => ({ id, objectId, organisationId, ...facts, factsHash, declaredAt, validUntil, supersededBy });

export const EndUseConnection = connectionType(EndUse, 'EndUse');
export const RenewEndUseResult = resultUnion('RenewEndUseResult', () => EndUse);
