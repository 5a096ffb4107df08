import { Module, type OnModuleInit } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from '#audit';
import { ContractsModule } from '#contracts';
import { IdentityModule } from '#identity';
import { MeteringModule } from '#metering';
import { Config } from '#shared';
import { SettlementModule } from '#settlement';
import { BillingResolver } from './api/billing.resolver.js';
import { CreditsResolver } from './api/credits.resolver.js';
import { ChargebacksResolver } from './api/chargebacks.resolver.js';
import { RefundsResolver } from './api/refunds.resolver.js';
import { ProfilesResolver } from './api/profiles.resolver.js';
import { Billing } from './billing.facade.js';
import { BillingWork, PaymentWork, PeriodWork, WorkSources } from './billing.work.js';
import { PaymentPort } from './domain/payment-port.js';
import { PaymentSimulator } from './simulator/payment.simulator.js';
import { billingEntities } from './storage/billing.entities.js';
import { BillingProfileRepository } from './storage/billing-profile.repository.js';
import { CertificateRepository } from './storage/certificate.repository.js';
import { CreditRepository } from './storage/credit.repository.js';
import { InboxRepository } from './storage/inbox.repository.js';
import { InvoiceRepository } from './storage/invoice.repository.js';
import { PaymentRepository } from './storage/payment.repository.js';
import { ChargebackRepository } from './storage/chargeback.repository.js';
import { RefundRepository } from './storage/refund.repository.js';
import { ScheduleRepository } from './storage/schedule.repository.js';
import { TaxDeclarationRepository } from './storage/tax-declaration.repository.js';
import { UsageBillingRepository } from './storage/usage-billing.repository.js';
import { stripeClient } from './stripe/stripe.client.js';
import { CorrectionsResolver } from './api/corrections/corrections.resolver.js';
import { UsageCorrectionRepository } from './storage/usage-correction.repository.js';
import { StatementsController } from './api/statements.controller.js';
import { StatementRepository } from './storage/statement.repository.js';
import { StripeGateway } from './stripe/stripe.gateway.js';
import { StripeWebhookController } from './stripe/stripe-webhook.controller.js';
import { CallOffPurchase } from './use-cases/call-off-purchase.js';
import { CallOffUnpaid } from './use-cases/call-off-unpaid.js';
import { CertificateSources, CertifyTrade } from './use-cases/certify-trade.js';
import { AnswerCorrection } from './use-cases/corrections/answer-correction.js';
import { ApplyCorrection } from './use-cases/corrections/apply-correction.js';
import { CorrectUsage } from './use-cases/corrections/correct-usage.js';
import { CorrectionDesk } from './use-cases/corrections/correction-desk.js';
import { DisallowUsage } from './use-cases/corrections/disallow-usage.js';
import { ReadCorrections } from './use-cases/corrections/read-corrections.js';
import { CloseUsage, RatingSources } from './use-cases/close-usage.js';
import { CloseUsagePeriod } from './use-cases/close-usage-period.js';
import { GiveCredits } from './use-cases/credits/give-credits.js';
import { SetOff } from './use-cases/credits/set-off.js';
import { DeclareTax } from './use-cases/declare-tax.js';
import { DrivePayment } from './use-cases/drive-payment.js';
import { FollowTrade } from './use-cases/follow-trade.js';
import { InvoiceTrade } from './use-cases/invoice-trade.js';
import { IssueInvoice } from './use-cases/issue-invoice.js';
import { LapseUnpaid } from './use-cases/lapse-unpaid.js';
import { MarkFirstDelivery } from './use-cases/mark-first-delivery.js';
import { OpenBilledTrade } from './use-cases/open-billed-trade.js';
import { OpenPurchase } from './use-cases/open-purchase.js';
import { BeginLicence } from './use-cases/periods/begin-licence.js';
import { HoldUnpaid } from './use-cases/periods/hold-unpaid.js';
import { OpenPeriods, PeriodTrades } from './use-cases/periods/open-periods.js';
import { PaymentWay, PayTrade } from './use-cases/pay-trade.js';
import { InboxDesk, ProcessInbox } from './use-cases/process-inbox.js';
import { ReadBilling } from './use-cases/read-billing.js';
import { ReceiveProviderEvent } from './use-cases/receive-provider-event.js';
import { RecordChargeback } from './use-cases/chargebacks/record-chargeback.js';
import { CreditTrade } from './use-cases/refunds/credit-trade.js';
import { DriveRefund } from './use-cases/refunds/drive-refund.js';
import { FollowReversal, RefundSources } from './use-cases/refunds/follow-reversal.js';
import { RecordRefund, RefundBooks } from './use-cases/refunds/record-refund.js';
import { RetryRefund } from './use-cases/refunds/retry-refund.js';
import { RecordPayment } from './use-cases/record-payment.js';
import { SetBillingProfile } from './use-cases/set-billing-profile.js';
import { StateUsage } from './use-cases/statements/state-usage.js';
import { TaxDesk } from './use-cases/tax-desk.js';

/** PAYMENT_PROVIDER chooses the adapter; the configuration refuses the simulator in production. */
const paymentPort = { provide: PaymentPort, inject: [Config], useFactory: (config: Config): PaymentPort => (config.PAYMENT_PROVIDER === 'stripe' ? new StripeGateway(stripeClient(config)) : new PaymentSimulator()) };

@Module({
  imports: [TypeOrmModule.forFeature(billingEntities), AuditModule, IdentityModule, ContractsModule, MeteringModule, SettlementModule],
  controllers: [StripeWebhookController, StatementsController],
  providers: [
    Billing, BillingResolver, BillingWork, WorkSources, PaymentRepository, InboxRepository, InvoiceRepository, UsageBillingRepository, CertificateRepository, TaxDeclarationRepository, BillingProfileRepository, SetBillingProfile, ProfilesResolver,
    TaxDesk, OpenBilledTrade, OpenPurchase, MarkFirstDelivery, IssueInvoice, InvoiceTrade, CertificateSources, CertifyTrade, FollowTrade,
    RefundRepository, RefundSources, RefundBooks, CreditTrade, RecordRefund, DriveRefund, FollowReversal, RetryRefund, RefundsResolver, ChargebackRepository, RecordChargeback, ChargebacksResolver,
    RecordPayment, DrivePayment, PaymentWay, PayTrade, RatingSources, CloseUsage, CloseUsagePeriod, StatementRepository, StateUsage, UsageCorrectionRepository, ApplyCorrection, CorrectionDesk, CorrectUsage, DisallowUsage, AnswerCorrection, ReadCorrections, CorrectionsResolver, ScheduleRepository, CreditRepository, GiveCredits, SetOff, CreditsResolver, BeginLicence, PeriodTrades, OpenPeriods, HoldUnpaid, PeriodWork, DeclareTax, ReceiveProviderEvent, InboxDesk, ProcessInbox, CallOffUnpaid, CallOffPurchase, LapseUnpaid, PaymentWork, ReadBilling, paymentPort,
  ],
  exports: [Billing],
})
export class BillingModule implements OnModuleInit {
  constructor(private readonly work: BillingWork) {}

  onModuleInit(): void {
    this.work.register();
  }
}
