import { Injectable } from '@nestjs/common';
import { Compliance, type Decision, type EndUseFacts, whySuspended } from '#compliance';
import type { Actor, Signatory } from '#identity';
import { type Caller, canonicalHash, Clock, invalid, isRefused, newId, notFound, type Refusal, type Result, stateConflict, type Tx } from '#shared';
import { CONTRACTS_ERRORS } from '../contracts.errors.js';
import { closedState, isMade, isMadeTo, isOpen } from '../domain/pricing/offer.js';
import type { PricePlan } from '../domain/pricing/price-plan.js';
import { boundMinor } from '../domain/pricing/quote.js';
import type { Agreement } from '../storage/contracts.repository.js';
import { type Offer, OfferRepository } from '../storage/offer.repository.js';
import type { PendingOrder } from '../storage/pending-order.repository.js';
import { BuyerRecord } from './buyer-record.js';
import type { Predecessor } from './succession/find-predecessor.js';
import { ConcludeAgreement } from './conclude-agreement.js';
import { termsProblem } from './terms/terms-problem.js';
import { TransferFactsOf, type TransferSides } from './transfer-facts.js';

export interface PlaceOrderInput {
  readonly offerId: string;
  /** One of the offer's plans; may be left out where it has one. */
  readonly planId?: string | null;
  /** One of the offer's purposes. */
  readonly purpose: string;
  /** ISO 3166-1 alpha-2: where the data will be. */
  readonly destination: string;
  /** Who else uses the data and whether it is passed on; where left out, the buyer declares that nobody does and it is not. */
  readonly endUse?: EndUseFacts | null;
  /** A running agreement of the same sides about the product, which this one goes on from when it ends. */
  readonly renewsAgreementId?: string | null;
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
export type Taken = { readonly agreement: Agreement } | { readonly refusedBy: Decision };

/** The law asks for a mechanism that is not held yet: the order is kept, and concluded once it is. */
export interface AwaitingClearance {
  readonly clearing: PendingOrder;
  readonly decision: Decision;
}

/** An order whose offer can be taken now, with the facts of both sides. */
export interface TakeableOffer {
  /** Of the order while it waits and of its agreement after: what the buyer declares about the end use stands under it. */
  readonly orderId: string;
  readonly offer: Offer;
  readonly plan: PricePlan;
  readonly sides: TransferSides;
  readonly input: PlaceOrderInput;
  /** What it takes the place of. */
  readonly predecessor: Predecessor | null;
}

/** What placing an order and signing one second have in common. */
@Injectable()
export class TakeOffer {
  constructor(
    private readonly offers: OfferRepository, private readonly record: BuyerRecord, private readonly transfers: TransferFactsOf, private readonly compliance: Compliance,
    private readonly conclusion: ConcludeAgreement, private readonly clock: Clock,
  ) {}

  /** The offer held against withdrawal, if the buyer can take it on these terms now. */
  async check(tx: Tx, buyerId: string, input: PlaceOrderInput, orderId = newId()): Promise<Result<TakeableOffer>> {
    const offer = await this.offers.share(tx, input.offerId);
    // To whom it or its product is not shown, it is not there.
    if (!offer || (offer.vendorId !== buyerId && !(isMade(offer) && isMadeTo(offer, buyerId)))) return notFound('offer');
    const sides = await this.transfers.gather({ productId: offer.productId, buyerId, destination: input.destination, purpose: input.purpose, orderId });
    if (!sides || (offer.vendorId !== buyerId && !isMadeTo(sides.product.audience, buyerId))) return notFound('offer');
    const problem = this.problem(buyerId, input, offer, sides);
    if (problem) return problem;
    const plan = planOf(offer, input.planId);
    if (!plan) return invalid(CONTRACTS_ERRORS.PLAN, 'planId', "one of the offer's plans");
    const past = await this.record.problem(tx, buyerId, offer, plan);
    if (past) return past;
    const predecessor = await this.record.predecessor(tx, buyerId, offer, plan, input.renewsAgreementId ?? null);
    return isRefused(predecessor) ? predecessor : { orderId, offer, plan, sides, input, predecessor };
  }

  /** The same for an order that was kept: at the price that was signed for, by a buyer in good standing. */
  async checkAgain(tx: Tx, order: PendingOrder): Promise<Result<TakeableOffer>> {
    const found = await this.check(tx, order.buyerId, { ...order, planId: order.plan.id }, order.id);
    if (isRefused(found)) return found;
    const { plan, sides } = found;
    if (sides.buyer.state !== 'VERIFIED') return stateConflict(CONTRACTS_ERRORS.BUYER_NOT_VERIFIED, 'the buyer is not verified', sides.buyer.state);
    return canonicalHash(plan) === canonicalHash(order.plan) ? found : stateConflict(CONTRACTS_ERRORS.PRICE_CHANGED, 'the price is another now', order.state);
  }

  /** What the buyer declares of the end use goes on record under the order, before the law is asked: it asks for it. */
  async declare(tx: Tx, actor: Actor, { orderId, input }: TakeableOffer): Promise<Refusal | undefined> {
    const endUse = endUseOf(input);
    const declared = isRefused(endUse) ? endUse : await this.compliance.declarations.record(tx, actor, { objectId: orderId, ...endUse });
    return isRefused(declared) ? declared : undefined;
  }

  /** What would be declared with the order, or what is wrong with it. */
  async wouldDeclare(buyerId: string, input: PlaceOrderInput): Promise<Result<EndUseFacts>> {
    const endUse = endUseOf(input);
    return isRefused(endUse) ? endUse : this.compliance.declarations.check(buyerId, endUse);
  }

  /** Nothing came of the order, so what was declared for it has not to be renewed. */
  async forget(tx: Tx, caller: Caller, { orderId }: TakeableOffer): Promise<void> {
    await this.compliance.declarations.end(tx, caller, orderId);
  }

  /** The cross-border decision is computed and recorded; where it permits, the agreement is frozen and hashed. */
  async take(tx: Tx, caller: Caller, { orderId: agreementId, offer, plan, sides, input, predecessor }: TakeableOffer, signatories: readonly Signatory[]): Promise<Taken> {
    const decision = await this.compliance.decide(tx, caller, { objectId: agreementId, stage: 'ORDER', facts: sides.facts });
    if (!decision.permitted) return { refusedBy: decision };
    return { agreement: await this.conclusion.conclude(tx, caller, { agreementId, offer, plan, sides, decision, signatories, input, predecessor }) };
  }

  private problem(buyerId: string, input: PlaceOrderInput, offer: Offer, sides: TransferSides) {
    if (offer.vendorId === buyerId) return invalid(CONTRACTS_ERRORS.OWN_OFFER, 'offerId', 'an offer of somebody else');
    const now = this.clock.now();
    if (!isOpen(offer, now)) return stateConflict(CONTRACTS_ERRORS.OFFER_CLOSED, 'the offer is closed', closedState(offer, now));
    // Not every rulebook asks who sells: a suspended vendor's product is not before buyers, whatever the law of its origin.
    if (!sides.product.listed || sides.vendor.state !== 'VERIFIED') return stateConflict(CONTRACTS_ERRORS.PRODUCT_NOT_LISTED, 'the product is not listed', sides.product.state);
    return termsProblem(offer, buyerId, input, now);
  }
}

/** What a buyer is bound to whatever he uses, until he may cancel: paid once, and the first period's recurring amount or its minimum. Mandates are measured by it. */
export const amountOf = (plan: PricePlan): { currency: string; minor: bigint } => ({ currency: plan.currency, minor: boundMinor(plan) });

const planOf = ({ plans }: Offer, planId: string | null | undefined): PricePlan | undefined => (planId ? plans.find((p) => p.id === planId) : plans.length === 1 ? plans[0] : undefined);

/** Whether an order waits for what the decision asks for. What is prohibited, or not known, no mechanism helps. */
export const waits = ({ permitted, outcome, missing, needs }: Decision): boolean => !permitted && outcome !== 'prohibited' && missing.length === 0 && needs.length > 0;

/** One who may alone, or two. */
export const isComplete = (signatories: readonly Signatory[]): boolean => signatories.length > 1 || signatories.some((s) => s.mode === 'ALONE');

export function showTaken(taken: Taken): Agreement | TransferRefused {
  if ('agreement' in taken) return taken.agreement;
  const { refusedBy: decision } = taken;
  return { refused: true, kind: 'TransferRefused', code: CONTRACTS_ERRORS.TRANSFER_REFUSED, decision, message: `the transfer is not permitted: ${whySuspended(decision)}` };
}

/** Who says nothing more uses the data himself, for the purpose and in the place of the order. */
function endUseOf({ purpose, destination, endUse }: PlaceOrderInput): Result<EndUseFacts> {
  if (endUse && (endUse.purpose !== purpose || endUse.destination !== destination)) return invalid(CONTRACTS_ERRORS.END_USE, 'endUse', 'its purpose and destination are those of the order');
  return endUse ?? { purpose, destination, endUsers: [], onward: { planned: false, countries: [] }, statements: [] };
}
