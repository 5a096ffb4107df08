import { Field, ID, InputType, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsOptional, IsString, IsUUID, Length, Matches, ValidateNested } from 'class-validator';
import { connectionType, DAY_PATTERN, enumOf, IsPlainText, isRefused, LIMITS, resultUnion } from '#shared';
import { LIST_WORD, MOST_ALIASES, RESTRICTED_STATES } from '../domain/restricted/restricted-party.js';
import type { RestrictedParty as Party } from '../storage/restricted-party.repository.js';


export const RestrictedStateEnum = enumOf(RESTRICTED_STATES);
registerEnumType(RestrictedStateEnum, {
  name: 'RestrictedPartyState', description: 'Where an entry stands. It holds while it is LISTED or REMOVAL_PROPOSED.',
  valuesMap: {
    PROPOSED: { description: 'Waits for a second officer.' }, LISTED: { description: 'On the list.' }, REMOVAL_PROPOSED: { description: 'On the list; its removal waits for a second officer.' },
    REMOVED: { description: 'Off the list.' }, REJECTED: { description: 'Was never on the list.' },
  },
});

@ObjectType({ description: 'A number in a public register.' })
export class PartyNumber {
  @Field(() => String, { description: 'The register, such as USCC or LEI.' }) scheme: string;
  @Field(() => String, { description: 'The number, without spaces and signs.' }) value: string;
}

@ObjectType({ description: 'Somebody to whom nothing goes, because a list says so.' })
export class RestrictedParty {
  @Field(() => ID, { description: 'UUID.' }) id: string;
  @Field(() => String, { description: 'Word of the list, such as pipl_42.' }) list: string;
  @Field(() => String, { description: 'Name as the list has it.' }) name: string;
  @Field(() => [String], { description: 'Other names.' }) aliases: readonly string[];
  @Field(() => String, { nullable: true, description: 'ISO 3166-1 alpha-2.' }) country: string | null;
  @Field(() => PartyNumber, { nullable: true, description: 'Number in a public register.' }) registryNumber: PartyNumber | null;
  @Field(() => ID, { nullable: true, description: 'Where it is a member of the exchange.' }) organisationId: string | null;
  @Field(() => String, { description: 'From this day on, YYYY-MM-DD.' }) effectiveFrom: string;
  @Field(() => String, { nullable: true, description: 'The first day on which it no longer holds; null: open.' }) effectiveTo: string | null;
  @Field(() => String, { description: 'Where it was published.' }) source: string;
  @Field(() => RestrictedStateEnum, { description: 'Where it stands.' }) state: string;
  @Field(() => String, { description: 'The officer who proposed it.' }) proposedBy: string;
  @Field(() => Date, { description: 'When it was proposed.' }) proposedAt: Date;
  @Field(() => String, { nullable: true, description: 'The officer who confirmed it.' }) confirmedBy: string | null;
  @Field(() => Date, { nullable: true, description: 'When it was confirmed.' }) confirmedAt: Date | null;
  @Field(() => String, { nullable: true, description: 'Why it is to be removed, or was.' }) removalReason: string | null;
}

@InputType()
export class PartyNumberInput {
  @Matches(/^[A-Z][A-Z0-9_]{1,39}$/) @Field(() => String, { description: 'The register, such as USCC or LEI.' }) scheme: string;
  @IsPlainText() @Length(1, 64) @Field(() => String, { description: 'The number.' }) value: string;
}

@InputType()
export class ProposeRestrictedPartyInput {
  @Matches(LIST_WORD) @Field(() => String, { description: 'Word of the list in lower case, such as pipl_42.' }) list: string;
  @IsPlainText() @Length(1, LIMITS.shortText) @Field(() => String, { description: 'Name as the list has it.' }) name: string;
  @IsOptional() @ArrayMaxSize(MOST_ALIASES) @IsPlainText({ each: true }) @Length(1, LIMITS.shortText, { each: true })
  @Field(() => [String], { nullable: true, description: `Other names, in other scripts too; at most ${MOST_ALIASES}.` }) aliases?: string[] | null;
  @IsOptional() @Matches(/^[A-Z]{2}$/) @Field(() => String, { nullable: true, description: 'ISO 3166-1 alpha-2.' }) country?: string | null;
  @IsOptional() @ValidateNested() @Type(() => PartyNumberInput) @Field(() => PartyNumberInput, { nullable: true, description: 'Number in a public register.' }) registryNumber?: PartyNumberInput | null;
  @IsOptional() @IsUUID() @Field(() => ID, { nullable: true, description: 'Where it is a member of the exchange.' }) organisationId?: string | null;
  @Matches(DAY_PATTERN) @Field(() => String, { description: 'From this day on, YYYY-MM-DD.' }) effectiveFrom: string;
  @IsOptional() @Matches(DAY_PATTERN) @Field(() => String, { nullable: true, description: 'The first day on which it no longer holds.' }) effectiveTo?: string | null;
  @IsString() @Length(3, LIMITS.longText) @Field(() => String, { description: 'Where it was published.' }) source: string;
}

@InputType()
export class ConfirmRestrictedPartyInput {
  @IsUUID() @Field(() => ID, { description: 'An entry, or a removal, that another officer proposed.' }) partyId: string;
}

@InputType()
export class RejectRestrictedPartyInput {
  @IsUUID() @Field(() => ID, { description: 'An entry, or a removal, that waits.' }) partyId: string;
  @IsString() @Length(3, LIMITS.longText) @Field(() => String, { description: 'Goes into the audit log.' }) reason: string;
}

@InputType()
export class RemoveRestrictedPartyInput {
  @IsUUID() @Field(() => ID, { description: 'An entry in force.' }) partyId: string;
  @IsString() @Length(3, LIMITS.longText) @Field(() => String, { description: 'Why it comes off the list.' }) reason: string;
}

export const toRestrictedPartyType = ({ scheme, number, ...party }: Party): RestrictedParty => ({ ...party, registryNumber: scheme && number ? { scheme, value: number } : null });
export const showRestrictedParty = (result: Party | { refused: true }): object => (isRefused(result) ? result : toRestrictedPartyType(result as Party));

export const RestrictedPartyConnection = connectionType(RestrictedParty, 'RestrictedParty');
export const ProposeRestrictedPartyResult = resultUnion('ProposeRestrictedPartyResult', () => RestrictedParty);
export const ConfirmRestrictedPartyResult = resultUnion('ConfirmRestrictedPartyResult', () => RestrictedParty);
export const RejectRestrictedPartyResult = resultUnion('RejectRestrictedPartyResult', () => RestrictedParty);
export const RemoveRestrictedPartyResult = resultUnion('RemoveRestrictedPartyResult', () => RestrictedParty);
