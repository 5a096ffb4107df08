import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type Caller, Clock, isRefused, type StateConflict, stateConflict, type Tx } from '#shared';
import { CATALOG_ERRORS } from '../../catalog.errors.js';
import { type CertificateAct, certificateNumber, certificateStates, type ListingCertificate } from '../../domain/gate/certificate.js';
import { ListingCertificateRepository } from '../../storage/listing-certificate.repository.js';
import type { Product } from '../../storage/product.repository.js';

export interface CertificateChange {
  readonly act: Exclude<CertificateAct, 'issue'>;
  readonly reason: string;
  readonly to?: Partial<Pick<ListingCertificate, 'productId' | 'productTitle' | 'holderId' | 'holderName' | 'gateVersion' | 'validUntil'>>;
}
const DAY_MS = 86_400_000;

/** The register of listing certificates: each change of one is a line of its life and of the log. */
@Injectable()
export class CertificateBook {
  constructor(private readonly certificates: ListingCertificateRepository, private readonly audit: Audit, private readonly clock: Clock) {}

  async issue(tx: Tx, caller: Caller, product: Product, days: number): Promise<ListingCertificate> {
    const certificate: ListingCertificate = {
      number: await this.certificates.next(tx), productId: product.id, productTitle: product.title, holderId: product.vendorId, holderName: product.vendorName, gateVersion: product.gateVersion!,
      state: 'ACTIVE', issuedAt: this.clock.now(), validUntil: this.inDays(days),
    };
    const { number, validUntil, issuedAt } = certificate;
    await this.certificates.insert(tx, certificate);
    await this.certificates.record(tx, certificate, 'issue', null, caller.subject, issuedAt);
    await this.audit.append(tx, caller, { act: 'listing-certificate.issue', objectType: 'listing-certificate', objectId: certificateNumber(number), tenantId: product.vendorId, details: { productId: product.id, validUntil } });
    return certificate;
  }

  /** A certificate that was transferred goes on with a product of its new holder. Null where there is none that waits. */
  async takeOver(tx: Tx, caller: Caller, number: bigint, product: Product, days: number): Promise<ListingCertificate | StateConflict | null> {
    const held = await this.certificates.lock(tx, number);
    if (!held || held.holderId !== product.vendorId || held.productId !== null) return null;
    return this.change(tx, caller, number, null, { act: 'change', reason: 'goes on with a product of its new holder', to: { productId: product.id, productTitle: product.title, gateVersion: product.gateVersion!, validUntil: this.inDays(days) } });
  }

  /** Refused where it has ended, or is not that of this product any more. */
  async change(tx: Tx, caller: Caller, number: bigint, productId: string | null, { act, reason, to = {} }: CertificateChange): Promise<ListingCertificate | StateConflict> {
    const held = (await this.certificates.lock(tx, number))!;
    if (held.productId !== productId) return stateConflict(CATALOG_ERRORS.CERTIFICATE, 'the certificate was transferred', held.state);
    const state = await this.audit.transition(tx, caller, {
      table: certificateStates, state: held.state, event: act, objectType: 'listing-certificate', objectId: certificateNumber(number), tenantId: held.holderId, reason, details: { productId: held.productId, ...to },
    });
    if (isRefused(state)) return state;
    const changed = { ...held, ...to, state };
    await this.certificates.update(tx, changed);
    await this.certificates.record(tx, changed, act, reason, caller.subject, this.clock.now());
    return changed;
  }

  /** Ends with its product, where it has not ended before. */
  async end(tx: Tx, caller: Caller, { certificateNumber: number, id }: Product, act: 'cancel' | 'revoke', reason: string): Promise<void> {
    const held = number === null ? null : await this.certificates.lock(tx, number);
    if (held?.state === 'ACTIVE' && held.productId === id) await this.change(tx, caller, held.number, id, { act, reason, to: { validUntil: this.clock.now() } });
  }

  inDays(days: number): Date {
    return new Date(this.clock.now().getTime() + days * DAY_MS);
  }
}
