import { Args, Context, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { type Actor, Asks, Authenticated, CurrentActor } from '#identity';
import { type ConnectionOf, isRefused, type LoaderHolder, loader, pageCost, pageRequest, type Result, toConnection } from '#shared';
import type { Dispute, Evidence } from '../../domain/disputes/dispute.js';
import { AnswerDispute } from '../../use-cases/disputes/answer-dispute.js';
import { OpenDispute } from '../../use-cases/disputes/open-dispute.js';
import { ReadDisputes } from '../../use-cases/disputes/read-disputes.js';
import * as T from './disputes.types.js';

@Resolver(() => T.Dispute)
@Authenticated()
export class DisputesResolver {
  constructor(private readonly opening: OpenDispute, private readonly answering: AnswerDispute, private readonly read: ReadDisputes) {}

  @Asks('settlement:read', 'settlement:read-ledger', 'oversight:read')
  @Query(() => T.Dispute, { nullable: true, description: 'A dispute, for the two sides of its trade and staff; null for others.' })
  async dispute(@CurrentActor() actor: Actor, @Args('id', { type: () => ID }) id: string): Promise<T.Dispute | null> {
    const dispute = await this.read.one(actor, id);
    return dispute && T.toDisputeType(dispute);
  }

  @Asks('settlement:read', 'settlement:read-ledger', 'oversight:read')
  @Query(() => T.DisputeConnection, { complexity: pageCost, description: "Disputes over trades of the caller's organisation, on either side, newest first; all of them for staff." })
  async disputes(@CurrentActor() actor: Actor, @Args() page: T.DisputesArgs): Promise<ConnectionOf<T.Dispute>> {
    return toConnection(await this.read.page(actor, { tradeId: page.tradeId ?? null, state: page.state ?? null }, pageRequest(page.first, page.after, 1)), T.toDisputeType);
  }

  @Asks('settlement:read', 'settlement:read-ledger', 'oversight:read')
  @ResolveField(() => [T.DisputeEntry], { complexity: ({ childComplexity }) => 5 + 5 * childComplexity, description: 'What was said, oldest first.' })
  async entries(@Parent() dispute: T.Dispute, @Context() context: LoaderHolder): Promise<T.DisputeEntry[]> {
    const found = await loader(context, 'settlement.dispute-entries', (ids) => this.read.entriesOf(ids)).load(dispute.id);
    return (found ?? []).map(T.toDisputeEntryType);
  }

  @Asks('settlement:dispute')
  @Mutation(() => T.OpenDisputeResult, { description: 'The buyer disputes a trade that he has paid and not accepted: it is neither accepted nor cleared before that has ended. The vendor has seven days to answer, then the exchange decides.' })
  async openDispute(@CurrentActor() actor: Actor, @Args('input') { tradeId, ground, claimMinor, text, evidence }: T.OpenDisputeInput): Promise<object> {
    return show(await this.opening.execute(actor, { tradeId, ground, claimMinor: claimMinor ? BigInt(claimMinor) : null, text, evidence: evidenceOf(evidence) }));
  }
  @Asks('settlement:answer-dispute')
  @Mutation(() => T.AnswerDisputeResult, { description: 'The vendor concedes, and what is claimed goes back, or contests, and the exchange decides.' })
  async answerDispute(@CurrentActor() actor: Actor, @Args('input') { evidence, ...input }: T.AnswerDisputeInput): Promise<object> {
    return show(await this.answering.answer(actor, { ...input, evidence: evidenceOf(evidence) }));
  }
  @Asks('settlement:answer-dispute')
  @Mutation(() => T.AddDisputeEvidenceResult, { description: 'Either side adds something to be looked at, until the dispute has ended.' })
  async addDisputeEvidence(@CurrentActor() actor: Actor, @Args('input') { evidence, ...input }: T.AddDisputeEvidenceInput): Promise<object> {
    return show(await this.answering.addEvidence(actor, { ...input, evidence: evidenceOf(evidence) }));
  }
  @Asks('settlement:dispute')
  @Mutation(() => T.WithdrawDisputeResult, { description: 'The buyer takes his claim back: the trade is where it was before.' })
  async withdrawDispute(@CurrentActor() actor: Actor, @Args('input') { evidence, ...input }: T.WithdrawDisputeInput): Promise<object> {
    return show(await this.answering.withdraw(actor, { ...input, evidence: evidenceOf(evidence) }));
  }
  @Asks('settlement:decide-dispute')
  @Mutation(() => T.DecideDisputeResult, { description: 'The exchange decides how much of the claim goes back. Settlement officers.' })
  async decideDispute(@CurrentActor() actor: Actor, @Args('input') { evidence, awardMinor, ...input }: T.DecideDisputeInput): Promise<object> {
    return show(await this.answering.decide(actor, { ...input, awardMinor: BigInt(awardMinor), evidence: evidenceOf(evidence) }));
  }
}

const show = (dispute: Result<Dispute>): object => (isRefused(dispute) ? dispute : T.toDisputeType(dispute));
const evidenceOf = (given: readonly T.EvidenceInput[] | null | undefined): Evidence[] => (given ?? []).map(({ description, reference, sha256 }) => ({ description, reference: reference ?? null, sha256: sha256 ?? null }));
