import { Injectable } from '@nestjs/common';
import { type Actor, authorise, Identity } from '#identity';
import { Clock, Commands, invalid, notFound, type Result } from '#shared';
import { CATALOG_ERRORS } from '../catalog.errors.js';
import { GATE_RULEBOOK } from '../domain/listing-gate.js';
import { type Product, ProductRepository } from '../storage/product.repository.js';
import { PassGate } from './pass-gate.js';

export interface RecordOpinionInput {
  readonly productId: string;
  readonly assessorId: string;
  readonly favourable: boolean;
  readonly scope: string;
  /** Of the signed opinion, lower-case hex. */
  readonly documentSha256: string;
  readonly validUntil: Date;
}

/** A compliance officer files the signed opinion of an accredited assessor. */
@Injectable()
export class RecordOpinion {
  constructor(private readonly commands: Commands, private readonly products: ProductRepository, private readonly gate: PassGate, private readonly identity: Identity, private readonly clock: Clock) {}

  async execute(actor: Actor, input: RecordOpinionInput): Promise<Result<Product>> {
    const refusal = authorise(actor, 'catalog:opine');
    if (refusal) return refusal;
    return this.commands.run<Result<Product>>(actor, 'catalog.record-opinion', input, async (tx) => {
      const now = this.clock.now();
      if (input.validUntil <= now || input.validUntil.getTime() > now.getTime() + GATE_RULEBOOK.opinionMaxDays * 86_400_000) return invalid(CATALOG_ERRORS.VALIDITY, 'validUntil', `in the future and at most ${GATE_RULEBOOK.opinionMaxDays} days ahead`);
      const assessor = await this.identity.byId(input.assessorId);
      if (assessor?.kind !== 'ASSESSOR' || assessor.state !== 'VERIFIED') return invalid(CATALOG_ERRORS.ASSESSOR, 'assessorId', 'a verified organisation of the kind ASSESSOR');
      const product = await this.products.lock(tx, input.productId);
      if (!product) return notFound('product');
      if (product.vendorId === input.assessorId) return invalid(CATALOG_ERRORS.ASSESSOR, 'assessorId', 'not the vendor himself');
      const { favourable, assessorId, scope, documentSha256, validUntil } = input;
      return this.gate.record(tx, actor, product, {
        step: 'OPINION', event: favourable ? 'opine' : 'object', passed: favourable, validUntil, details: { assessorId, assessor: assessor.legalName, scope, documentSha256, validUntil },
        change: favourable ? { opinionValidUntil: validUntil } : {},
      });
    });
  }
}
