import { Injectable } from '@nestjs/common';
import { Catalog } from '#catalog';
import { type Actor, authorise, Identity, organisationOf, permits } from '#identity';
import { Clock, Commands, invalid, isRefused, newId, notFound, type Result, stateConflict } from '#shared';
import { CONTRACTS_ERRORS } from '../../contracts.errors.js';
import { MOST_ANSWER_DAYS } from '../../domain/negotiation/negotiation.js';
import { isMadeTo } from '../../domain/pricing/offer.js';
import { type Negotiation, NegotiationRepository } from '../../storage/negotiation.repository.js';
import { FindPredecessor } from '../succession/find-predecessor.js';
import { MoveNegotiation } from './move-negotiation.js';
import { type ProposalDraft, ReadProposal } from './read-proposal.js';

export interface BeginNegotiationInput {
  readonly productId: string;
  /** By its vendor: to whom; null: the caller is the buyer. */
  readonly buyerId: string | null;
  readonly proposal: ProposalDraft;
  readonly text: string | null;
  readonly answerDays: number | null;
}

/** Of one buyer about one product at the same time. */
const MOST_OPEN = 5;

/** What negotiations are kept and read by. */
@Injectable()
export class NegotiationDesk {
  constructor(readonly repository: NegotiationRepository, readonly moving: MoveNegotiation, readonly proposals: ReadProposal, readonly predecessors: FindPredecessor) {}
}

/** A buyer asks for a licence on terms of his own, or a vendor makes an offer to one organisation that is open to answers. */
@Injectable()
export class BeginNegotiation {
  constructor(
    private readonly commands: Commands, private readonly desk: NegotiationDesk, private readonly catalog: Catalog, private readonly identity: Identity, private readonly clock: Clock,
  ) {}

  async execute(actor: Actor, input: BeginNegotiationInput): Promise<Result<Negotiation>> {
    const refusal = permits(actor, 'contracts:offer') ? undefined : authorise(actor, 'contracts:order');
    if (refusal) return refusal;
    const proposal = this.desk.proposals.read(input.proposal);
    if (isRefused(proposal)) return proposal;
    if (input.answerDays !== null && (input.answerDays < 1 || input.answerDays > MOST_ANSWER_DAYS)) return invalid(CONTRACTS_ERRORS.NEGOTIATION, 'answerDays', `1 to ${MOST_ANSWER_DAYS}`);
    const own = organisationOf(actor);
    return this.commands.runAcross<Result<Negotiation>>(actor, 'contracts.begin-negotiation', input, async (tx) => {
      const product = await this.catalog.productForTrade(input.productId);
      if (!product) return notFound('product');
      const provides = product.vendorId === own;
      const unfit = authorise(actor, provides ? 'contracts:offer' : 'contracts:order');
      if (unfit) return unfit;
      const buyer = await this.identity.byId(provides ? (input.buyerId ?? own) : own);
      if (!provides && (!product.listed || !isMadeTo(product.audience, own))) return notFound('product');
      if (!product.listed) return stateConflict(CONTRACTS_ERRORS.PRODUCT_NOT_LISTED, 'only a listed product is negotiated about', product.state);
      if (provides && (!buyer || buyer.id === own || buyer.state !== 'VERIFIED')) return invalid(CONTRACTS_ERRORS.AUDIENCE, 'buyerId', 'a verified organisation other than your own');
      if (!provides && input.buyerId !== null && input.buyerId !== own) return invalid(CONTRACTS_ERRORS.AUDIENCE, 'buyerId', 'left out: you are the buyer');
      if ((await this.desk.repository.openBetween(tx, product.id, buyer!.id)) >= MOST_OPEN) return stateConflict(CONTRACTS_ERRORS.NEGOTIATION, `${MOST_OPEN} negotiations about it are open`, 'OPEN');
      const unfitting = proposal.replacesAgreementId ? await this.desk.predecessors.problem(tx, proposal.replacesAgreementId, { productId: product.id, vendorId: product.vendorId, buyerId: buyer!.id }, 'proposal.replacesAgreementId') : undefined;
      if (unfitting) return unfitting;
      const negotiation: Negotiation = {
        id: newId(), productId: product.id, vendorId: product.vendorId, buyerId: buyer!.id, state: provides ? 'OFFERED' : 'REQUESTED', proposal, messages: 0, expiresAt: this.clock.now(), offerId: null, agreementId: null, createdAt: this.clock.now(),
      };
      return this.desk.moving.begin(tx, actor, negotiation, { event: provides ? 'offer' : 'request', party: provides ? 'PROVIDER' : 'CONSUMER', proposal, text: input.text, answerDays: input.answerDays });
    });
  }
}
