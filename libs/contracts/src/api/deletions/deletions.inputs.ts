import { Field, ID, InputType } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsBoolean, IsDate, IsOptional, IsString, IsUUID, Length, Matches, MaxLength, ValidateNested } from 'class-validator';
import { IsPlainText, LIMITS } from '#shared';

/** As many places and hands as one agreement ever reached; more is said in the method. */
const MOST_PLACES = 50;

@InputType()
export class DeletionRecipientInput {
  @IsPlainText() @Length(1, LIMITS.shortText) @Field(() => String, { description: 'Who had the data from you.' }) name: string;
  @IsOptional() @IsUUID() @Field(() => ID, { nullable: true, description: 'His organisation, where it is one of the exchange.' }) organisationId?: string | null;
  @IsPlainText() @Length(3, LIMITS.longText) @Field(() => String, { description: 'How it is known that he has deleted it too.' }) statement: string;
}

@InputType()
export class CertifyDeletionInput {
  @IsUUID() @Field(() => ID, { description: 'A deletion that your organisation owes.' }) deletionId: string;
  @IsDate() @Field(() => Date, { description: 'When the last copy was deleted.' }) deletedAt: Date;
  @IsPlainText() @Length(3, LIMITS.longText) @Field(() => String, { description: 'How, so that somebody else can judge it.' }) method: string;
  @ArrayMinSize(1) @ArrayMaxSize(MOST_PLACES) @IsPlainText({ each: true }) @Length(1, LIMITS.shortText, { each: true }) @Field(() => [String], { description: 'Where copies were: systems, backups, media.' }) copies: string[];
  @IsOptional() @ArrayMaxSize(MOST_PLACES) @ValidateNested({ each: true }) @Type(() => DeletionRecipientInput) @Field(() => [DeletionRecipientInput], { nullable: true, description: 'Who had the data from you; each to whom it was passed on through the exchange has to be among them.' }) recipients?: DeletionRecipientInput[] | null;
  @IsOptional() @IsPlainText() @Length(3, LIMITS.longText) @Field(() => String, { nullable: true, description: 'What is kept because a law demands it, and which.' }) retained?: string | null;
  @IsOptional() @IsString() @Matches(/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/) @MaxLength(8_000) @Field(() => String, {
    nullable: true, description: 'Compact JWS of a registered key, `typ` entrepot-deletion-certificate+jws, over {"deletionId", "hash"}: SHA-256 of the certificate in RFC 8785 form. Where left out, you sign by your authority.',
  }) jws?: string | null;
}

@InputType()
export class ContestDeletionInput {
  @IsUUID() @Field(() => ID, { description: 'A certified deletion of data of your own.' }) deletionId: string;
  @IsPlainText() @Length(3, LIMITS.longText) @Field(() => String, { description: 'Why; both sides and the exchange read it.' }) reason: string;
}

@InputType()
export class ReleaseDeletionInput extends ContestDeletionInput {}

@InputType()
export class JudgeDeletionInput {
  @IsUUID() @Field(() => ID, { description: 'A deletion that does not come to an end.' }) deletionId: string;
  @IsBoolean() @Field(() => Boolean, { description: 'Whether the matter is closed; where not, a contested certificate does not hold, and another one is due within 14 days.' }) stands: boolean;
  @IsPlainText() @Length(3, LIMITS.longText) @Field(() => String, { description: 'Both sides read it.' }) reason: string;
}
