import { Field, ID, InputType } from '@nestjs/graphql';
import { IsBoolean, IsIn, IsString, IsUUID, Length, Matches } from 'class-validator';
import { LIMITS } from '#shared';
import { LAW_ACTS, type LawAct } from '../domain/law/change.js';
import { LawActEnum } from './law.types.js';

@InputType({ description: 'A rulebook or list to be kept.' })
export class SubmitLawDocumentInput {
  @IsString() @Length(2, LIMITS.lawDocumentCharacters) @Field(() => String, { description: 'The document as JSON text; docs/law.md says how it is written.' }) content: string;
}

@InputType({ description: 'A change of the law in force.' })
export class ProposeLawChangeInput {
  @Matches(/^[0-9a-f]{64}$/) @Field(() => String, { description: 'Hash of a document that is kept.' }) documentHash: string;
  @IsIn(LAW_ACTS) @Field(() => LawActEnum, { description: 'What is to happen to it.' }) act: LawAct;
  @IsString() @Length(3, LIMITS.longText) @Field(() => String, { description: 'Goes into the audit log.' }) reason: string;
}

@InputType({ description: 'The word of a second member of staff.' })
export class DecideLawChangeInput {
  @IsUUID() @Field(() => ID, { description: 'A change that waits for its decision.' }) changeId: string;
  @IsBoolean() @Field(() => Boolean, { description: 'True puts it in force; false ends it, which whoever proposed it may do as well.' }) confirm: boolean;
  @IsString() @Length(3, LIMITS.longText) @Field(() => String, { description: 'Goes into the audit log.' }) reason: string;
}
