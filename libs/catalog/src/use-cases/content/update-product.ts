import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type Actor, authorise } from '#identity';
import { Commands, type Result } from '#shared';
import { columnsOf, contentOf, editContent } from '../../domain/content/edit-content.js';
import type { ProductContent } from '../../domain/content/product-content.js';
import { type Product, ProductRepository } from '../../storage/product.repository.js';
import { ownDraft } from '../own-draft.js';
import { ContentRules, type ExporterDeclaration } from './content-rules.js';

export interface UpdateProductInput extends Partial<ExporterDeclaration> {
  readonly productId: string;
  /** What is left out stays; what is null is taken away. */
  readonly content: Partial<ProductContent>;
}

/** A draft says other things of itself. What was handed in is not edited: what was tested is what is listed. */
@Injectable()
export class UpdateProduct {
  constructor(private readonly commands: Commands, private readonly products: ProductRepository, private readonly rules: ContentRules, private readonly audit: Audit) {}

  async execute(actor: Actor, input: UpdateProductInput): Promise<Result<Product>> {
    const refusal = authorise(actor, 'catalog:manage');
    if (refusal) return refusal;
    return this.commands.run<Result<Product>>(actor, 'catalog.update-product', input, async (tx) => {
      const product = await ownDraft(tx, this.products, actor, input.productId);
      if ('refused' in product) return product;
      const content = editContent(contentOf(product), this.rules.pinned(input.content, product.scenario));
      const exporter: ExporterDeclaration = {
        exporterIsCIIO: input.exporterIsCIIO ?? product.exporterIsCIIO, exporterHasPRCEntity: input.exporterHasPRCEntity ?? product.exporterHasPRCEntity,
        exporterZone: input.exporterZone === undefined ? product.exporterZone : input.exporterZone, exporterInGBA: input.exporterInGBA ?? product.exporterInGBA,
      };
      const wrong = this.rules.refusal(content) ?? (await this.rules.unrelated(tx, product.vendorId, content, product.id)) ?? (await this.rules.exporterProblem(product.vendorId, exporter));
      if (wrong) return wrong;
      const edited = { ...product, ...columnsOf(content), ...exporter };
      await this.products.describe(tx, edited);
      await this.audit.append(tx, actor, { act: 'product.update', objectType: 'product', objectId: product.id, details: { ...input } });
      return edited;
    });
  }
}
