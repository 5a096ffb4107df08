import { Injectable } from '@nestjs/common';
import type { KnownSubject, SubjectRequest } from '#compliance';
import { asSystem, notFound, type Refusal, stateConflict } from '#shared';
import { CATALOG_ERRORS } from '../catalog.errors.js';
import { ProductRepository } from '../storage/product.repository.js';

/** Who may bring a product to the service counter: its vendor, and while it is on public notice whoever objects. */
@Injectable()
export class ProductAtCounter {
  constructor(private readonly products: ProductRepository) {}

  async check({ kind, subjectId, applicantId }: SubjectRequest): Promise<Refusal | KnownSubject> {
    // A product on notice is not listed yet, so that its objectors do not see the row.
    const product = (await asSystem(() => this.products.byIds([subjectId]))).get(subjectId);
    const own = product?.vendorId === applicantId;
    if (!product || product.state === 'WITHDRAWN' || (kind === 'OBJECTION' ? own || product.state !== 'ON_NOTICE' : !own)) return notFound('product');
    if (kind === 'OPINION_ORDER' && !['SUBMITTED', 'TESTED', 'LISTED', 'SUSPENDED'].includes(product.state)) return stateConflict(CATALOG_ERRORS.NOT_SUBMITTED, 'an opinion is ordered on a product that was submitted and has none yet, or on one that is listed, to renew it', product.state);
    return { scope: own ? { productIds: [product.id] } : {} };
  }
}
