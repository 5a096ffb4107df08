import { Injectable } from '@nestjs/common';
import { type Actor, authorise, secondPersonDiffers } from '#identity';
import { Clock, Commands, Config, isRefused, notFound, type Result, stateConflict } from '#shared';
import { CATALOG_ERRORS } from '../catalog.errors.js';
import { type Product, ProductRepository } from '../storage/product.repository.js';
import { ClassificationGate } from './classification-gate.js';
import { PassGate } from './pass-gate.js';

export interface ReviewProductInput {
  readonly productId: string;
  readonly approve: boolean;
  readonly reason: string;
}

/** The exchange's reviewer, who is not the one that filed the opinion. Approval opens the public notice. */
@Injectable()
export class ReviewProduct {
  constructor(
    private readonly commands: Commands, private readonly products: ProductRepository, private readonly gate: PassGate, private readonly classifications: ClassificationGate,
    private readonly clock: Clock, private readonly config: Config,
  ) {}

  async execute(actor: Actor, input: ReviewProductInput): Promise<Result<Product>> {
    const refusal = authorise(actor, 'catalog:review');
    if (refusal) return refusal;
    return this.commands.run<Result<Product>>(actor, 'catalog.review-product', input, async (tx) => {
      const product = await this.products.lock(tx, input.productId);
      if (!product) return notFound('product');
      const first = await this.products.recordedBy(tx, product.id, product.submission, 'OPINION');
      if (!secondPersonDiffers('catalog:opine', 'catalog:review', { first, second: actor.subject })) return stateConflict(CATALOG_ERRORS.FOUR_EYES, 'whoever filed the opinion does not review', product.state);
      const unsettled = input.approve && product.state === 'OPINED' ? await this.classifications.unsettled(tx, product.id) : null;
      if (unsettled) return stateConflict(CATALOG_ERRORS.CLASSIFICATION_OPEN, unsettled, product.state);
      const reviewed = await this.gate.record(tx, actor, product, { step: 'REVIEW', event: input.approve ? 'approve' : 'reject', passed: input.approve, reason: input.reason, details: {} });
      if (isRefused(reviewed) || !input.approve) return reviewed;
      const noticeEndsAt = new Date(this.clock.now().getTime() + this.config.noticeSeconds * 1000);
      return this.gate.record(tx, actor, reviewed, { step: 'NOTICE', event: 'open-notice', passed: true, details: { endsAt: noticeEndsAt }, validUntil: noticeEndsAt, change: { noticeEndsAt } });
    });
  }
}
