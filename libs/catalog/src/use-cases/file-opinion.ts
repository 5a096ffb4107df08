import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { Identity, type Organisation } from '#identity';
import { accepted, type Caller, Clock, type InvalidInput, invalid, notFound, type Result, stateConflict, type Tx } from '#shared';
import { CATALOG_ERRORS } from '../catalog.errors.js';
import { ProductAvailabilityChanged } from '../catalog.events.js';
import { listingGate } from '../domain/listing-gate.js';
import { type Product, ProductRepository } from '../storage/product.repository.js';
import { GateDuties } from './gate/gate-duties.js';
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

/** The opinion of an accredited assessor becomes a step of the gate, whichever way it came; of a product that is listed it takes the place of the one before. */
@Injectable()
export class FileOpinion {
  constructor(
    private readonly products: ProductRepository, private readonly gate: PassGate, private readonly duties: GateDuties, private readonly identity: Identity,
    private readonly audit: Audit, private readonly clock: Clock,
  ) {}

  async execute(tx: Tx, caller: Caller, input: FiledOpinion): Promise<Result<Product>> {
    const product = await this.products.lock(tx, input.productId);
    if (!product) return notFound('product');
    const assessor = await this.identity.byId(input.assessorId);
    const wrong = this.problem(input, product, assessor, (await this.duties.rule(tx, product, 'OPINION')).days!);
    if (wrong) return wrong;
    const { favourable, assessorId, scope, documentSha256, validUntil } = input;
    const finding = { step: 'OPINION' as const, passed: favourable, validUntil, details: { assessorId, assessor: assessor!.legalName, scope, documentSha256, validUntil }, change: favourable ? { opinionValidUntil: validUntil } : {} };
    if (product.state !== 'LISTED' && product.state !== 'SUSPENDED') return this.gate.record(tx, caller, product, { ...finding, event: favourable ? 'opine' : 'object' });
    if (!product.demandedSteps.includes('OPINION')) return stateConflict(CATALOG_ERRORS.GATE, 'no opinion is demanded of this product', product.state);
    const renewed = await this.gate.renew(tx, caller, product, finding);
    return favourable || product.state === 'SUSPENDED' ? renewed : this.suspend(tx, caller, renewed, `the renewed opinion of ${assessor!.legalName} is not favourable`);
  }

  private problem(input: FiledOpinion, product: Product, assessor: Organisation | null, days: number): InvalidInput | undefined {
    const now = this.clock.now();
    if (input.validUntil <= now || input.validUntil.getTime() > now.getTime() + days * 86_400_000) return invalid(CATALOG_ERRORS.VALIDITY, 'validUntil', `in the future and at most ${days} days ahead`);
    if (assessor?.kind !== 'ASSESSOR' || assessor.state !== 'VERIFIED') return invalid(CATALOG_ERRORS.ASSESSOR, 'assessorId', 'a verified organisation of the kind ASSESSOR');
    return product.vendorId === input.assessorId ? invalid(CATALOG_ERRORS.ASSESSOR, 'assessorId', 'not the vendor himself') : undefined;
  }

  private async suspend(tx: Tx, caller: Caller, product: Product, reason: string): Promise<Product> {
    const { id, vendorId, state } = product;
    const to = accepted(await this.audit.transition(tx, caller, {
      table: listingGate, state, event: 'suspend', objectType: 'product', objectId: id, tenantId: vendorId, reason, announce: { type: ProductAvailabilityChanged, payload: { productId: id, vendorId, listed: false, cause: 'STAFF', reason } },
    }));
    const change = { state: to, suspendedBy: 'STAFF' as const, suspensionReason: reason };
    await this.products.update(tx, id, change);
    return { ...product, ...change };
  }
}
