import { ArgsType, Field, ID } from '@nestjs/graphql';
import { IsIn, IsOptional, IsUUID, Matches } from 'class-validator';
import { WindowArgs } from '#shared';
import { INVOICE_KINDS, type InvoiceKind, readInvoiceNumber } from '../domain/invoice.js';
import { PAYMENT_STATES, type PaymentState } from '../domain/payment.js';
import type { InvoiceFilter } from '../storage/invoice.repository.js';
import type { PaymentFilter } from '../storage/payment.repository.js';
import { InvoiceKindEnum, InvoiceSideEnum, PaymentStateEnum } from './billing.types.js';

@ArgsType()
class MoneyArgs extends WindowArgs {
  @IsOptional() @IsUUID() @Field(() => ID, { nullable: true, description: 'Those of this trade alone.' }) tradeId?: string | null;
  @IsOptional() @Matches(/^[A-Z]{3}$/) @Field(() => String, { nullable: true, description: 'Those in this currency alone, ISO 4217.' }) currency?: string | null;
}

@ArgsType()
export class InvoicesArgs extends MoneyArgs {
  @IsOptional() @IsIn(['ISSUER', 'CUSTOMER']) @Field(() => InvoiceSideEnum, { nullable: true, description: 'Those alone in which the caller has this side.' }) side?: 'ISSUER' | 'CUSTOMER' | null;
  @IsOptional() @IsUUID() @Field(() => ID, { nullable: true, description: 'Those with this organisation alone; for staff: of it.' }) counterpartyId?: string | null;
  @IsOptional() @IsUUID() @Field(() => ID, { nullable: true, description: 'Those under this agreement alone.' }) agreementId?: string | null;
  @IsOptional() @IsIn(INVOICE_KINDS) @Field(() => InvoiceKindEnum, { nullable: true, description: 'Those of this kind alone.' }) kind?: InvoiceKind | null;
  @IsOptional() @Matches(/^[A-Z]{3}-[0-9]{4}-[0-9]{6,18}$/) @Field(() => String, { nullable: true, description: 'Those of this number: each issuer counts its own.' }) number?: string | null;
}

@ArgsType()
export class PaymentsArgs extends MoneyArgs {
  @IsOptional() @IsIn(PAYMENT_STATES) @Field(() => PaymentStateEnum, { nullable: true, description: 'Those in this state alone.' }) state?: PaymentState | null;
  @IsOptional() @IsUUID() @Field(() => ID, { nullable: true, description: 'Those of this buyer alone; for staff.' }) buyerId?: string | null;
}

export const invoiceFilterOf = (a: InvoicesArgs): InvoiceFilter => ({
  side: a.side ?? null, counterpartyId: a.counterpartyId ?? null, agreementId: a.agreementId ?? null, tradeId: a.tradeId ?? null, kind: a.kind ?? null, currency: a.currency ?? null,
  number: a.number ? readInvoiceNumber(a.number) : null, from: a.from ?? null, until: a.until ?? null,
});
export const paymentFilterOf = (a: PaymentsArgs): PaymentFilter => ({ buyerId: a.buyerId ?? null, tradeId: a.tradeId ?? null, state: a.state ?? null, currency: a.currency ?? null, from: a.from ?? null, until: a.until ?? null });
