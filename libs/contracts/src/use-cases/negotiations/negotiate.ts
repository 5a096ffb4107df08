import { Injectable } from '@nestjs/common';
import { type Actor, authorise, organisationOf } from '#identity';
import { Clock, Commands, invalid, isRefused, notFound, type Result, type Tx } from '#shared';
import { CONTRACTS_ERRORS } from '../../contracts.errors.js';
import { MOST_ANSWER_DAYS, type NegotiationEvent, type Party } from '../../domain/negotiation/negotiation.js';
import { type Negotiation, NegotiationRepository } from '../../storage/negotiation.repository.js';
import { NO_EFFECTS } from '../../storage/offer-signing.repository.js';
import { PutOffer } from '../offers/put-offer.js';
import { FindPredecessor } from '../succession/find-predecessor.js';
import { answerProblem } from './answer-problem.js';
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

  /**
   * The vendor agrees to what lies on the table: it becomes an offer to the buyer alone, which he signs by ordering it. Where whoever agrees needs a second,
   * the offer waits for that one, and the negotiation stays where it is.
   */
  agree(actor: Actor, input: AnswerNegotiationInput): Promise<Result<Negotiation>> {
    return this.answer(actor, input, () => 'agree', async (tx, { id: negotiationId, productId, vendorId, buyerId, proposal }) => {
      const validUntil = new Date(this.clock.now().getTime() + (input.answerDays ?? MOST_ANSWER_DAYS) * 86_400_000);
      const { plan, purposes, destinations, terms } = proposal;
      const draft = { productId, vendorId, title: `Negotiated ${negotiationId}`, plans: [plan], audienceIds: [buyerId], purposes, destinations, terms, opensAt: null, validUntil, supersedesId: null };
      const offer = await this.proposals.putting.put(tx, actor, draft, { ...NO_EFFECTS, negotiationId, inReplyTo: input.inReplyTo, answer: input.text });
      return isRefused(offer) ? offer : (await this.repository.lock(tx, negotiationId))!;
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
      if (input.answerDays !== null && (input.answerDays < 1 || input.answerDays > MOST_ANSWER_DAYS)) return invalid(CONTRACTS_ERRORS.NEGOTIATION, 'answerDays', `1 to ${MOST_ANSWER_DAYS}`);
      return answerProblem(negotiation, party, event, input.inReplyTo, this.clock.now()) ?? work(tx, negotiation, party, event);
    });
  }
}

const partyOf = (actor: Actor, { vendorId, buyerId }: Negotiation): Party | undefined => (organisationOf(actor) === buyerId ? 'CONSUMER' : organisationOf(actor) === vendorId ? 'PROVIDER' : undefined);
