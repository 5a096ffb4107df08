import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { type Actor, Asks, Authenticated, CurrentActor } from '#identity';
import { type ConnectionOf, isRefused, pageCost, pageRequest, type Result, toConnection } from '#shared';
import type { UsageCorrection } from '../../domain/usage-correction.js';
import { AnswerCorrection } from '../../use-cases/corrections/answer-correction.js';
import { CorrectUsage } from '../../use-cases/corrections/correct-usage.js';
import { ReadCorrections } from '../../use-cases/corrections/read-corrections.js';
import * as T from './corrections.types.js';

const toType = (c: UsageCorrection): T.UsageCorrection => ({ ...c, before: c.before.toString(), quantity: c.quantity.toString() });
const show = (result: Result<UsageCorrection>): object => (isRefused(result) ? result : toType(result));

@Resolver()
@Authenticated()
export class CorrectionsResolver {
  constructor(private readonly correcting: CorrectUsage, private readonly answering: AnswerCorrection, private readonly reading: ReadCorrections) {}

  @Asks('billing:read', 'oversight:read')
  @Query(() => T.UsageCorrectionConnection, { nullable: true, complexity: pageCost, description: 'Corrections of what was counted under a licence, newest first. For its vendor, its buyer and the overseers of the exchange; null for others.' })
  async usageCorrections(@CurrentActor() actor: Actor, @Args() { licenceId, state, first, after }: T.UsageCorrectionsArgs): Promise<ConnectionOf<T.UsageCorrection> | null> {
    const found = await this.reading.execute(actor, licenceId, state ?? null, pageRequest(first, after, 1));
    return found && toConnection(found, toType);
  }

  @Asks('billing:correct')
  @Mutation(() => T.CorrectUsageResult, { description: 'Vendor or buyer says that a use should have counted another quantity. Of what is not charged yet the vendor corrects it at once; else the other side answers. What was charged too much becomes a credit.' })
  async correctUsage(@CurrentActor() actor: Actor, @Args('input') { quantity, ...input }: T.CorrectUsageInput): Promise<object> {
    return show(await this.correcting.execute(actor, { ...input, quantity: BigInt(quantity) }));
  }

  @Asks('billing:correct')
  @Mutation(() => T.AnswerUsageCorrectionResult, { description: 'The other side approves or rejects a correction; whoever proposed it takes it back.' })
  async answerUsageCorrection(@CurrentActor() actor: Actor, @Args('input') { reason = null, ...input }: T.AnswerUsageCorrectionInput): Promise<object> {
    return show(await this.answering.execute(actor, { ...input, reason }));
  }
}
