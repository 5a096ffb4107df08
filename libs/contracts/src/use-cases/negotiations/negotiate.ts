import { Injectable } from '@nestjs/common';
import { type Actor, authorise, organisationOf } from '#identity';
import { Clock, Commands, invalid, isRefused, notFound, type Refusal, type Result, stateConflict, type Tx } from '#shared';
import { CONTRACTS_ERRORS } from '../../contracts.errors.js';
import { MOST_ANSWER_DAYS, MOST_MESSAGES, mayStep, type NegotiationEvent, type Party, possibleEvents } from '../../domain/negotiation/negotiation.js';
import { type Negotiation, NegotiationRepository } from '../../storage/negotiation.repository.js';
import { PutOffer } from '../offers/put-offer.js';
import { FindPredecessor } from '../succession/find-predecessor.js';
import { MoveNegotiation } from './move-negotiation.js';
import { type ProposalDraft, ReadProposal } from './read-proposal.js';

export interface AnswerNegotiationInput {
  readonly negotiationId: string;
  /** The last message that the caller has seen: of two answers to one message the second is refused. */
  readonly inReplyTo: number;
  readonly text: string | null;
  readonly answerDays: number | null;
}

/** Groups what a proposal becomes. */
@Injectable()
export class ProposalDesk {
  constructor(readonly reading: ReadProposal, readonly putting: PutOffer, readonly predecessors: FindPredecessor) {}
}

/** Sides answer each other until one has accepted and the other agreed: counter-offers, acceptance, agreement, or an end. Whichever commits first counts. */
@Injectable()
export class Negotiate {
  constructor(private readonly commands: Commands, private readonly repository: NegotiationRepository, private readonly moving: MoveNegotiation, private readonly proposals: ProposalDesk, private readonly clock: Clock) {}

  /** The buyer's counter-request, or the vendor's counter-offer. */
  counter(actor: Actor, { proposal: draft, ...input }: AnswerNegotiationInput & { readonly proposal: ProposalDraft }): Promise<Result<Negotiation>> {
    const proposal = this.proposals.reading.read(draft);
    if (isRefused(proposal)) return Promise.resolve(proposal);
    return this.answer(actor, input, (party) => (party === 'PROVIDER' ? 'offer' : 'request'), async (tx, negotiation, party, event) => {
      const unfitting = proposal.replacesAgreementId ? await this.proposals.predecessors.problem(tx, proposal.replacesAgreementId, negotiation, 'proposal.replacesAgreementId') : undefined;
      return unfitting ?? this.moving.execute(tx, actor, negotiation, { event, party, proposal, ...input });
    });
  }

  /** The buyer accepts what the vendor offered. */
  accept(actor: Actor, input: AnswerNegotiationInput): Promise<Result<Negotiation>> {
    return this.answer(actor, input, () => 'accept', (tx, negotiation, party, event) => this.moving.execute(tx, actor, negotiation, { event, party, ...input }));
  }

  /** The vendor agrees to what lies on the table: it becomes an offer to the buyer alone, which he signs by ordering it. */
  agree(actor: Actor, input: AnswerNegotiationInput): Promise<Result<Negotiation>> {
    return this.answer(actor, input, () => 'agree', async (tx, negotiation, party, event) => {
      const { productId, vendorId, buyerId, proposal } = negotiation;
      const validUntil = new Date(this.clock.now().getTime() + (input.answerDays ?? MOST_ANSWER_DAYS) * 86_400_000);
      const offer = await this.proposals.putting.put(tx, actor, {
        productId, vendorId, title: `Negotiated ${negotiation.id}`, plans: [proposal.plan], audienceIds: [buyerId], purposes: proposal.purposes, destinations: proposal.destinations, terms: proposal.terms, opensAt: null, validUntil, supersedesId: null,
      });
      return isRefused(offer) ? offer : this.moving.execute(tx, actor, negotiation, { event, party, ...input, answerDays: input.answerDays ?? MOST_ANSWER_DAYS, offerId: offer.id });
    });
  }

  terminate(actor: Actor, input: AnswerNegotiationInput & { readonly text: string }): Promise<Result<Negotiation>> {
    return this.answer(actor, input, () => 'terminate', (tx, negotiation, party, event) => this.moving.execute(tx, actor, negotiation, { event, party, ...input }));
  }

  private async answer(
    actor: Actor, input: AnswerNegotiationInput, eventOf: (party: Party) => NegotiationEvent,
    work: (tx: Tx, negotiation: Negotiation, party: Party, event: NegotiationEvent) => Promise<Result<Negotiation>>,
  ): Promise<Result<Negotiation>> {
    const refusal = authorise(actor, 'contracts:negotiate');
    if (refusal) return refusal;
    const operation = `contracts.negotiate-${eventOf('CONSUMER')}`;
    return this.commands.runAcross<Result<Negotiation>>(actor, operation, input, async (tx) => {
      const negotiation = await this.repository.lock(tx, input.negotiationId);
      const party = negotiation && partyOf(actor, negotiation);
      if (!negotiation || !party) return notFound('negotiation');
      const event = eventOf(party);
      return this.problem(negotiation, party, event, input) ?? work(tx, negotiation, party, event);
    });
  }

  private problem(negotiation: Negotiation, party: Party, event: NegotiationEvent, { inReplyTo, answerDays }: AnswerNegotiationInput): Refusal | undefined {
    if (answerDays !== null && (answerDays < 1 || answerDays > MOST_ANSWER_DAYS)) return invalid(CONTRACTS_ERRORS.NEGOTIATION, 'answerDays', `1 to ${MOST_ANSWER_DAYS}`);
    const now = possibleEvents(negotiation.state, party);
    if (!mayStep(negotiation.state, event, party)) return stateConflict(CONTRACTS_ERRORS.NEGOTIATION, `it is not for you to ${event} now${now.length ? `; you may ${now.join(', ')}` : ''}`, negotiation.state);
    if (negotiation.expiresAt <= this.clock.now()) return stateConflict(CONTRACTS_ERRORS.NEGOTIATION, 'nobody answered in time', 'EXPIRED');
    if (inReplyTo !== negotiation.messages) return stateConflict(CONTRACTS_ERRORS.NEGOTIATION_MOVED, `the last message is number ${negotiation.messages}: read it first`, negotiation.state);
    return negotiation.messages >= MOST_MESSAGES && event !== 'terminate' ? stateConflict(CONTRACTS_ERRORS.NEGOTIATION, `after ${MOST_MESSAGES} messages it can only be ended`, negotiation.state) : undefined;
  }
}

const partyOf = (actor: Actor, { vendorId, buyerId }: Negotiation): Party | undefined => (organisationOf(actor) === buyerId ? 'CONSUMER' : organisationOf(actor) === vendorId ? 'PROVIDER' : undefined);
