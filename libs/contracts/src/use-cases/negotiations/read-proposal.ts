import { Injectable } from '@nestjs/common';
import { Clock, invalid, isCountry, type Result } from '#shared';
import { CONTRACTS_ERRORS } from '../../contracts.errors.js';
import type { Proposal } from '../../domain/negotiation/negotiation.js';
import { checkPlan } from '../../domain/pricing/check-plan.js';
import { type TermsDraft, termsOf } from '../../domain/terms/licence-terms.js';

export interface ProposalDraft extends Omit<Proposal, 'terms'> {
  readonly terms: TermsDraft;
}

/** A proposal as it could be offered, or what is wrong with it: what is agreed later can be put as it stands. */
@Injectable()
export class ReadProposal {
  constructor(private readonly clock: Clock) {}

  read({ plan, terms: draft, ...said }: ProposalDraft): Result<Proposal> {
    const [purposes, destinations] = [[...new Set(said.purposes)], [...new Set(said.destinations)]];
    const unknown = destinations.findIndex((d) => !isCountry(d));
    if (unknown >= 0) return invalid(CONTRACTS_ERRORS.COUNTRY, `proposal.destinations.${unknown}`, 'an ISO 3166-1 alpha-2 code');
    const wrong = checkPlan(plan);
    if (wrong) return invalid(CONTRACTS_ERRORS.PLAN, `proposal.plan.${wrong.path}`, wrong.message);
    const terms = termsOf(draft, purposes, destinations, this.clock.now());
    return 'problems' in terms ? invalid(CONTRACTS_ERRORS.TERMS, `proposal.terms.${terms.problems[0]!.path}`, terms.problems[0]!.message) : { plan, purposes, destinations, terms, replacesAgreementId: said.replacesAgreementId ?? null };
  }
}
