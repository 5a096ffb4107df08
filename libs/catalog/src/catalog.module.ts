import { Injectable, Module, type OnModuleInit } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from '#audit';
import { ClassificationChecked, ClassificationProposed, Compliance, ComplianceModule, ObjectionDecided, OpinionDelivered, Screenings } from '#compliance';
import { IdentityModule, OrganisationChanged } from '#identity';
import { asSystem, Subscriptions, Sweeps, systemCaller } from '#shared';
import { AuthoringResolver } from './api/authoring.resolver.js';
import { ContentResolver } from './api/content/content.resolver.js';
import { ColumnTextsResolver, DatasetTextsResolver, MetadataTextsResolver, ProductTextsResolver } from './api/content/texts.resolver.js';
import { DatasetRevisionsResolver, RevisionResolver } from './api/revisions/revision.resolver.js';
import { CertificateController } from './api/gate/certificate.controller.js';
import { CertificateResolver } from './api/gate/certificate.resolver.js';
import { MarketResolver } from './api/market/market.resolver.js';
import { RulebookResolver } from './api/gate/rulebook.resolver.js';
import { GateResolver } from './api/gate.resolver.js';
import { ProductResolver } from './api/product.resolver.js';
import { ProfileResolver } from './api/profiles/profile.resolver.js';
import { Catalog } from './catalog.facade.js';
import { dataRequestProviders } from './data-requests.providers.js';
import { DataServices } from './data-services.facade.js';
import { dataServiceProviders } from './data-services.providers.js';
import { ExchangeTrades } from './exchange-trades.facade.js';
import { statisticsProviders } from './statistics.providers.js';
import { discoveryProviders } from './discovery.providers.js';
import { CatalogProfiles } from './profiles.facade.js';
import { ProfileRepository } from './storage/profile.repository.js';
import { AnnounceChange } from './use-cases/profiles/announce-change.js';
import { MatchDictionary } from './use-cases/profiles/match-dictionary.js';
import { RecordProfile } from './use-cases/profiles/record-profile.js';
import { catalogEntities } from './storage/catalog.entities.js';
import { DatasetRepository } from './storage/dataset.repository.js';
import { AnnouncementRepository } from './storage/announcement.repository.js';
import { FunnelRepository } from './storage/funnel.repository.js';
import { GateRulebookRepository } from './storage/gate-rulebook.repository.js';
import { HoldingsRepository } from './storage/holdings.repository.js';
import { ListingCertificateRepository } from './storage/listing-certificate.repository.js';
import { ProductRepository } from './storage/product.repository.js';
import { ScreenedProductRepository } from './storage/screened-product.repository.js';
import { AddAsset } from './use-cases/add-asset.js';
import { AddDataset } from './use-cases/add-dataset.js';
import { CertifyProduct } from './use-cases/certify-product.js';
import { ChangeAvailability } from './use-cases/change-availability.js';
import { ClassificationGate } from './use-cases/classification-gate.js';
import { ClassifyDataset } from './use-cases/classify-dataset.js';
import { ContentRules } from './use-cases/content/content-rules.js';
import { RemoveFromDraft } from './use-cases/content/remove-from-draft.js';
import { UpdateDataset } from './use-cases/content/update-dataset.js';
import { UpdateProduct } from './use-cases/content/update-product.js';
import { Vocabularies } from './use-cases/content/vocabularies.js';
import { CreateProduct } from './use-cases/create-product.js';
import { CreateRevision } from './use-cases/create-revision.js';
import { AuthoringDesk, ContentDesk, GateDesk, PlatformTests, RevisionDesk, RulebookDesk } from './use-cases/desks.js';
import { FileOpinion } from './use-cases/file-opinion.js';
import { FinaliseRevision } from './use-cases/finalise-revision.js';
import { CertificateBook } from './use-cases/gate/certificate-book.js';
import { CertificateJudgement } from './use-cases/gate/certificate-judgement.js';
import { ChangeCertificate } from './use-cases/gate/change-certificate.js';
import { ChangeRulebook } from './use-cases/gate/change-rulebook.js';
import { GateDuties } from './use-cases/gate/gate-duties.js';
import { GateRulebooks } from './use-cases/gate/gate-rulebooks.js';
import { LapsePapers } from './use-cases/gate/lapse-papers.js';
import { ListingObstacles } from './use-cases/gate/listing-obstacles.js';
import { VerifyCertificate } from './use-cases/gate/verify-certificate.js';
import { Announce } from './use-cases/market/announce.js';
import { CountInterest } from './use-cases/market/count-interest.js';
import { MarketDesk } from './use-cases/market/market-desk.js';
import { ScenarioPacks } from './use-cases/scenario/scenario-packs.js';
import { SubmissionRules } from './use-cases/submission-rules.js';
import { MarkAssetStored } from './use-cases/mark-asset-stored.js';
import { PassGate } from './use-cases/pass-gate.js';
import { ProductAtCounter } from './use-cases/product-at-counter.js';
import { ProductStanding } from './use-cases/product-standing.js';
import { RecordOpinion } from './use-cases/record-opinion.js';
import { RecordPlatformTest } from './use-cases/record-platform-test.js';
import { RecordRevisionTest } from './use-cases/revisions/record-revision-test.js';
import { ReleaseRevisions } from './use-cases/revisions/release-revisions.js';
import { RevokeRevision } from './use-cases/revisions/revoke-revision.js';
import { ReviewProduct } from './use-cases/review-product.js';
import { ScreenProducts } from './use-cases/screen-products.js';
import { SubmitProduct } from './use-cases/submit-product.js';
import { TakeObjection } from './use-cases/take-objection.js';
import { TakeOpinion } from './use-cases/take-opinion.js';

/** What the service counter and this room have with each other. */
@Injectable()
class CounterDesk {
  constructor(readonly compliance: Compliance, readonly opinions: TakeOpinion, readonly objections: TakeObjection, readonly products: ProductAtCounter) {}
}

/** What goes on without anybody asking. */
@Injectable()
class ProductBackground {
  constructor(readonly screenings: Screenings, readonly products: ScreenProducts, readonly tests: PlatformTests, readonly papers: LapsePapers, readonly rulebooks: GateRulebooks, readonly interest: CountInterest) {}
}
import { ProductPrices } from './product-prices.facade.js';
import { ProductPricesRepository } from './storage/product-prices.repository.js';

@Module({
  imports: [TypeOrmModule.forFeature(catalogEntities), AuditModule, IdentityModule, ComplianceModule],
  controllers: [CertificateController],
  providers: [
    GateRulebookRepository, ListingCertificateRepository, GateRulebooks, GateDuties, ListingObstacles, CertificateBook, CertificateJudgement, ChangeCertificate, VerifyCertificate, LapsePapers, ChangeRulebook, RulebookDesk,
    RulebookResolver, CertificateResolver, AnnouncementRepository, FunnelRepository, Announce, CountInterest, MarketDesk, MarketResolver, SubmissionRules, { provide: ScenarioPacks, useFactory: () => ScenarioPacks.load() },
    ProductPrices, ProductPricesRepository,
    Catalog, AuthoringDesk, GateDesk, ProductRepository, DatasetRepository, HoldingsRepository, PassGate, ClassificationGate, ScreenedProductRepository, ScreenProducts, ProductBackground, ProductStanding, CounterDesk,
    { provide: Vocabularies, useFactory: () => Vocabularies.load() }, ContentRules, UpdateProduct, UpdateDataset, RemoveFromDraft, ContentDesk, ContentResolver, ProductTextsResolver, MetadataTextsResolver, DatasetTextsResolver, ColumnTextsResolver,
    CreateProduct, AddDataset, CreateRevision, AddAsset, MarkAssetStored, FinaliseRevision, ClassifyDataset,
    ReleaseRevisions, RecordRevisionTest, RevokeRevision, RevisionDesk, PlatformTests, RevisionResolver, DatasetRevisionsResolver,
    SubmitProduct, RecordPlatformTest, FileOpinion, RecordOpinion, TakeOpinion, TakeObjection, ProductAtCounter, ReviewProduct, CertifyProduct, ChangeAvailability,
    CatalogProfiles, ProfileRepository, RecordProfile, AnnounceChange, MatchDictionary, ProfileResolver,
    ...discoveryProviders, ...dataRequestProviders, ...statisticsProviders, ...dataServiceProviders,
    AuthoringResolver, GateResolver, ProductResolver,
  ],
  exports: [Catalog, CatalogProfiles, DataServices, ExchangeTrades, ProductPrices],
})
export class CatalogModule implements OnModuleInit {
  constructor(
    private readonly subscriptions: Subscriptions, private readonly sweeps: Sweeps, private readonly products: ProductRepository, private readonly counter: CounterDesk,
    private readonly classifications: ClassificationGate, private readonly background: ProductBackground,
  ) {}

  async onModuleInit(): Promise<void> {
    await asSystem(() => this.background.rulebooks.load());
    this.sweeps.add({ name: 'catalog.count-interest', everyMs: 5_000, run: () => this.background.interest.flush() });
    this.sweeps.add({ name: 'catalog.lapse-papers', everyMs: 10_000, run: () => this.background.papers.execute() });
    this.sweeps.add({ name: 'catalog.screen-products', everyMs: 500, run: () => this.background.screenings.work('PRODUCTS', this.background.products) });
    this.subscriptions.on(OrganisationChanged, 'catalog.vendor-card', async (tx, { payload }) => {
      await this.products.renameVendor(tx, { id: payload.organisationId, name: payload.legalName, jurisdiction: payload.jurisdiction, state: payload.state });
    });
    this.subscriptions.on(OpinionDelivered, 'catalog.opinion', (tx, { requestId, payload }) => this.counter.opinions.execute(tx, requestId, payload));
    this.subscriptions.on(ObjectionDecided, 'catalog.objection', async (tx, { requestId, payload: { caseId, subjectType, subjectId, upheld, reason } }) => {
      if (upheld && subjectType === 'product') await this.counter.objections.execute(tx, requestId, { caseId, productId: subjectId, reason });
    });
    this.counter.compliance.counter.registerSubject('product', (_, request) => this.counter.products.check(request));
    this.subscriptions.on(ClassificationChecked, 'catalog.release-revisions', (tx, { requestId, payload }) => this.background.tests.revision.decided(tx, systemCaller('classification-check', requestId), payload.datasetId, payload.accepted));
    // A proposal that comes after a product was handed in.
    this.subscriptions.on(ClassificationProposed, 'catalog.classification-check', async (tx, { payload }) => {
      const product = await this.products.lock(tx, payload.productId);
      if (product && product.state !== 'DRAFT' && product.state !== 'SUBMITTED' && product.state !== 'WITHDRAWN') await this.classifications.open(tx, systemCaller('classification-check'), product);
    });
  }
}
