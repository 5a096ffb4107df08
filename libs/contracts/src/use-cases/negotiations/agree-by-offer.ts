import { Injectable } from '@nestjs/common';
import type { Actor } from '#identity';
import { Clock, isRefused, notFound, type Refusal, type Tx } from '#shared';
import { MOST_ANSWER_DAYS } from '../../domain/negotiation/negotiation.js';
import { NegotiationRepository } from '../../storage/negotiation.repository.js';
import type { OfferEffects } from '../../storage/offer-signing.repository.js';
import type { Offer } from '../../storage/offer.repository.js';
import { answerProblem } from './answer-problem.js';
import { MoveNegotiation } from './move-negotiation.js';

const DAY_MS = 86_400_000;

/** The vendor has agreed to what lay on the table when the offer of it takes effect. Whatever was said in between counts: then it agrees to nothing. */
@Injectable()
export class AgreeByOffer {
  constructor(private readonly repository: NegotiationRepository, private readonly moving: MoveNegotiation, private readonly clock: Clock) {}

  async execute(tx: Tx, actor: Actor, { id: offerId, validUntil }: Offer, { negotiationId, inReplyTo, answer }: OfferEffects): Promise<Refusal | undefined> {
    if (!negotiationId) return undefined;
    const negotiation = await this.repository.lock(tx, negotiationId);
    if (!negotiation) return notFound('negotiation');
    const now = this.clock.now();
    const problem = answerProblem(negotiation, 'PROVIDER', 'agree', inReplyTo!, now);
    if (problem) return problem;
    // As long as the offer can be ordered.
    const answerDays = validUntil ? Math.max(1, Math.round((validUntil.getTime() - now.getTime()) / DAY_MS)) : MOST_ANSWER_DAYS;
    const moved = await this.moving.execute(tx, actor, negotiation, { event: 'agree', party: 'PROVIDER', text: answer, answerDays, offerId });
    return isRefused(moved) ? moved : undefined;
  }
}
