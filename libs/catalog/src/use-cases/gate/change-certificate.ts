import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type Act, type Actor, authorise } from '#identity';
import { accepted, Commands, invalid, isRefused, notFound, type Result, stateConflict, type Tx } from '#shared';
import { CATALOG_ERRORS } from '../../catalog.errors.js';
import { ProductAvailabilityChanged } from '../../catalog.events.js';
import type { ListingCertificate } from '../../domain/gate/certificate.js';
import { listingGate } from '../../domain/listing-gate.js';
import { type Product, ProductRepository } from '../../storage/product.repository.js';
import { PassGate } from '../pass-gate.js';
import { CertificateBook, type CertificateChange } from './certificate-book.js';
import { CertificateJudgement } from './certificate-judgement.js';

export interface ChangeCertificateInput {
  readonly productId: string;
  readonly reason: string;
  /** Of a transfer: a verified organisation. */
  readonly toOrganisationId?: string;
}
type Change = 'renew' | 'transfer' | 'cancel' | 'revoke';
const RULES: Record<Change, { readonly act: Act; readonly byVendor: boolean }> = {
  renew: { act: 'catalog:certify', byVendor: false }, transfer: { act: 'catalog:certify', byVendor: false }, revoke: { act: 'catalog:certify', byVendor: false }, cancel: { act: 'catalog:manage', byVendor: true },
};

/** The life of a listing certificate after its issue. Without one in force its product is not sold: it is suspended in the same transaction. */
@Injectable()
export class ChangeCertificate {
  constructor(
    private readonly commands: Commands, private readonly products: ProductRepository, private readonly book: CertificateBook, private readonly judgement: CertificateJudgement,
    private readonly gate: PassGate, private readonly audit: Audit,
  ) {}

  async execute(actor: Actor, change: Change, input: ChangeCertificateInput): Promise<Result<Product>> {
    const { act, byVendor } = RULES[change];
    const refusal = authorise(actor, act);
    if (refusal) return refusal;
    return this.commands.run<Result<Product>>(actor, `catalog.${change}-listing-certificate`, input, async (tx) => {
      const product = await this.products.lock(tx, input.productId);
      if (!product || (byVendor && product.vendorId !== actor.tenantId)) return notFound('product');
      if (product.certificateNumber === null || !['CERTIFIED', 'LISTED', 'SUSPENDED'].includes(product.state)) return stateConflict(CATALOG_ERRORS.CERTIFICATE, 'the product has no certificate', product.state);
      const against = byVendor ? undefined : await this.judgement.refusal(tx, actor, product, change === 'renew');
      if (against) return against;
      const to = await this.wanted(tx, product, change, input);
      if (isRefused(to)) return to;
      const changed = await this.book.change(tx, actor, product.certificateNumber, product.id, to as CertificateChange);
      if (isRefused(changed)) return changed;
      return change === 'renew' ? this.renewed(tx, actor, product, changed as ListingCertificate, input.reason) : this.ended(tx, actor, product, change, input.reason);
    });
  }

  private async wanted(tx: Tx, product: Product, change: Change, { reason, toOrganisationId }: ChangeCertificateInput): Promise<Result<CertificateChange>> {
    if (change === 'renew') return { act: 'change', reason, to: { validUntil: this.book.inDays(await this.judgement.days(tx, product)), productTitle: product.title } };
    if (change !== 'transfer') return { act: change, reason, to: { validUntil: this.book.inDays(0) } };
    const holder = toOrganisationId === product.vendorId ? null : await this.judgement.trader(toOrganisationId!);
    if (!holder) return invalid(CATALOG_ERRORS.CERTIFICATE, 'toOrganisationId', 'another verified organisation that trades');
    return { act: 'transfer', reason, to: { productId: null, holderId: holder.id, holderName: holder.legalName } };
  }

  private renewed(tx: Tx, actor: Actor, product: Product, { validUntil }: ListingCertificate, reason: string): Promise<Product> {
    return this.gate.renew(tx, actor, product, { step: 'CERTIFICATE', passed: true, reason, validUntil, details: {}, change: { certificateValidUntil: validUntil } });
  }

  private async ended(tx: Tx, actor: Actor, product: Product, change: Change, reason: string): Promise<Product> {
    const { id, vendorId, state } = product;
    const ended = { certificateValidUntil: this.book.inDays(0) };
    if (state !== 'LISTED') {
      await this.products.update(tx, id, ended);
      return { ...product, ...ended };
    }
    const why = `its certificate ended (${change}): ${reason}`.slice(0, 5_000);
    const to = accepted(await this.audit.transition(tx, actor, {
      table: listingGate, state, event: 'suspend', objectType: 'product', objectId: id, tenantId: vendorId, reason: why,
      announce: { type: ProductAvailabilityChanged, payload: { productId: id, vendorId, listed: false, cause: 'STAFF', reason: why } },
    }));
    const suspended = { ...ended, state: to, suspendedBy: 'STAFF' as const, suspensionReason: why };
    await this.products.update(tx, id, suspended);
    return { ...product, ...suspended };
  }
}
