import { Field, ID, InputType, Int } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsDate, IsIn, IsInt, IsOptional, IsString, IsUUID, Length, Matches, Max, Min, ValidateNested } from 'class-validator';
import { IsPlainText, LIMITS } from '#shared';
import { CONTROL_KINDS, type ControlKind, type Directness, DIRECTNESS, HOLDER_KINDS, type HolderKind, type Interest, INTERESTS, MAX_HOLDINGS, WHOLE } from '../domain/ownership.js';
import { ControlKindEnum, DirectnessEnum, HolderKindEnum, InterestEnum } from './ownership.types.js';

@InputType()
export class HoldingInput {
  @IsIn(HOLDER_KINDS) @Field(() => HolderKindEnum, { description: 'Entity or person.' }) holder: HolderKind;
  @IsPlainText() @Length(1, LIMITS.shortText) @Field(() => String, { description: 'Name of the holder.' }) name: string;
  @IsOptional() @Matches(/^[A-Z]{2}$/) @Field(() => String, { nullable: true, description: 'Of an entity: ISO 3166-1 alpha-2.' }) jurisdiction?: string | null;
  @IsOptional() @Matches(/^[A-Z]{2}$/) @Field(() => String, { nullable: true, description: 'Of a person: ISO 3166-1 alpha-2.' }) nationality?: string | null;
  @IsOptional() @Matches(/^[A-Z]{2}$/) @Field(() => String, { nullable: true, description: 'Where a person lives: ISO 3166-1 alpha-2.' }) residence?: string | null;
  @IsOptional() @IsString() @Length(1, 64) @Field(() => String, { nullable: true, description: 'Of an entity, in its own register.' }) registryNumber?: string | null;
  @IsInt() @Min(0) @Max(WHOLE) @Field(() => Int, { description: `Of ${WHOLE}; 0 for a controller without a share.` }) shareBasisPoints: number;
  @IsIn(INTERESTS) @Field(() => InterestEnum, { description: 'Capital or votes.' }) interest: Interest;
  @IsIn(DIRECTNESS) @Field(() => DirectnessEnum, { description: 'INDIRECT: the holder at the end of a chain.' }) directness: Directness;
  @IsOptional() @IsInt() @Min(0) @Max(MAX_HOLDINGS - 1) @Field(() => Int, { nullable: true, description: 'Of an indirect holding: the place in this list of the direct holder through whom it is held.' }) through?: number | null;
  @IsOptional() @IsIn(CONTROL_KINDS) @Field(() => ControlKindEnum, { nullable: true, description: 'By what the holder controls the organisation; left out where he does not.' }) control?: ControlKind | null;
}

@InputType()
export class DeclareOwnershipInput {
  @IsDate() @Field(() => Date, { description: 'From when on this is so; not in the future, and not before the declaration that it replaces.' }) asOf: Date;
  @ArrayMinSize(1) @ArrayMaxSize(MAX_HOLDINGS) @ValidateNested({ each: true }) @Type(() => HoldingInput)
  @Field(() => [HoldingInput], { description: 'Owners and controllers. Holdings of one interest, direct ones and indirect ones each, sum to the whole at the most.' }) holdings: HoldingInput[];
  @IsOptional() @IsString() @Length(3, LIMITS.longText) @Field(() => String, { nullable: true, description: 'What it is based on.' }) evidence?: string | null;
}

@InputType()
export class ProveOwnershipInput {
  @IsUUID() @Field(() => ID, { description: 'The declaration that was looked at.' }) declarationId: string;
  @IsString() @Length(3, LIMITS.longText) @Field(() => String, { description: 'The registers and extracts that show it.' }) evidence: string;
}
