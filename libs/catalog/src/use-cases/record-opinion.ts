import { Injectable } from '@nestjs/common';
import { type Actor, authorise } from '#identity';
import { Commands, type Result } from '#shared';
import { type Product, ProductRepository } from '../storage/product.repository.js';
import { type FiledOpinion, FileOpinion } from './file-opinion.js';
import { GateDuties } from './gate/gate-duties.js';

/** A compliance officer files the signed opinion of an accredited assessor, which came on paper. */
@Injectable()
export class RecordOpinion {
  constructor(private readonly commands: Commands, private readonly products: ProductRepository, private readonly duties: GateDuties, private readonly filing: FileOpinion) {}

  async execute(actor: Actor, input: FiledOpinion): Promise<Result<Product>> {
    const refusal = authorise(actor, 'catalog:opine');
    if (refusal) return refusal;
    return this.commands.run<Result<Product>>(actor, 'catalog.record-opinion', input, async (tx) => {
      const product = await this.products.lock(tx, input.productId);
      const against = product && (await this.duties.refusal(tx, actor, product, 'OPINION'));
      return against ?? this.filing.execute(tx, actor, input);
    });
  }
}
