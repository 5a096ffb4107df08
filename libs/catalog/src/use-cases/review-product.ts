import { Injectable } from '@nestjs/common';
import { type Actor, authorise, secondPersonDiffers } from '#identity';
import { Commands, notFound, type Result, stateConflict } from '#shared';
import { CATALOG_ERRORS } from '../catalog.errors.js';
import { type Product, ProductRepository } from '../storage/product.repository.js';
import { ClassificationGate } from './classification-gate.js';
import { GateDuties } from './gate/gate-duties.js';
import { PassGate } from './pass-gate.js';

export interface ReviewProductInput {
  readonly productId: string;
  readonly approve: boolean;
  readonly reason: string;
}

/** The exchange's reviewer, who is neither the one that filed the opinion nor of the vendor's house. Approval opens the public notice. */
@Injectable()
export class ReviewProduct {
  constructor(
    private readonly commands: Commands, private readonly products: ProductRepository, private readonly gate: PassGate, private readonly classifications: ClassificationGate, private readonly duties: GateDuties,
  ) {}

  async execute(actor: Actor, input: ReviewProductInput): Promise<Result<Product>> {
    const refusal = authorise(actor, 'catalog:review');
    if (refusal) return refusal;
    return this.commands.run<Result<Product>>(actor, 'catalog.review-product', input, async (tx) => {
      const product = await this.products.lock(tx, input.productId);
      if (!product) return notFound('product');
      const first = await this.products.recordedBy(tx, product.id, product.submission, 'OPINION');
      if (!secondPersonDiffers('catalog:opine', 'catalog:review', { first, second: actor.subject })) return stateConflict(CATALOG_ERRORS.FOUR_EYES, 'whoever filed the opinion does not review', product.state);
      const against = await this.duties.refusal(tx, actor, product, 'REVIEW');
      if (against) return against;
      const unsettled = input.approve && product.state === 'OPINED' ? await this.classifications.unsettled(tx, product.id) : null;
      if (unsettled) return stateConflict(CATALOG_ERRORS.CLASSIFICATION_OPEN, unsettled, product.state);
      return this.gate.record(tx, actor, product, { step: 'REVIEW', event: input.approve ? 'approve' : 'reject', passed: input.approve, reason: input.reason, details: {} });
    });
  }
}
