import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type Actor, authorise, Identity, organisationOf } from '#identity';
import { Clock, Commands, newId, type Result } from '#shared';
import { BARE, columnsOf, editContent } from '../domain/content/edit-content.js';
import type { ProductContent } from '../domain/content/product-content.js';
import { type Product, ProductRepository } from '../storage/product.repository.js';
import { ContentRules, type ExporterDeclaration } from './content/content-rules.js';

export interface CreateProductInput extends ExporterDeclaration {
  readonly content: Pick<ProductContent, 'title' | 'description' | 'themes'> & Partial<ProductContent>;
}

/** A vendor opens a draft. */
@Injectable()
export class CreateProduct {
  constructor(
    private readonly commands: Commands, private readonly products: ProductRepository, private readonly rules: ContentRules, private readonly identity: Identity,
    private readonly audit: Audit, private readonly clock: Clock,
  ) {}

  async execute(actor: Actor, input: CreateProductInput): Promise<Result<Product>> {
    const refusal = authorise(actor, 'catalog:manage');
    if (refusal) return refusal;
    const vendor = (await this.identity.byId(organisationOf(actor)))!;
    const content = editContent({ ...BARE, ...input.content }, this.rules.pinned(input.content, null));
    const wrong = this.rules.refusal(content) ?? (await this.rules.exporterProblem(vendor.id, input));
    if (wrong) return wrong;
    const { exporterIsCIIO, exporterHasPRCEntity, exporterZone, exporterInGBA } = input;
    const product: Product = {
      id: newId(), vendorId: vendor.id, vendorName: vendor.legalName, vendorJurisdiction: vendor.jurisdiction, vendorState: vendor.state,
      ...columnsOf(content), exporterIsCIIO, exporterHasPRCEntity, exporterZone, exporterInGBA,
      state: 'DRAFT', submission: 0, gateVersion: null, demandedSteps: [], completedSteps: [], opinionValidUntil: null, noticeEndsAt: null,
      certificateNumber: null, certificateValidUntil: null, listedAt: null, suspendedBy: null, suspensionReason: null, audience: 'PUBLIC', audienceIds: [], priceModels: [], createdAt: this.clock.now(),
    };
    return this.commands.run<Result<Product>>(actor, 'catalog.create-product', input, async (tx) => {
      const unrelated = await this.rules.unrelated(tx, vendor.id, content);
      if (unrelated) return unrelated;
      await this.products.insert(tx, product);
      await this.audit.append(tx, actor, { act: 'product.create', objectType: 'product', objectId: product.id, details: { ...input } });
      return product;
    });
  }
}
