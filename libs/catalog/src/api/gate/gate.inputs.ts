import { Field, ID, InputType } from '@nestjs/graphql';
import { IsBoolean, IsString, IsUUID, Length, Matches } from 'class-validator';
import { LIMITS } from '#shared';

@InputType()
export class ProposeGateRulebookInput {
  @IsString() @Length(2, 200_000) @Field(() => String, { description: 'The document, JSON text.' }) document: string;
}

@InputType()
export class DecideGateRulebookInput {
  @Matches(/^[A-Za-z0-9.-]{1,40}$/) @Field(() => String, { description: 'Version of a rulebook that somebody else proposed.' }) version: string;
  @IsBoolean() @Field(() => Boolean, { description: 'Confirm, or reject.' }) confirm: boolean;
  @IsString() @Length(3, LIMITS.longText) @Field(() => String, { description: 'Why.' }) reason: string;
}

@InputType({ isAbstract: true })
class ChangeListingCertificateInput {
  @IsUUID() @Field(() => ID, { description: 'A certified product.' }) productId: string;
  @IsString() @Length(3, LIMITS.longText) @Field(() => String, { description: 'Why; everybody who verifies the certificate reads it.' }) reason: string;
}
@InputType()
export class RenewListingCertificateInput extends ChangeListingCertificateInput {}
@InputType()
export class CancelListingCertificateInput extends ChangeListingCertificateInput {}
@InputType()
export class RevokeListingCertificateInput extends ChangeListingCertificateInput {}
@InputType()
export class TransferListingCertificateInput extends ChangeListingCertificateInput {
  @IsUUID() @Field(() => ID, { description: 'Who holds it from now on: a verified organisation.' }) toOrganisationId: string;
}
