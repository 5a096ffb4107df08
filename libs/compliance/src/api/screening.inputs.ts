import { Field, ID, InputType } from '@nestjs/graphql';
import { IsIn, IsOptional, IsUUID, Length, Matches } from 'class-validator';
import { IsPlainText, LIMITS } from '#shared';
import { LAW_ACTS, type LawAct } from '../domain/law/change.js';
import { LawActEnum } from './law.types.js';

@InputType({ description: 'A change of the law: one that is proposed, or a document and what is done with it.' })
export class ScreenLawChangeInput {
  @IsOptional() @IsUUID() @Field(() => ID, { nullable: true, description: 'A proposal that waits for its second member of staff.' }) changeId?: string | null;
  @IsOptional() @Matches(/^[0-9a-f]{64}$/) @Field(() => String, { nullable: true, description: 'A document that was handed in: its SHA-256, lower-case hex.' }) documentHash?: string | null;
  @IsOptional() @IsIn(LAW_ACTS) @Field(() => LawActEnum, { nullable: true, description: 'What would be done with the document.' }) act?: LawAct | null;
}

@InputType()
export class StartScreeningInput {
  @IsOptional() @IsUUID() @Field(() => ID, { nullable: true, description: 'One organisation on either side; the whole market when left out.' }) organisationId?: string | null;
  @IsPlainText() @Length(3, LIMITS.shortText) @Field(() => String, { description: 'Why; goes into the audit log.' }) reason: string;
}
