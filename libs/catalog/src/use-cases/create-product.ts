import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type Actor, authorise, Identity, organisationOf } from '#identity';
import { Clock, Commands, invalid, newId, type Result } from '#shared';
import { CATALOG_ERRORS } from '../catalog.errors.js';
import { type Product, ProductRepository } from '../storage/product.repository.js';

export interface CreateProductInput {
  readonly title: string;
  readonly description: string;
  readonly themes: readonly string[];
  /** Whether the vendor operates critical information infrastructure (CSL Art. 33): his declaration. */
  readonly exporterIsCIIO: boolean;
  /** Whether he has an entity in mainland China that can file. */
  readonly exporterHasPRCEntity: boolean;
  /** The free-trade zone that he is registered in: `lingang`. */
  readonly exporterZone?: string | null;
  /** Whether he is in one of the nine mainland cities of the Greater Bay Area. */
  readonly exporterInGBA?: boolean | null;
}

/** A vendor opens a draft. */
@Injectable()
export class CreateProduct {
  constructor(private readonly commands: Commands, private readonly products: ProductRepository, private readonly identity: Identity, private readonly audit: Audit, private readonly clock: Clock) {}

  async execute(actor: Actor, input: CreateProductInput): Promise<Result<Product>> {
    const refusal = authorise(actor, 'catalog:manage');
    if (refusal) return refusal;
    const vendor = (await this.identity.byId(organisationOf(actor)))!;
    if (input.exporterZone && vendor.subdivision !== 'CN-SH') return invalid(CATALOG_ERRORS.EXPORTER, 'exporterZone', 'a zone of the place where the organisation is registered');
    if (input.exporterInGBA && vendor.subdivision !== 'CN-GD') return invalid(CATALOG_ERRORS.EXPORTER, 'exporterInGBA', 'the nine cities lie in CN-GD, where the organisation is not registered');
    const product: Product = {
      id: newId(), vendorId: vendor.id, vendorName: vendor.legalName, vendorJurisdiction: vendor.jurisdiction, vendorState: vendor.state,
      title: input.title.normalize('NFC'), description: input.description.normalize('NFC'), themes: [...input.themes], exporterIsCIIO: input.exporterIsCIIO, exporterHasPRCEntity: input.exporterHasPRCEntity,
      exporterZone: input.exporterZone ?? null, exporterInGBA: input.exporterInGBA ?? false,
      state: 'DRAFT', submission: 0, gateVersion: null, demandedSteps: [], completedSteps: [], opinionValidUntil: null, noticeEndsAt: null,
      certificateNumber: null, certificateValidUntil: null, listedAt: null, suspendedBy: null, suspensionReason: null, createdAt: this.clock.now(),
    };
    return this.commands.run<Result<Product>>(actor, 'catalog.create-product', input, async (tx) => {
      await this.products.insert(tx, product);
      await this.audit.append(tx, actor, { act: 'product.create', objectType: 'product', objectId: product.id, details: { ...input } });
      return product;
    });
  }
}
