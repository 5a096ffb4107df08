import { Injectable } from '@nestjs/common';
import { Compliance } from '#compliance';
import { type Actor, authorise } from '#identity';
import { Clock, Commands, notFound, type Result, stateConflict } from '#shared';
import { CATALOG_ERRORS } from '../catalog.errors.js';
import { GATE_RULEBOOK } from '../domain/listing-gate.js';
import { type Product, ProductRepository } from '../storage/product.repository.js';
import { PassGate } from './pass-gate.js';

/** After the public notice the product gets its numbered listing certificate. */
@Injectable()
export class CertifyProduct {
  constructor(private readonly commands: Commands, private readonly products: ProductRepository, private readonly gate: PassGate, private readonly compliance: Compliance, private readonly clock: Clock) {}

  async execute(actor: Actor, input: { readonly productId: string }): Promise<Result<Product>> {
    const refusal = authorise(actor, 'catalog:certify');
    if (refusal) return refusal;
    return this.commands.run<Result<Product>>(actor, 'catalog.certify-product', input, async (tx) => {
      const product = await this.products.lock(tx, input.productId);
      if (!product) return notFound('product');
      const now = this.clock.now();
      if (product.state === 'ON_NOTICE' && product.noticeEndsAt! > now) return stateConflict(CATALOG_ERRORS.NOTICE_RUNNING, `the public notice runs until ${product.noticeEndsAt!.toISOString()}`, product.state);
      if (product.opinionValidUntil && product.opinionValidUntil <= now) return stateConflict(CATALOG_ERRORS.GATE, 'the opinion is not in force any more', product.state);
      const objections = (await this.compliance.counter.openFor(tx, 'product', product.id)).filter((c) => c.kind === 'OBJECTION').length;
      if (objections) return stateConflict(CATALOG_ERRORS.OBJECTED, `${objections} objections to the product are not decided on`, product.state);
      const certificateNumber = await this.products.nextCertificateNumber(tx);
      const certificateValidUntil = new Date(now.getTime() + GATE_RULEBOOK.certificateDays * 86_400_000);
      return this.gate.record(tx, actor, product, {
        step: 'CERTIFICATE', event: 'certify', passed: true, validUntil: certificateValidUntil, details: { certificateNumber: certificateNumber.toString() }, change: { certificateNumber, certificateValidUntil },
      });
    });
  }
}
