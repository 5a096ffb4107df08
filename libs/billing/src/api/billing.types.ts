import { Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { MeterEnum } from '#contracts';
import { connectionType, MoneyType, resultUnion, enumOf } from '#shared';
import { TradeType } from '#settlement';
import { INVOICE_KINDS } from '../domain/invoice.js';
import { PAYMENT_STATES } from '../domain/payment.js';
import { TAX_SCHEMES } from '../domain/tax-rules.js';

export const PaymentStateEnum = enumOf(PAYMENT_STATES);
export const InvoiceKindEnum = enumOf(INVOICE_KINDS);
export const TaxSchemeEnum = enumOf(Object.keys(TAX_SCHEMES));
export const TaxStatusEnum = enumOf(Object.values(TAX_SCHEMES).flat());
export const InvoiceSideEnum = enumOf(['ISSUER', 'CUSTOMER'] as const);
registerEnumType(InvoiceSideEnum, { name: 'InvoiceSide', description: 'A side of an invoice.' });
registerEnumType(PaymentStateEnum, { name: 'PaymentState', description: 'INTENT: to be taken to the provider. PROCESSING: the provider knows. FAILED allows another payment.' });
registerEnumType(InvoiceKindEnum, { name: 'InvoiceKind', description: 'Of a purchase, of a later period that is paid in advance, of what was used, of the commission of the exchange; or a credit note, which takes back a part of such an invoice.' });
registerEnumType(TaxSchemeEnum, { name: 'TaxScheme', description: 'CN_EXPORT: how exports of a mainland seller are taxed. SG_GST: whether a Singapore seller is registered for GST.' });
registerEnumType(TaxStatusEnum, { name: 'TaxStatus', description: 'CN_EXPORT: ZERO_RATED, EXEMPT or STANDARD. SG_GST: REGISTERED or NOT_REGISTERED.' });

@ObjectType({ description: "One attempt to bring the buyer's money in for a trade." })
export class Payment {
  @Field(() => ID, { description: 'UUID.' }) id: string;
  @Field(() => ID, { description: 'The trade that it pays.' }) tradeId: string;
  @Field(() => MoneyType, { description: "The trade's gross amount." }) amount: MoneyType;
  @Field(() => PaymentStateEnum, { description: 'Where it stands.' }) state: string;
  @Field(() => String, { description: 'Who carries the money.' }) provider: string;
  @Field(() => String, { nullable: true, description: "The provider's reference." }) providerReference?: string | null;
  @Field(() => String, { nullable: true, description: 'Why the provider refused it.' }) failure?: string | null;
  @Field(() => String, { nullable: true, description: 'With it the payer pays at the provider. Only in the answer of payTrade, where the provider asks for it.' }) clientSecret?: string | null;
  @Field(() => Date, { description: 'When it was begun.' }) createdAt: Date;
  @Field(() => Date, { nullable: true, description: 'When it succeeded or failed.' }) endedAt?: Date | null;
}

@ObjectType({ description: 'One line of an invoice.' })
export class InvoiceLine {
  @Field(() => String, { description: 'What is charged.' }) description: string;
  @Field(() => String, { description: 'A whole number as text.' }) quantity: string;
  @Field(() => String, { description: 'Major units, a decimal: prices below the minor unit exist.' }) unitPrice: string;
  @Field(() => MoneyType, { description: 'Net of tax. Rounded half up once; the description says how it comes about.' }) net: MoneyType;
}

@ObjectType({ description: 'What the buyer owes to its own tax authority, beside the price.' })
export class BuyerTaxDuty {
  @Field(() => String, { description: 'WITHHOLDS or REVERSE_CHARGE.' }) duty: string;
  @Field(() => String, { description: 'Whose tax it is, ISO 3166-1 alpha-2.' }) jurisdiction: string;
  @Field(() => Int, { nullable: true, description: 'Rate in basis points; null where it depends on the buyer.' }) basisPoints?: number | null;
  @Field(() => String, { description: 'In words.' }) note: string;
  @Field(() => String, { description: 'The law behind it.' }) source: string;
}

@ObjectType({ description: 'How a supply is taxed, as it was determined when the trade was executed.' })
export class TaxTreatment {
  @Field(() => String, { description: 'The rule that decided.' }) rule: string;
  @Field(() => String, { description: 'Category code of UNCL5305 or PINT-SG.' }) category: string;
  @Field(() => Int, { description: 'Rate in basis points.' }) basisPoints: number;
  @Field(() => String, { description: 'Whose tax it is, ISO 3166-1 alpha-2.' }) jurisdiction: string;
  @Field(() => String, { description: 'In words.' }) note: string;
  @Field(() => String, { description: 'The law behind it.' }) source: string;
  @Field(() => String, { description: 'How sure the exchange is of it: verified, secondary or general-knowledge.' }) mark: string;
  @Field(() => BuyerTaxDuty, { nullable: true, description: 'What the buyer owes besides.' }) buyerDuty?: BuyerTaxDuty | null;
}

@ObjectType({ description: 'An issued invoice; it never changes.' })
export class Invoice {
  @Field(() => ID, { description: 'UUID.' }) id: string;
  @Field(() => String, { description: 'Counts without a gap per issuer and series.' }) number: string;
  @Field(() => InvoiceKindEnum, { description: 'What it is for.' }) kind: string;
  @Field(() => ID, { description: 'The trade.' }) tradeId: string;
  @Field(() => ID, { description: 'The agreement, which is the contract reference.' }) agreementId: string;
  @Field(() => ID, { description: 'The organisation that issued it.' }) issuerId: string;
  @Field(() => String, { description: 'Its name at that time.' }) issuerName: string;
  @Field(() => ID, { description: 'The organisation that owes or owed it.' }) customerId: string;
  @Field(() => String, { description: 'Its name at that time.' }) customerName: string;
  @Field(() => [InvoiceLine], { description: 'What is charged.' }) lines: readonly InvoiceLine[];
  @Field(() => MoneyType, { description: 'Sum of the lines.' }) net: MoneyType;
  @Field(() => MoneyType, { description: 'The tax on it.' }) tax: MoneyType;
  @Field(() => MoneyType, { description: 'Net and tax.' }) total: MoneyType;
  @Field(() => ID, { nullable: true, description: 'The invoice that a credit note corrects; its amounts are what is taken back.' }) correctsId?: string | null;
  @Field(() => TaxTreatment, { description: 'How it is taxed.' }) taxTreatment: TaxTreatment;
  @Field(() => Date, { description: 'When it was issued.' }) issuedAt: Date;
}

@ObjectType({ description: 'What one closing charged for one meter of one period, or to its minimum.' })
export class UsageCharge {
  @Field(() => Int, { description: 'Which period of the licence, counted from 0; -1: its trial, which is free.' }) period: number;
  @Field(() => MeterEnum, { nullable: true, description: 'What was counted; null: the minimum commitment.' }) meter?: string | null;
  @Field(() => String, { description: 'Units that were not charged before, a whole number as text.' }) quantity: string;
  @Field(() => MoneyType, { description: 'What the whole period comes to, less what was charged of it before.' }) net: MoneyType;
}

@ObjectType({ description: 'Usage that was rated together, with its trade and its invoice.' })
export class UsagePeriod {
  @Field(() => ID, { description: 'UUID.' }) id: string;
  @Field(() => ID, { description: 'The licence that was used.' }) licenceId: string;
  @Field(() => Int, { description: 'Usage events that it covers.' }) eventCount: number;
  @Field(() => [UsageCharge], { description: 'What was charged, by period and meter.' }) charges: readonly UsageCharge[];
  @Field(() => TradeType, { description: 'What the buyer now pays.' }) trade: TradeType;
  @Field(() => Invoice, { description: 'The invoice.' }) invoice: Invoice;
  @Field(() => Date, { description: 'When it was closed.' }) closedAt: Date;
}

@ObjectType({ description: 'The signed statement of a settled trade.' })
export class TradeCertificate {
  @Field(() => ID, { description: 'The trade.' }) tradeId: string;
  @Field(() => String, { description: 'JWS (RFC 7515) of type entrepot-trade-certificate+jws; verifies against /.well-known/jwks.json.' }) jws: string;
  @Field(() => Date, { description: 'When it was signed.' }) issuedAt: Date;
}

@ObjectType({ description: 'What a seller says of its own tax position.' })
export class TaxDeclaration {
  @Field(() => ID, { description: 'UUID.' }) id: string;
  @Field(() => TaxSchemeEnum, { description: 'Which position.' }) scheme: string;
  @Field(() => TaxStatusEnum, { description: 'What it is.' }) status: string;
  @Field(() => String, { description: 'What proves it.' }) evidence: string;
  @Field(() => Date, { description: 'It counts for trades from then on.' }) declaredAt: Date;
}

export const InvoiceConnection = connectionType(Invoice, 'Invoice');
export const PaymentConnection = connectionType(Payment, 'Payment');
export const PayTradeResult = resultUnion('PayTradeResult', () => Payment);
export const CallOffPurchaseResult = resultUnion('CallOffPurchaseResult', () => TradeType);
export const CloseUsagePeriodResult = resultUnion('CloseUsagePeriodResult', () => UsagePeriod);
export const DeclareTaxResult = resultUnion('DeclareTaxResult', () => TaxDeclaration);
