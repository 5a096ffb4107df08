import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { type Actor, Asks, Authenticated, CurrentActor } from '#identity';
import { type ConnectionOf, PageArgs, pageCost, pageRequest, toConnection } from '#shared';
import type { CheckState } from '../domain/detection/check-states.js';
import type { StoredProposal } from '../storage/classification-proposal.repository.js';
import { ClassificationDesk } from '../use-cases/proposals/classification-desk.js';
import { ReviewClassification } from '../use-cases/proposals/review-classification.js';
import * as T from './proposals.types.js';

/** A proposal may list thousands of columns and findings. */
const MAX_PROPOSALS = 5;

@Resolver()
@Authenticated()
export class ProposalsResolver {
  constructor(private readonly desk: ClassificationDesk, private readonly reviewing: ReviewClassification) {}

  @Asks('catalog:manage', 'catalog:read-all', 'compliance:review-classification')
  @Query(() => T.ClassificationProposalConnection, { nullable: true, complexity: pageCost, description: 'What the platform proposes for a dataset, newest first, at most five a page; for its vendor and for staff.' })
  async classificationProposals(@CurrentActor() actor: Actor, @Args() page: PageArgs, @Args('datasetId', { type: () => ID, description: 'Which dataset.' }) datasetId: string): Promise<ConnectionOf<T.ClassificationProposal> | null> {
    const found = await this.desk.proposalsOf(actor, datasetId, pageRequest(Math.min(page.first, MAX_PROPOSALS), page.after, 1));
    return found && toConnection(found, toProposalType);
  }

  @Asks('catalog:manage', 'catalog:read-all', 'compliance:review-classification')
  @Query(() => T.ClassificationCheckConnection, { nullable: true, complexity: pageCost, description: 'Classifications that are milder than their proposals, oldest first: the queue of the compliance staff; a vendor sees his own.' })
  async classificationChecks(
    @CurrentActor() actor: Actor, @Args() page: PageArgs,
    @Args('state', { type: () => T.CheckStateEnum, nullable: true, description: 'Those in this state alone.' }) state: CheckState | null,
    @Args('datasetId', { type: () => ID, nullable: true, description: 'Those of this dataset alone.' }) datasetId: string | null,
  ): Promise<ConnectionOf<T.ClassificationCheck> | null> {
    const found = await this.desk.checksOf(actor, { state: state ?? null, datasetId: datasetId ?? null }, pageRequest(page.first, page.after, 1));
    return found && toConnection(found, (c) => c);
  }

  @Asks('compliance:review-classification')
  @Mutation(() => T.ReviewClassificationResult, { description: "Accepts a milder classification for its reasons, or not. Compliance officers." })
  reviewClassification(@CurrentActor() actor: Actor, @Args('input') input: T.ReviewClassificationInput): Promise<object> {
    return this.reviewing.execute(actor, input);
  }
}

function toProposalType({ content, ...proposal }: StoredProposal): T.ClassificationProposal {
  const { suggested: s, ...shown } = content;
  const suggested = { ...s, persons: String(s.persons), sensitivePersons: String(s.sensitivePersons), usCounts: Object.entries(s.usCounts).map(([category, n]) => `${category}=${n}`) };
  return { ...proposal, ...shown, suggested };
}
