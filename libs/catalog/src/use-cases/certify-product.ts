import { Injectable } from '@nestjs/common';
import { type Actor, authorise } from '#identity';
import { Commands, isRefused, notFound, type Result, stateConflict, type Tx } from '#shared';
import { CATALOG_ERRORS } from '../catalog.errors.js';
import { certificateNumber, type ListingCertificate, readCertificateNumber } from '../domain/gate/certificate.js';
import { listingGate } from '../domain/listing-gate.js';
import { type Product, ProductRepository } from '../storage/product.repository.js';
import { CertificateBook } from './gate/certificate-book.js';
import { GateDuties } from './gate/gate-duties.js';
import { ListingObstacles } from './gate/listing-obstacles.js';
import { PassGate } from './pass-gate.js';

export interface CertifyProductInput {
  readonly productId: string;
  /** A certificate that was transferred to the vendor, to go on with this product; null: a new one. */
  readonly number: string | null;
}

/** After the public notice the product gets its numbered listing certificate. */
@Injectable()
export class CertifyProduct {
  constructor(
    private readonly commands: Commands, private readonly products: ProductRepository, private readonly gate: PassGate, private readonly book: CertificateBook,
    private readonly obstacles: ListingObstacles, private readonly duties: GateDuties,
  ) {}

  async execute(actor: Actor, input: CertifyProductInput): Promise<Result<Product>> {
    const refusal = authorise(actor, 'catalog:certify');
    if (refusal) return refusal;
    return this.commands.run<Result<Product>>(actor, 'catalog.certify-product', input, async (tx) => {
      const product = await this.products.lock(tx, input.productId);
      if (!product) return notFound('product');
      if (listingGate.next(product.state, 'certify') === undefined) return stateConflict('product.not_possible', `certify is not possible in state ${product.state}`, product.state);
      const obstacle = (await this.duties.refusal(tx, actor, product, 'CERTIFICATE')) ?? (await this.obstacles.first(tx, product));
      if (obstacle) return obstacle;
      const certificate = await this.certificate(tx, actor, product, input.number);
      if (isRefused(certificate)) return certificate;
      const { number, validUntil } = certificate as ListingCertificate;
      return this.gate.record(tx, actor, product, {
        step: 'CERTIFICATE', event: 'certify', passed: true, validUntil, details: { certificateNumber: certificateNumber(number) }, change: { certificateNumber: number, certificateValidUntil: validUntil },
      });
    });
  }

  private async certificate(tx: Tx, actor: Actor, product: Product, wanted: string | null): Promise<Result<ListingCertificate>> {
    const { days } = await this.duties.rule(tx, product, 'CERTIFICATE');
    if (wanted === null) return this.book.issue(tx, actor, product, days!);
    const number = readCertificateNumber(wanted);
    const taken = number === null ? null : await this.book.takeOver(tx, actor, number, product, days!);
    return taken ?? stateConflict(CATALOG_ERRORS.CERTIFICATE, 'no certificate of this number was transferred to the vendor and waits for a product', product.state);
  }
}
