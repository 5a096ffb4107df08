import { Injectable, Module, type OnModuleInit } from '@nestjs/common';
import { AuditModule } from '#audit';
import { AssetsRemoved, CatalogModule, ProductSubmitted, RevisionFinalised } from '#catalog';
import { ComplianceModule } from '#compliance';
import { ContractsModule, SpendingCapSet } from '#contracts';
import { IdentityModule } from '#identity';
import { MeteringModule, UsageCounted, UsageRecorded } from '#metering';
import { Config, Subscriptions, Sweeps } from '#shared';
import { DeliveryResolver } from './api/delivery.resolver.js';
import { ReceiptExportsController } from './api/receipt-exports.controller.js';
import { QuotasResolver } from './api/quotas.resolver.js';
import { RegionsResolver } from './api/regions.resolver.js';
import { SpendingResolver } from './api/spending.resolver.js';
import { DownloadController } from './api/download.controller.js';
import { SendFile } from './api/send-file.js';
import { TusController } from './api/tus.controller.js';
import { TusProtocol } from './api/tus-protocol.js';
import { UploadController } from './api/upload.controller.js';
import { ApiBackground, apiProductProviders } from './api-products.providers.js';
import { ApiProxyController } from './api/calls/api-proxy.controller.js';
import { Delivery } from './delivery.facade.js';
import { Clamd } from './malware/clamd.js';
import { MalwareScan, NoScan } from './malware/malware-scan.port.js';
import { partProviders } from './parts.providers.js';
import { pushProviders } from './push.providers.js';
import { StorageRegions } from './object-storage/regions/storage-regions.js';
import { Staging } from './object-storage/staging.js';
import { DeliveryRepository } from './storage/delivery.repository.js';
import { receiptProviders } from './receipts.providers.js';
import { HeldBytesRepository } from './storage/held-bytes.repository.js';
import { HomeRegionRepository } from './storage/home-region.repository.js';
import { PlatformTestRepository } from './storage/platform-test.repository.js';
import { ProfileJobRepository } from './storage/profile-job.repository.js';
import { StoredObjectRepository } from './storage/stored-object.repository.js';
import { UploadRepository } from './storage/upload.repository.js';
import { ChargeDelivery } from './use-cases/charge-delivery.js';
import { ClearAbandoned } from './use-cases/clear-abandoned.js';
import { CountDelivery } from './use-cases/count-delivery.js';
import { EndResponse } from './use-cases/end-response.js';
import { channelProviders } from './channels.providers.js';
import { downloadProviders } from './downloads.providers.js';
import { ExpireDeliveries } from './use-cases/expire-deliveries.js';
import { FollowContests } from './use-cases/receipts/follow-contests.js';
import { HashStored } from './use-cases/hash-stored.js';
import { KeepContents } from './use-cases/profiling/keep-contents.js';
import { ProfileRevision } from './use-cases/profiling/profile-revision.js';
import { ReadRevision } from './use-cases/profiling/read-revision.js';
import { DownloadGround } from './use-cases/download-ground.js';
import { OpenDelivery } from './use-cases/open-delivery.js';
import { RequestDownload } from './use-cases/request-download.js';
import { ChooseHomeRegion } from './use-cases/regions/choose-home-region.js';
import { HomeRegions } from './use-cases/regions/home-regions.js';
import { ReadRegions } from './use-cases/regions/read-regions.js';
import { RegionsInUse } from './use-cases/regions/regions-in-use.js';
import { ReserveBytes } from './use-cases/reserve-bytes.js';
import { SpendingReader } from './use-cases/spending/read-spending.js';
import { QuotaLimit } from './use-cases/spending/quota-limit.js';
import { QuotaReader } from './use-cases/spending/read-quotas.js';
import { SpendingLimit } from './use-cases/spending/spending-limit.js';
import { StoreAsset } from './use-cases/store-asset.js';
import { StoredFiles } from './use-cases/stored-files.js';
import { TestSubmission } from './use-cases/test-submission.js';
import { BeginUpload } from './use-cases/uploads/begin-upload.js';
import { FinishUpload } from './use-cases/uploads/finish-upload.js';
import { HoldBytes } from './use-cases/uploads/hold-bytes.js';
import { ReceiveBytes } from './use-cases/uploads/receive-bytes.js';
import { Uploads } from './use-cases/uploads/uploads.js';

const MINUTE_MS = 60_000;

/** `host:port` as the configuration has checked it. */
function scannerOf({ CLAMD_ADDRESS: address }: Config): MalwareScan {
  if (address) return new Clamd(address.slice(0, address.lastIndexOf(':')), Number(address.slice(address.lastIndexOf(':') + 1)));
  return new NoScan();
}

/** What the background does for deliveries. */
@Injectable()
class DeliveryWork {
  constructor(readonly expiry: ExpireDeliveries, readonly spending: SpendingLimit, readonly uploads: Uploads, readonly calls: ApiBackground, readonly contests: FollowContests) {}
}

@Module({
  imports: [AuditModule, IdentityModule, ComplianceModule, CatalogModule, ContractsModule, MeteringModule],
  controllers: [UploadController, TusController, DownloadController, ReceiptExportsController, ApiProxyController],
  providers: [
    ...receiptProviders,
    Delivery, DeliveryResolver, SendFile, StorageRegions, RegionsResolver, HomeRegionRepository, HomeRegions, ChooseHomeRegion, ReadRegions, RegionsInUse, { provide: MalwareScan, useFactory: scannerOf, inject: [Config] }, Staging, HeldBytesRepository, UploadRepository, BeginUpload, FinishUpload, HoldBytes, ReceiveBytes, Uploads, TusProtocol, StoredObjectRepository, DeliveryRepository, PlatformTestRepository,
    StoreAsset, StoredFiles, ClearAbandoned, ProfileJobRepository, ProfileRevision, ReadRevision, KeepContents, HashStored, TestSubmission, RequestDownload, DownloadGround, OpenDelivery, SpendingLimit, SpendingReader, SpendingResolver, QuotaLimit, QuotaReader, QuotasResolver, DeliveryWork, ReserveBytes, CountDelivery, ChargeDelivery, EndResponse, ExpireDeliveries,
    ...downloadProviders, ...channelProviders,
    ...partProviders,
    ...apiProductProviders,
    ...pushProviders,
  ],
  exports: [Delivery],
})
export class DeliveryModule implements OnModuleInit {
  constructor(
    private readonly sweeps: Sweeps, private readonly subscriptions: Subscriptions, private readonly testing: TestSubmission,
    private readonly profiling: ProfileRevision, private readonly clearing: ClearAbandoned, private readonly work: DeliveryWork,
  ) {}

  onModuleInit(): void {
    this.subscriptions.on(RevisionFinalised, 'delivery.profile', async (tx, { payload }) => {
      await this.profiling.request(tx, payload);
      // Those of a draft are tested when it is handed in.
      if (payload.later) await this.testing.requestRevision(tx, payload.productId, payload.revisionId);
    });
    this.subscriptions.on(ProductSubmitted, 'delivery.platform-test', async (tx, { payload }) => {
      // The test comes after the reading: a submission is judged with its proposals at hand.
      await this.profiling.requestProduct(tx, payload.productId);
      await this.testing.request(tx, payload.productId, payload.submission);
    });
    // The month in which it was used, also where this comes after its turn.
    this.subscriptions.on(UsageRecorded, 'delivery.tell-spending', (tx, { payload }) => this.work.spending.tell(tx, payload.licenceId, payload.occurredAt));
    this.subscriptions.on(UsageCounted, 'delivery.tell-spending', async (tx, { payload: { licenceId, firstOccurredAt, lastOccurredAt } }) => {
      await this.work.spending.tell(tx, licenceId, lastOccurredAt);
      if (firstOccurredAt < lastOccurredAt) await this.work.spending.tell(tx, licenceId, firstOccurredAt);
    });
    this.subscriptions.on(SpendingCapSet, 'delivery.tell-spending', (tx, { payload }) => this.work.spending.tell(tx, payload.licenceId, payload.setAt));
    this.subscriptions.on(AssetsRemoved, 'delivery.clear-removed', (tx, { payload }) => this.clearing.abandon(tx, payload.assetIds));
    this.sweeps.add({ name: 'delivery.profile', everyMs: 200, run: () => this.profiling.execute(), stop: () => this.profiling.stop() });
    this.sweeps.add({ name: 'delivery.platform-test', everyMs: 200, run: () => this.testing.execute() });
    this.sweeps.add({ name: 'delivery.expire', everyMs: MINUTE_MS / 2, run: () => this.work.expiry.execute() });
    this.work.calls.start(this.sweeps);
    this.sweeps.add({ name: 'delivery.receipt-contests', everyMs: MINUTE_MS, run: () => this.work.contests.execute() });
    this.sweeps.add({ name: 'delivery.expire-uploads', everyMs: 10 * MINUTE_MS, run: () => this.work.uploads.expire() });
    this.sweeps.add({ name: 'delivery.clear-abandoned', everyMs: 10 * MINUTE_MS, run: () => this.clearing.execute() });
  }
}
