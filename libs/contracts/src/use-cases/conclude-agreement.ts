import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { Catalog } from '#catalog';
import type { Decision } from '#compliance';
import type { Signatory } from '#identity';
import { type Caller, Clock, newId, Outbox, type Tx } from '#shared';
import { AgreementConcluded } from '../contracts.events.js';
import { agreementDocument, agreementHash, vendorSignatories } from '../domain/agreement-document.js';
import type { PricePlan } from '../domain/pricing/price-plan.js';
import { quote } from '../domain/pricing/quote.js';
import { type Agreement, ContractsRepository } from '../storage/contracts.repository.js';
import type { Offer } from '../storage/offer.repository.js';
import { TrialRepository } from '../storage/trial.repository.js';
import type { Predecessor } from './succession/find-predecessor.js';
import { HandOver } from './succession/hand-over.js';
import { FollowOrder } from './negotiations/follow-order.js';
import { PutSignatures } from './agreements/put-signatures.js';
import type { TransferSides } from './transfer-facts.js';

interface Conclusion {
  readonly agreementId: string;
  readonly offer: Offer;
  readonly plan: PricePlan;
  readonly sides: TransferSides;
  readonly decision: Decision;
  readonly signatories: readonly Signatory[];
  readonly predecessor: Predecessor | null;
  readonly input: { readonly purpose: string; readonly destination: string };
}

/** What is kept beside an agreement. */
@Injectable()
export class BesideAgreement {
  constructor(readonly trials: TrialRepository, readonly signatures: PutSignatures, readonly negotiations: FollowOrder, readonly handing: HandOver) {}
}

/** Freezes the agreement, opens its licence and tells the others. */
@Injectable()
export class ConcludeAgreement {
  constructor(private readonly contracts: ContractsRepository, private readonly aside: BesideAgreement, private readonly catalog: Catalog, private readonly audit: Audit, private readonly outbox: Outbox, private readonly clock: Clock) {}

  async conclude(tx: Tx, caller: Caller, { agreementId, offer, plan, sides, decision, signatories, input, predecessor }: Conclusion): Promise<Agreement> {
    const concludedAt = this.clock.now();
    const assets = await this.catalog.assetsOfProduct(offer.productId);
    const revisions = sides.product.datasets.map((d) => ({ datasetId: d.id, assets: assets.filter((a) => a.datasetId === d.id).map((a) => ({ fileName: a.fileName, sha256: a.sha256 })) }));
    const document = agreementDocument({ agreementId, offer, plan, product: sides.product, revisions, vendor: sides.vendor, buyer: sides.buyer, purpose: input.purpose, destination: input.destination, decision, signatories, predecessor, concludedAt });
    const agreement: Agreement = {
      id: agreementId, offerId: offer.id, productId: offer.productId, vendorId: offer.vendorId, buyerId: sides.buyer.id, decisionId: decision.id, document, hash: agreementHash(document),
      plan, terms: offer.terms, purpose: input.purpose, destination: input.destination, concludedAt,
    };
    const licenceId = newId();
    await this.contracts.insertAgreement(tx, agreement, {
      id: licenceId, agreementId, productId: offer.productId, vendorId: offer.vendorId, buyerId: sides.buyer.id, state: 'PENDING', duration: plan.duration, planId: plan.id, validFrom: null, validUntil: null, paidFrom: null, cancelledAt: null, firstDeliveredAt: null, stateReason: null, createdAt: concludedAt,
    });
    await this.aside.negotiations.concluded(tx, caller, offer.id, agreementId);
    await this.aside.signatures.execute(tx, agreement, { vendor: vendorSignatories(offer), buyer: signatories });
    if (predecessor) await this.aside.handing.agreed(tx, caller, agreement, predecessor);
    if (plan.trial) await this.aside.trials.note(tx, { buyerId: sides.buyer.id, productId: offer.productId, agreementId, at: concludedAt });
    await this.audit.append(tx, caller, { act: 'agreement.conclude', objectType: 'agreement', objectId: agreementId, tenantId: sides.buyer.id, details: { hash: agreement.hash, offerId: offer.id, decisionId: decision.id, licenceId, signatories: signatories.map((s) => s.memberId) } });
    const { vendorId, buyerId, productId } = agreement;
    await this.outbox.publish(tx, caller, AgreementConcluded, agreementId, { agreementId, licenceId, productId, vendorId, buyerId, decisionId: decision.id, currency: plan.currency, dueAtStartMinor: quote(plan).dueAtStartMinor });
    return agreement;
  }
}
