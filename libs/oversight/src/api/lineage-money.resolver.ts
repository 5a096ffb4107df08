import { Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { Billing, InvoiceType, PaymentType, toCertificateType, toInvoiceType, toPaymentType, TradeCertificateType } from '#billing';
import { ReceiptType, toReceiptType } from '#delivery';
import { Authenticated } from '#identity';
import { Metering, toUsageEventType, UsageEventType } from '#metering';
import { JournalType, PayoutType, Settlement, toJournalType, toPayoutType, toTradeType, TradeType } from '#settlement';
import { Oversight } from '../oversight.facade.js';
import { toAuditEntryType } from './oversight.resolver.js';
import { AuditEntryType, TradeLineageType } from './oversight.types.js';

/** The second half: what was delivered, counted, billed, paid and settled, and the log of it all. */
@Resolver(() => TradeLineageType)
@Authenticated()
export class LineageMoneyResolver {
  constructor(private readonly oversight: Oversight, private readonly metering: Metering, private readonly billing: Billing, private readonly settlement: Settlement) {}

  @ResolveField(() => TradeType, { description: 'The trade itself.' })
  trade(@Parent() { stem }: TradeLineageType): TradeType {
    return toTradeType(stem.trade);
  }
  @ResolveField(() => [TradeType], { complexity: ({ childComplexity }) => 5 * childComplexity, description: 'Every trade under the same agreement, this one included.' })
  async tradesOfAgreement(@Parent() { stem }: TradeLineageType): Promise<TradeType[]> {
    return (await this.settlement.tradesOfAgreement(stem.agreement.id)).map(toTradeType);
  }
  @ResolveField(() => [ReceiptType], { complexity: ({ childComplexity }) => 20 * childComplexity, description: 'Receipts of the licence, at most 200.' })
  receipts(@Parent() { stem }: TradeLineageType): ReceiptType[] {
    return stem.receipts.map(toReceiptType);
  }
  @ResolveField(() => [UsageEventType], { complexity: ({ childComplexity }) => 20 * childComplexity, description: 'Usage of the licence, at most 100 events.' })
  async usage(@Parent() { stem }: TradeLineageType): Promise<UsageEventType[]> {
    return ((await this.metering.ofLicences([stem.licence.id])).get(stem.licence.id) ?? []).map(toUsageEventType);
  }
  @ResolveField(() => [InvoiceType], { complexity: ({ childComplexity }) => 5 * childComplexity, description: 'Invoices of the trade.' })
  async invoices(@Parent() { stem }: TradeLineageType): Promise<InvoiceType[]> {
    return (await this.billing.invoicesOfTrade(stem.trade.id)).map(toInvoiceType);
  }
  @ResolveField(() => [PaymentType], { complexity: ({ childComplexity }) => 5 * childComplexity, description: 'Every attempt to pay it.' })
  async payments(@Parent() { stem }: TradeLineageType): Promise<PaymentType[]> {
    return (await this.billing.paymentsOfTrade(stem.trade.id)).map((p) => toPaymentType(p));
  }
  @ResolveField(() => [JournalType], { complexity: ({ childComplexity }) => 10 * childComplexity, description: 'Journals of the trade and of its payout, oldest first.' })
  async journals(@Parent() { stem }: TradeLineageType): Promise<JournalType[]> {
    return (await this.settlement.journalsOfTrade(stem.trade.id)).map(toJournalType);
  }
  @ResolveField(() => PayoutType, { nullable: true, description: 'The payout that carries its proceeds.' })
  async payout(@Parent() { stem }: TradeLineageType): Promise<PayoutType | null> {
    const payout = await this.settlement.payoutOfTrade(stem.trade.id);
    return payout && toPayoutType(payout);
  }
  @ResolveField(() => TradeCertificateType, { nullable: true, description: 'Its certificate, once it is settled.' })
  async certificate(@Parent() { stem }: TradeLineageType): Promise<TradeCertificateType | null> {
    const certificate = await this.billing.certificateOfTrade(stem.trade.id);
    return certificate && toCertificateType(certificate);
  }
  @ResolveField(() => [AuditEntryType], { complexity: ({ childComplexity }) => 50 * childComplexity, description: 'The log of the trade and of all that it stands on, oldest first, at most 500 lines.' })
  async audit(@Parent() { stem }: TradeLineageType): Promise<AuditEntryType[]> {
    return (await this.oversight.auditTrail(stem)).map(toAuditEntryType);
  }
}
