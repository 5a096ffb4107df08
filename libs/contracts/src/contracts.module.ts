import { Injectable, Module, type OnModuleInit } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from '#audit';
import { CatalogModule } from '#catalog';
import { ApprovalChanged, CertificateChanged, ComplianceModule, EndUseChanged, FindingChanged, LawChanged, RestrictedListChanged, Screenings } from '#compliance';
import { IdentityModule } from '#identity';
import { type EventType, Subscriptions, Sweeps } from '#shared';
import { ContractsResolver } from './api/contracts.resolver.js';
import { LicenceHoldsResolver } from './api/licence-holds.resolver.js';
import { PendingOrdersResolver } from './api/pending-orders.resolver.js';
import { NegotiationResolver } from './api/negotiations/negotiation.resolver.js';
import { AgreementSignaturesResolver, LicenceTermsResolver, ReshareDecisionsResolver, UseResolver } from './api/terms/terms.resolver.js';
import { TerminationsResolver } from './api/terminations.resolver.js';
import { PreviewOrderResolver } from './api/preview-order.resolver.js';
import { WaitingOrdersResolver } from './api/waiting-orders.resolver.js';
import { Contracts, PendingOrders } from './contracts.facade.js';
import { OrderAwaitsClearance, PendingOrderChanged } from './contracts.events.js';
import { LicenceBilling, LicencePast } from './licence-billing.facade.js';
import { LicenceQuotas } from './licence-quotas.facade.js';
import { LicenceSpending } from './licence-spending.facade.js';
import { afterLicenceProviders } from './after-licence.providers.js';
import { offerProviders } from './offers.providers.js';
import { spendingProviders } from './spending.providers.js';
import { successionProviders } from './succession.providers.js';
import { usersProviders } from './users.providers.js';
import { contractsEntities } from './storage/contracts.entities.js';
import { ContractsRepository } from './storage/contracts.repository.js';
import { HoldRepository } from './storage/hold.repository.js';
import { LicenseesRepository } from './storage/licensees.repository.js';
import { PendingOrderRepository } from './storage/pending-order.repository.js';
import { NegotiationRepository } from './storage/negotiation.repository.js';
import { ReshareRepository } from './storage/reshare.repository.js';
import { SignatureRepository } from './storage/signature.repository.js';
import { TerminationRepository } from './storage/termination.repository.js';
import { ScreenedLicenceRepository } from './storage/screened-licence.repository.js';
import { BuyerRecord } from './use-cases/buyer-record.js';
import { FollowDeletions } from './use-cases/deletions/follow-deletions.js';
import { BringToCounter } from './use-cases/bring-to-counter.js';
import { ClearOrder } from './use-cases/clear-order.js';
import { ClosePendingOrder } from './use-cases/close-pending-order.js';
import { BesideAgreement, ConcludeAgreement } from './use-cases/conclude-agreement.js';
import { BeginNegotiation, NegotiationDesk } from './use-cases/negotiations/begin-negotiation.js';
import { AgreeByOffer } from './use-cases/negotiations/agree-by-offer.js';
import { FollowOrder } from './use-cases/negotiations/follow-order.js';
import { MoveNegotiation } from './use-cases/negotiations/move-negotiation.js';
import { Negotiate, ProposalDesk } from './use-cases/negotiations/negotiate.js';
import { ReadProposal } from './use-cases/negotiations/read-proposal.js';
import { PutSignatures } from './use-cases/agreements/put-signatures.js';
import { SignAgreement } from './use-cases/agreements/sign-agreement.js';
import { SigningKey } from './use-cases/agreements/signing-key.js';
import { JudgeUse } from './use-cases/terms/judge-use.js';
import { ReshareData, ReshareGround } from './use-cases/terms/reshare-data.js';
import { AnswerTermination } from './use-cases/agreements/answer-termination.js';
import { EndAgreement } from './use-cases/agreements/end-agreement.js';
import { TakeDueTerminations } from './use-cases/agreements/take-due-terminations.js';
import { TerminateAgreement } from './use-cases/agreements/terminate-agreement.js';
import { NotePrices } from './use-cases/offers/note-prices.js';
import { HoldLicence } from './use-cases/hold-licence.js';
import { MoveLicence } from './use-cases/move-licence.js';
import { OpenPendingOrder } from './use-cases/open-pending-order.js';
import { RejectOffer } from './use-cases/offers/reject-offer.js';
import { PlaceOrder } from './use-cases/place-order.js';
import { PreviewOrder } from './use-cases/preview-order.js';
import { RetryWaitingOrders } from './use-cases/retry-waiting-orders.js';
import { ScreenLicences } from './use-cases/screen-licences.js';
import { SecondSignature } from './use-cases/second-signature.js';
import { SignOrder } from './use-cases/sign-order.js';
import { SuspendLicence } from './use-cases/suspend-licence.js';
import { TakeOffer } from './use-cases/take-offer.js';
import { TransferFactsOf } from './use-cases/transfer-facts.js';
import { CountOrders } from './use-cases/count-orders.js';
import { CountValue } from './use-cases/count-value.js';
import { TellLicensees } from './use-cases/tell-licensees.js';

/** What the background does for orders and offers that wait. */
@Injectable()
class OrderDesk {
  constructor(readonly closing: ClosePendingOrder, readonly waiting: RetryWaitingOrders, readonly counter: BringToCounter, readonly negotiations: FollowOrder, readonly offers: RejectOffer) {}
}

/** What the background does for licences. */
@Injectable()
class LicenceDesk {
  constructor(readonly moving: MoveLicence, readonly terminations: TakeDueTerminations, readonly prices: NotePrices, readonly deletions: FollowDeletions) {}
}

@Module({
  imports: [TypeOrmModule.forFeature(contractsEntities), AuditModule, IdentityModule, ComplianceModule, CatalogModule],
  providers: [Contracts, ContractsRepository, TransferFactsOf, PlaceOrder, PreviewOrder, PreviewOrderResolver, ConcludeAgreement, MoveLicence, ContractsResolver,
    PendingOrderRepository, BuyerRecord, TakeOffer, OpenPendingOrder, SecondSignature, SignOrder, ClosePendingOrder, PendingOrdersResolver, ClearOrder, RetryWaitingOrders, BringToCounter, PendingOrders, WaitingOrdersResolver, OrderDesk,
    ScreenedLicenceRepository, ScreenLicences, HoldRepository, HoldLicence, SuspendLicence, LicenceHoldsResolver,
    TerminationRepository, EndAgreement, TerminateAgreement, AnswerTermination, TakeDueTerminations, TerminationsResolver, LicenceDesk,
    SignatureRepository, PutSignatures, BesideAgreement, SigningKey, SignAgreement, ReshareRepository, JudgeUse, ReshareGround, ReshareData, LicenceTermsResolver, AgreementSignaturesResolver, UseResolver, ReshareDecisionsResolver,
    NegotiationRepository, MoveNegotiation, ReadProposal, AgreeByOffer, NegotiationDesk, ProposalDesk, BeginNegotiation, Negotiate, FollowOrder, NegotiationResolver, LicenseesRepository, TellLicensees, CountOrders, CountValue, LicencePast, LicenceBilling, ...spendingProviders, ...successionProviders, ...usersProviders, ...afterLicenceProviders, ...offerProviders],
  exports: [Contracts, LicenceBilling, LicenceSpending, LicenceQuotas],
})
export class ContractsModule implements OnModuleInit {
  constructor(
    private readonly sweeps: Sweeps, private readonly subscriptions: Subscriptions, private readonly licences: LicenceDesk, private readonly orders: OrderDesk,
    private readonly screenings: Screenings, private readonly screening: ScreenLicences,
  ) {}

  onModuleInit(): void {
    this.sweeps.add({ name: 'contracts.screen-licences', everyMs: 500, run: () => this.screenings.work('LICENCES', this.screening) });
    this.sweeps.add({ name: 'contracts.expire-licences', everyMs: 5_000, run: () => this.licences.moving.expireLapsed() });
    this.sweeps.add({ name: 'contracts.negotiations', everyMs: 5_000, run: () => this.orders.negotiations.expireLapsed() });
    this.sweeps.add({ name: 'contracts.terminations', everyMs: 5_000, run: () => this.licences.terminations.execute() });
    this.sweeps.add({ name: 'contracts.deletions', everyMs: 5_000, run: () => this.licences.deletions.execute() });
    this.sweeps.add({ name: 'contracts.note-prices', everyMs: 5_000, run: () => this.licences.prices.execute() });
    this.sweeps.add({ name: 'contracts.expire-pending-orders', everyMs: 60_000, run: () => this.orders.closing.expireLapsed() });
    this.sweeps.add({ name: 'contracts.expire-offer-signings', everyMs: 60_000, run: () => this.orders.offers.expireLapsed() });
    this.sweeps.add({ name: 'contracts.retry-waiting-orders', everyMs: 2_000, run: () => this.orders.waiting.execute() });
    const again = 'contracts.retry-waiting-orders';
    this.subscriptions.on(ApprovalChanged, again, (tx, { payload }) => this.orders.waiting.soon(tx, payload.holderId));
    for (const type of [EndUseChanged, FindingChanged]) this.subscriptions.on(type as EventType<{ organisationId: string }>, again, (tx, { payload }) => this.orders.waiting.soon(tx, payload.organisationId));
    this.subscriptions.on(CertificateChanged, again, (tx, { payload }) => this.orders.waiting.soon(tx, payload.holderId));
    this.subscriptions.on(RestrictedListChanged, again, (tx, { payload }) => this.orders.waiting.soon(tx, payload.organisationId));
    this.subscriptions.on(LawChanged, again, (tx) => this.orders.waiting.soon(tx, null));
    this.orders.counter.speakForOrders();
    this.subscriptions.on(OrderAwaitsClearance, 'contracts.bring-to-counter', (tx, { requestId, payload }) => this.orders.counter.execute(tx, requestId, payload.pendingOrderId, payload.productId));
    this.subscriptions.on(PendingOrderChanged, 'contracts.negotiation', (tx, { requestId, payload }) => this.orders.negotiations.follow(tx, requestId, payload));
    this.subscriptions.on(PendingOrderChanged, 'contracts.end-declaration', async (tx, { requestId, payload }) => {
      if (payload.state === 'REJECTED' || payload.state === 'EXPIRED') await this.orders.counter.ended(tx, requestId, payload.pendingOrderId);
    });
  }
}
