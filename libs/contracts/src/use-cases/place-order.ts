import { Injectable } from '@nestjs/common';
import { Compliance, type Decision } from '#compliance';
import { type Actor, authorise, organisationOf } from '#identity';
import { Clock, Commands, invalid, isRefused, newId, notFound, type Result, stateConflict } from '#shared';
import { CONTRACTS_ERRORS } from '../contracts.errors.js';
import { type Agreement, ContractsRepository, type Offer } from '../storage/contracts.repository.js';
import { ConcludeAgreement } from './conclude-agreement.js';
import { TransferFactsOf, type TransferSides } from './transfer-facts.js';

export interface PlaceOrderInput {
  readonly offerId: string;
  /** One of the offer's purposes. */
  readonly purpose: string;
  /** ISO 3166-1 alpha-2: where the data will be. */
  readonly destination: string;
}

/** The law does not permit this transfer as it stands. The decision is on record and says why, and what it would take. */
export interface TransferRefused {
  readonly refused: true;
  readonly kind: 'TransferRefused';
  readonly code: string;
  readonly message: string;
  readonly decision: Decision;
}

/** Both ends are committed: a refused order leaves its decision on record. */
type Outcome = { readonly agreement: Agreement } | { readonly refusedBy: Decision };

/** A buyer takes an offer: the cross-border decision is computed and recorded, the agreement frozen and hashed. */
@Injectable()
export class PlaceOrder {
  constructor(
    private readonly commands: Commands, private readonly contracts: ContractsRepository, private readonly transfers: TransferFactsOf,
    private readonly compliance: Compliance, private readonly conclusion: ConcludeAgreement, private readonly clock: Clock,
  ) {}

  async execute(actor: Actor, input: PlaceOrderInput): Promise<Result<Agreement, TransferRefused>> {
    const refusal = authorise(actor, 'contracts:order');
    if (refusal) return refusal;
    const found = await this.contracts.offer(input.offerId);
    const sides = found && (await this.transfers.gather(found.productId, organisationOf(actor), input.destination));
    if (!found || !sides) return notFound('offer');
    // Asks issuers' status lists, so before the transaction; its refusal inside, so that a repeated order gets its answer.
    const lapsed = await this.transfers.credentialsStand(actor);
    const outcome = await this.commands.run<Result<Outcome>>(actor, 'contracts.place-order', input, async (tx) => {
      if (lapsed) return lapsed;
      const offer = (await this.contracts.shareOffer(tx, found.id))!;
      const problem = this.problem(actor, input, offer, sides);
      if (problem) return problem;
      const agreementId = newId();
      const decision = await this.compliance.decide(tx, actor, { objectId: agreementId, stage: 'ORDER', facts: sides.facts });
      if (!decision.permitted) return { refusedBy: decision };
      return { agreement: await this.conclusion.conclude(tx, actor, { agreementId, offer, sides, decision, input }) };
    });
    if (isRefused(outcome)) return outcome;
    if ('agreement' in outcome) return outcome.agreement;
    const { refusedBy: decision } = outcome;
    return { refused: true, kind: 'TransferRefused', code: CONTRACTS_ERRORS.TRANSFER_REFUSED, decision, message: `the transfer is not permitted: ${decision.outcome}` };
  }

  private problem(actor: Actor, input: PlaceOrderInput, offer: Offer, sides: TransferSides) {
    if (offer.vendorId === actor.tenantId) return invalid(CONTRACTS_ERRORS.OWN_OFFER, 'offerId', 'an offer of somebody else');
    if (offer.state !== 'ACTIVE' || (offer.validUntil && offer.validUntil <= this.clock.now())) return stateConflict(CONTRACTS_ERRORS.OFFER_CLOSED, 'the offer is closed', offer.state === 'ACTIVE' ? 'EXPIRED' : offer.state);
    if (!sides.product.listed) return stateConflict(CONTRACTS_ERRORS.PRODUCT_NOT_LISTED, 'the product is not listed', sides.product.state);
    if (!offer.purposes.includes(input.purpose)) return invalid(CONTRACTS_ERRORS.PURPOSE, 'purpose', `one of ${offer.purposes.join(', ')}`);
    if (!offer.destinations.includes(input.destination)) return invalid(CONTRACTS_ERRORS.DESTINATION, 'destination', `one of ${offer.destinations.join(', ')}`);
    return undefined;
  }
}
