import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { Catalog } from '#catalog';
import type { Decision } from '#compliance';
import type { Signatory } from '#identity';
import { type Caller, Clock, money, newId, Outbox, type Tx } from '#shared';
import { AgreementConcluded } from '../contracts.events.js';
import { agreementDocument, agreementHash } from '../domain/agreement-document.js';
import { type Agreement, ContractsRepository, type Offer } from '../storage/contracts.repository.js';
import type { TransferSides } from './transfer-facts.js';

interface Conclusion {
  readonly agreementId: string;
  readonly offer: Offer;
  readonly sides: TransferSides;
  readonly decision: Decision;
  readonly signatories: readonly Signatory[];
  readonly input: { readonly purpose: string; readonly destination: string };
}

/** Freezes the agreement, opens its licence and tells the others. */
@Injectable()
export class ConcludeAgreement {
  constructor(private readonly contracts: ContractsRepository, private readonly catalog: Catalog, private readonly audit: Audit, private readonly outbox: Outbox, private readonly clock: Clock) {}

  async conclude(tx: Tx, caller: Caller, { agreementId, offer, sides, decision, signatories, input }: Conclusion): Promise<Agreement> {
    const concludedAt = this.clock.now();
    const assets = await this.catalog.assetsOfProduct(offer.productId);
    const revisions = sides.product.datasets.map((d) => ({ datasetId: d.id, assets: assets.filter((a) => a.datasetId === d.id).map((a) => ({ fileName: a.fileName, sha256: a.sha256 })) }));
    const document = agreementDocument({ agreementId, offer, product: sides.product, revisions, vendor: sides.vendor, buyer: sides.buyer, purpose: input.purpose, destination: input.destination, decision, signatories, concludedAt });
    const agreement: Agreement = {
      id: agreementId, offerId: offer.id, productId: offer.productId, vendorId: offer.vendorId, buyerId: sides.buyer.id, decisionId: decision.id, document, hash: agreementHash(document),
      currency: offer.currency, oneOffPrice: money(offer.oneOffPriceMinor, offer.currency), perDownloadPrice: offer.perDownloadPrice, purpose: input.purpose, destination: input.destination, concludedAt,
    };
    const licenceId = newId();
    await this.contracts.insertAgreement(tx, agreement, {
      id: licenceId, agreementId, productId: offer.productId, vendorId: offer.vendorId, buyerId: sides.buyer.id, state: 'PENDING', days: offer.licenceDays, validFrom: null, validUntil: null, stateReason: null, createdAt: concludedAt,
    });
    await this.audit.append(tx, caller, { act: 'agreement.conclude', objectType: 'agreement', objectId: agreementId, tenantId: sides.buyer.id, details: { hash: agreement.hash, offerId: offer.id, decisionId: decision.id, licenceId, signatories: signatories.map((s) => s.memberId) } });
    const { vendorId, buyerId, productId, currency, perDownloadPrice } = agreement;
    await this.outbox.publish(tx, caller, AgreementConcluded, agreementId, { agreementId, licenceId, productId, vendorId, buyerId, decisionId: decision.id, currency, oneOffPriceMinor: offer.oneOffPriceMinor, perDownloadPrice });
    return agreement;
  }
}
