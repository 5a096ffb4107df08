import { Injectable } from '@nestjs/common';
import { Identity } from '#identity';
import { type Caller, Clock, invalid, notFound, type Result, type Tx } from '#shared';
import { CATALOG_ERRORS } from '../catalog.errors.js';
import { GATE_RULEBOOK } from '../domain/listing-gate.js';
import { type Product, ProductRepository } from '../storage/product.repository.js';
import { PassGate } from './pass-gate.js';

export interface FiledOpinion {
  readonly productId: string;
  readonly assessorId: string;
  readonly favourable: boolean;
  readonly scope: string;
  /** Of the signed opinion, lower-case hex. */
  readonly documentSha256: string;
  readonly validUntil: Date;
}

/** The opinion of an accredited assessor becomes a step of the gate, whichever way it came. */
@Injectable()
export class FileOpinion {
  constructor(private readonly products: ProductRepository, private readonly gate: PassGate, private readonly identity: Identity, private readonly clock: Clock) {}

  async execute(tx: Tx, caller: Caller, input: FiledOpinion): Promise<Result<Product>> {
    const now = this.clock.now();
    if (input.validUntil <= now || input.validUntil.getTime() > now.getTime() + GATE_RULEBOOK.opinionMaxDays * 86_400_000) return invalid(CATALOG_ERRORS.VALIDITY, 'validUntil', `in the future and at most ${GATE_RULEBOOK.opinionMaxDays} days ahead`);
    const assessor = await this.identity.byId(input.assessorId);
    if (assessor?.kind !== 'ASSESSOR' || assessor.state !== 'VERIFIED') return invalid(CATALOG_ERRORS.ASSESSOR, 'assessorId', 'a verified organisation of the kind ASSESSOR');
    const product = await this.products.lock(tx, input.productId);
    if (!product) return notFound('product');
    if (product.vendorId === input.assessorId) return invalid(CATALOG_ERRORS.ASSESSOR, 'assessorId', 'not the vendor himself');
    const { favourable, assessorId, scope, documentSha256, validUntil } = input;
    return this.gate.record(tx, caller, product, {
      step: 'OPINION', event: favourable ? 'opine' : 'object', passed: favourable, validUntil, details: { assessorId, assessor: assessor.legalName, scope, documentSha256, validUntil },
      change: favourable ? { opinionValidUntil: validUntil } : {},
    });
  }
}
