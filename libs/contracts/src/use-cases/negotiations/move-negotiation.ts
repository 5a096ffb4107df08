import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { Notices } from '#identity';
import { accepted, type Caller, Clock, isRefused, newId, type Result, type Tx } from '#shared';
import { offerStates } from '../../domain/licence-state.js';
import { ANSWER_DAYS, type NegotiationEvent, negotiationStates, type Party, type Proposal } from '../../domain/negotiation/negotiation.js';
import { OfferRepository } from '../../storage/offer.repository.js';
import { type Negotiation, type NegotiationMessage, NegotiationRepository } from '../../storage/negotiation.repository.js';

export interface NegotiationMove {
  readonly event: NegotiationEvent;
  /** Null: the exchange. */
  readonly party: Party | null;
  readonly proposal?: Proposal;
  readonly text?: string | null;
  readonly answerDays?: number | null;
  readonly offerId?: string;
  readonly agreementId?: string;
}

const DAY_MS = 86_400_000;

/** The one way in which a negotiation goes on, in the transaction of the caller, who holds it: state, message, and the other side is told. */
@Injectable()
export class MoveNegotiation {
  constructor(private readonly repository: NegotiationRepository, private readonly offers: OfferRepository, private readonly notices: Notices, private readonly audit: Audit, private readonly clock: Clock) {}

  async begin(tx: Tx, caller: Caller, negotiation: Negotiation, move: Omit<NegotiationMove, 'offerId' | 'agreementId'>): Promise<Negotiation> {
    const begun: Negotiation = { ...negotiation, messages: 1, expiresAt: this.answerBy(move.answerDays) };
    await this.repository.insert(tx, begun);
    await this.audit.append(tx, caller, { act: `negotiation.${move.event}`, objectType: 'negotiation', objectId: begun.id, tenantId: begun.buyerId, details: { productId: begun.productId, proposal: begun.proposal, to: begun.state } });
    await this.said(tx, begun, move);
    return begun;
  }

  async execute(tx: Tx, caller: Caller, negotiation: Negotiation, move: NegotiationMove): Promise<Result<Negotiation>> {
    const { event, proposal, text, offerId, agreementId } = move;
    const state = await this.audit.transition(tx, caller, {
      table: negotiationStates, state: negotiation.state, event, objectType: 'negotiation', objectId: negotiation.id, tenantId: negotiation.buyerId, reason: text ?? null, details: { ...(proposal ? { proposal } : {}), offerId, agreementId },
    });
    if (isRefused(state)) return state;
    const moved: Negotiation = {
      ...negotiation, state, proposal: proposal ?? negotiation.proposal, messages: negotiation.messages + 1, expiresAt: this.answerBy(move.answerDays), offerId: offerId ?? negotiation.offerId, agreementId: agreementId ?? negotiation.agreementId,
    };
    await this.repository.update(tx, moved);
    if (state === 'TERMINATED' && moved.offerId) await this.close(tx, caller, moved.offerId);
    await this.said(tx, moved, move);
    return moved;
  }

  /** What was agreed and came to nothing takes no order any more. */
  private async close(tx: Tx, caller: Caller, offerId: string): Promise<void> {
    const offer = await this.offers.lock(tx, offerId);
    if (offer?.state !== 'ACTIVE') return;
    const withdrawn = accepted(await this.audit.transition(tx, caller, { table: offerStates, state: offer.state, event: 'withdraw', objectType: 'offer', objectId: offer.id, tenantId: offer.vendorId }));
    await this.offers.move(tx, { ...offer, state: withdrawn });
  }

  private async said(tx: Tx, negotiation: Negotiation, { event, party, proposal, text }: NegotiationMove): Promise<void> {
    const { id, vendorId, buyerId, state, messages, productId, offerId, agreementId, expiresAt } = negotiation;
    const message: NegotiationMessage = { id: newId(), negotiationId: id, number: messages, party, event, state, proposal: proposal ?? null, text: text ?? null, sentAt: this.clock.now() };
    await this.repository.say(tx, negotiation, message);
    const others = party === 'CONSUMER' ? [vendorId] : party === 'PROVIDER' ? [buyerId] : [vendorId, buyerId];
    await this.notices.tell(tx, others, {
      objectType: 'NEGOTIATION', objectId: id, kind: 'NEGOTIATION_MOVED', text: text ?? `the negotiation is ${state} now`, details: { event, state, productId, offerId, agreementId, answerBy: expiresAt.toISOString() },
    });
  }

  private answerBy(days: number | null | undefined): Date {
    return new Date(this.clock.now().getTime() + (days ?? ANSWER_DAYS) * DAY_MS);
  }
}
