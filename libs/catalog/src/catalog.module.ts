import { Module, type OnModuleInit } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from '#audit';
import { ComplianceModule, Screenings } from '#compliance';
import { IdentityModule, OrganisationChanged } from '#identity';
import { Subscriptions, Sweeps } from '#shared';
import { AuthoringResolver } from './api/authoring.resolver.js';
import { GateResolver } from './api/gate.resolver.js';
import { ProductResolver } from './api/product.resolver.js';
import { Catalog } from './catalog.facade.js';
import { catalogEntities } from './storage/catalog.entities.js';
import { DatasetRepository } from './storage/dataset.repository.js';
import { ProductRepository } from './storage/product.repository.js';
import { ScreenedProductRepository } from './storage/screened-product.repository.js';
import { AddAsset } from './use-cases/add-asset.js';
import { AddDataset } from './use-cases/add-dataset.js';
import { CertifyProduct } from './use-cases/certify-product.js';
import { ChangeAvailability } from './use-cases/change-availability.js';
import { ClassifyDataset } from './use-cases/classify-dataset.js';
import { CreateProduct } from './use-cases/create-product.js';
import { CreateRevision } from './use-cases/create-revision.js';
import { AuthoringDesk, GateDesk } from './use-cases/desks.js';
import { FinaliseRevision } from './use-cases/finalise-revision.js';
import { MarkAssetStored } from './use-cases/mark-asset-stored.js';
import { PassGate } from './use-cases/pass-gate.js';
import { RecordOpinion } from './use-cases/record-opinion.js';
import { RecordPlatformTest } from './use-cases/record-platform-test.js';
import { ReviewProduct } from './use-cases/review-product.js';
import { ScreenProducts } from './use-cases/screen-products.js';
import { SubmitProduct } from './use-cases/submit-product.js';

@Module({
  imports: [TypeOrmModule.forFeature(catalogEntities), AuditModule, IdentityModule, ComplianceModule],
  providers: [
    Catalog, AuthoringDesk, GateDesk, ProductRepository, DatasetRepository, PassGate, ScreenedProductRepository, ScreenProducts,
    CreateProduct, AddDataset, CreateRevision, AddAsset, MarkAssetStored, FinaliseRevision, ClassifyDataset,
    SubmitProduct, RecordPlatformTest, RecordOpinion, ReviewProduct, CertifyProduct, ChangeAvailability,
    AuthoringResolver, GateResolver, ProductResolver,
  ],
  exports: [Catalog],
})
export class CatalogModule implements OnModuleInit {
  constructor(
    private readonly subscriptions: Subscriptions, private readonly products: ProductRepository, private readonly sweeps: Sweeps,
    private readonly screenings: Screenings, private readonly screening: ScreenProducts,
  ) {}

  onModuleInit(): void {
    this.sweeps.add({ name: 'catalog.screen-products', everyMs: 500, run: () => this.screenings.work('PRODUCTS', this.screening) });
    this.subscriptions.on(OrganisationChanged, 'catalog.vendor-card', async (tx, { payload }) => {
      await this.products.renameVendor(tx, { id: payload.organisationId, name: payload.legalName, jurisdiction: payload.jurisdiction, state: payload.state });
    });
  }
}
