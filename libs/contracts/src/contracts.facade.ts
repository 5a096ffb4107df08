import { Injectable } from '@nestjs/common';
import { Compliance, type Decision } from '#compliance';
import { type Actor, organisationOf, permits } from '#identity';
import { type Caller, canonicalHash, Clock, type Page, type PageRequest, type Result, type Tx } from '#shared';
import type { PendingOrderState } from './domain/licence-state.js';
import { type Agreement, ContractsRepository, type Licence, type Offer } from './storage/contracts.repository.js';
import { type PendingOrder, PendingOrderRepository } from './storage/pending-order.repository.js';
import { MoveLicence } from './use-cases/move-licence.js';
import { TransferFactsOf } from './use-cases/transfer-facts.js';

export interface LicenceForDelivery {
  readonly licence: Licence;
  readonly agreement: Agreement;
  /** Listed now, by a vendor in good standing. */
  readonly productListed: boolean;
  /** The buyer is verified and not suspended. */
  readonly buyerVerified: boolean;
  /** Stands for everything that a decision on a delivery stands on: another one is another question. */
  readonly basis: string;
}

/** What was agreed, and what a buyer may do because of it. */
@Injectable()
export class Contracts {
  constructor(
    private readonly repository: ContractsRepository, private readonly transfers: TransferFactsOf, private readonly compliance: Compliance,
    private readonly licences: MoveLicence, private readonly pendingOrders: PendingOrderRepository, private readonly clock: Clock,
  ) {}

  /** An offer that can be taken now, for everybody; any other for its vendor and for staff that oversees trades. */
  async offerFor(actor: Actor, id: string): Promise<Offer | null> {
    const found = await this.repository.offer(id);
    if (!found) return null;
    const own = found.vendorId === actor.tenantId && (permits(actor, 'contracts:offer') || permits(actor, 'contracts:read'));
    if (own || permits(actor, 'oversight:read')) return found;
    const lasts = found.state === 'ACTIVE' && (found.validUntil === null || found.validUntil > this.clock.now());
    return lasts && (await this.transfers.isOnSale(found.productId)) ? found : null;
  }
  /** Offers that can be taken now, the cheapest ten of each product. */
  offersOfProducts(productIds: readonly string[]): Promise<Offer[]> {
    return this.repository.offersOfProducts(productIds, this.clock.now());
  }
  async agreementById(id: string): Promise<Agreement | null> {
    return (await this.repository.agreements([id])).get(id) ?? null;
  }
  async licenceById(id: string): Promise<Licence | null> {
    return (await this.repository.licences([id])).get(id) ?? null;
  }
  /** Licences by their agreement's id. */
  licencesOfAgreements(agreementIds: readonly string[]): Promise<Map<string, Licence>> {
    return this.repository.licencesOfAgreements(agreementIds);
  }
  agreementsOf(actor: Actor, page: PageRequest): Promise<Page<Agreement> | null> {
    return permits(actor, 'contracts:read') ? this.repository.agreementsOf(organisationOf(actor), page) : Promise.resolve(null);
  }
  licencesOf(actor: Actor, page: PageRequest): Promise<Page<Licence> | null> {
    return permits(actor, 'contracts:read') ? this.repository.licencesOf(organisationOf(actor), page) : Promise.resolve(null);
  }
  /** Orders of the actor's organisation that needed a second signature; of no interest to the vendor. */
  pendingOrdersOf(actor: Actor, state: PendingOrderState | null, page: PageRequest): Promise<Page<PendingOrder> | null> {
    return permits(actor, 'contracts:read') ? this.pendingOrders.page(organisationOf(actor), state, page) : Promise.resolve(null);
  }

  /** What a delivery must know before its first byte (I2). */
  async licenceForDelivery(licenceId: string): Promise<LicenceForDelivery | null> {
    const licence = await this.licenceById(licenceId);
    if (!licence) return null;
    const agreement = (await this.agreementById(licence.agreementId))!;
    // Before the facts: what changes after it makes another basis.
    const epoch = await this.compliance.epoch();
    const sides = await this.transfers.gather(licence.productId, licence.buyerId, agreement.destination);
    const productListed = sides !== null && sides.product.listed && sides.vendor.state === 'VERIFIED';
    return { licence, agreement, productListed, buyerVerified: sides?.buyer.state === 'VERIFIED', basis: `${epoch}.${canonicalHash(sides?.facts ?? null)}` };
  }

  /** Computes the cross-border decision again with today's facts and records it. The order's own volume is not counted twice. */
  async redecide(tx: Tx, caller: Caller, licenceId: string, objectId: string): Promise<Decision> {
    const licence = (await this.licenceById(licenceId))!;
    const agreement = (await this.agreementById(licence.agreementId))!;
    const sides = (await this.transfers.gather(licence.productId, licence.buyerId, agreement.destination))!;
    return this.compliance.decide(tx, caller, { objectId, recipientId: licence.buyerId, stage: 'DELIVERY', facts: sides.facts, priorDecisionId: agreement.decisionId });
  }

  /** Whether a delivery that was permitted once is so now, without a record. False also where it would take volume: that has to be decided. */
  async stillPermitted({ licence, agreement }: Pick<LicenceForDelivery, 'licence' | 'agreement'>): Promise<boolean> {
    const sides = (await this.transfers.gather(licence.productId, licence.buyerId, agreement.destination))!;
    const { verdict, reserves } = await this.compliance.evaluateDelivery(sides.facts, agreement.decisionId);
    return verdict.permitted && !reserves;
  }

  /** The money is in: the licence becomes active, in the same transaction. */
  activateLicence(tx: Tx, caller: Caller, agreementId: string): Promise<Result<Licence>> {
    return this.licences.activate(tx, caller, agreementId);
  }
}
