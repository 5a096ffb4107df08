import { Field, InputType, ObjectType } from '@nestjs/graphql';
import { IsEmail, IsOptional, Length, Matches } from 'class-validator';
import { IsPlainText, resultUnion } from '#shared';

const TEXTS = {
  street: 'Street and number.', additional: 'A second line of the address.', city: 'City.', postcode: 'Post code. PINT-SG demands one of both sides where GST is registered.', gstNumber: 'GST registration number of Singapore.',
  endpointScheme: 'Participant of the Peppol network: scheme of the EAS list. Without it the UEN, the VAT number or the LEI is the participant.', endpointValue: 'Value of the participant.', buyerReference: 'What suppliers state on every invoice to the organisation (BT-10).',
  accountId: 'IBAN or account number that it is paid into.', accountInstitution: 'BIC of its bank.', contactName: 'Whom to ask about an invoice.', contactPhone: 'Telephone.', contactEmail: 'E-mail address.',
} as const;
const text = (name: keyof typeof TEXTS) => Field(() => String, { nullable: true, description: TEXTS[name] });

@ObjectType({ description: 'What invoices say of an organisation beside its name and numbers. An invoice keeps it as it was when it was issued.' })
export class BillingProfile {
  @text('street') street: string | null;
  @text('additional') additional: string | null;
  @text('city') city: string | null;
  @text('postcode') postcode: string | null;
  @text('gstNumber') gstNumber: string | null;
  @text('endpointScheme') endpointScheme: string | null;
  @text('endpointValue') endpointValue: string | null;
  @text('buyerReference') buyerReference: string | null;
  @text('accountId') accountId: string | null;
  @text('accountInstitution') accountInstitution: string | null;
  @text('contactName') contactName: string | null;
  @text('contactPhone') contactPhone: string | null;
  @text('contactEmail') contactEmail: string | null;
}

@InputType()
export class SetBillingProfileInput {
  @IsOptional() @IsPlainText() @Length(1, 200) @text('street') street?: string | null;
  @IsOptional() @IsPlainText() @Length(1, 200) @text('additional') additional?: string | null;
  @IsOptional() @IsPlainText() @Length(1, 100) @text('city') city?: string | null;
  @IsOptional() @IsPlainText() @Length(1, 20) @text('postcode') postcode?: string | null;
  @IsOptional() @Matches(/^[A-Z0-9-]{8,20}$/) @text('gstNumber') gstNumber?: string | null;
  @IsOptional() @Matches(/^\d{4}$/) @text('endpointScheme') endpointScheme?: string | null;
  @IsOptional() @Matches(/^[A-Za-z0-9:._-]{1,60}$/) @text('endpointValue') endpointValue?: string | null;
  @IsOptional() @IsPlainText() @Length(1, 100) @text('buyerReference') buyerReference?: string | null;
  @IsOptional() @Matches(/^[A-Z0-9-]{4,40}$/) @text('accountId') accountId?: string | null;
  @IsOptional() @Matches(/^[A-Z0-9]{8}([A-Z0-9]{3})?$/) @text('accountInstitution') accountInstitution?: string | null;
  @IsOptional() @IsPlainText() @Length(1, 100) @text('contactName') contactName?: string | null;
  @IsOptional() @Matches(/^[0-9+() -]{3,40}$/) @text('contactPhone') contactPhone?: string | null;
  @IsOptional() @IsEmail() @Length(3, 200) @text('contactEmail') contactEmail?: string | null;
}
export const SetBillingProfileResult = resultUnion('SetBillingProfileResult', () => BillingProfile);
