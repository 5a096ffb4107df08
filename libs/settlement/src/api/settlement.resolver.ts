import { Args, Context, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { type Actor, Asks, Authenticated, CurrentActor, permits } from '#identity';
import { type ConnectionOf, isId, isRefused, type LoaderHolder, loader, pageCost, pageRequest, toConnection } from '#shared';
import { Settlement } from '../settlement.facade.js';
import { AcceptTradeInput, RefundTradeInput, tradeFilterOf, TradesArgs } from './settlement.inputs.js';
import { toJournalType, toPayoutType, toReversalType, toTradeType, toTrialBalanceType } from './settlement.mapping.js';
import * as T from './settlement.types.js';

@Resolver(() => T.Trade)
@Authenticated()
export class SettlementResolver {
  constructor(private readonly settlement: Settlement) {}

  @Asks('settlement:read', 'settlement:read-ledger', 'oversight:read')
  @Query(() => T.Trade, { nullable: true, description: 'A trade, for its vendor, its buyer and staff; null for others.' })
  async trade(@CurrentActor() actor: Actor, @Args('id', { type: () => ID }) id: string): Promise<T.Trade | null> {
    const trade = isId(id) ? await this.settlement.tradeFor(actor, id) : null;
    return trade && toTradeType(trade);
  }

  @Asks('settlement:read', 'settlement:read-ledger', 'oversight:read')
  @Query(() => T.TradeConnection, { complexity: pageCost, description: "The trades of the caller's organisation, newest first; all of them for staff. `from` and `until` are of the execution." })
  async trades(@CurrentActor() actor: Actor, @Args() page: TradesArgs): Promise<ConnectionOf<T.Trade>> {
    return toConnection(await this.settlement.tradesFor(actor, tradeFilterOf(page), pageRequest(page.first, page.after, 1)), toTradeType);
  }

  @Asks('settlement:read-ledger')
  @Query(() => [T.TrialBalance], { nullable: true, description: 'The ledger per currency; null for whoever may not read it.' })
  async trialBalance(@CurrentActor() actor: Actor): Promise<T.TrialBalance[] | null> {
    return (await this.settlement.trialBalanceFor(actor))?.map(toTrialBalanceType) ?? null;
  }

  @Asks('settlement:read', 'settlement:read-ledger', 'oversight:read')
  @ResolveField(() => T.Payout, { nullable: true, description: 'The payout that carries its proceeds; for the vendor and staff.' })
  async payout(@Parent() trade: T.Trade, @CurrentActor() actor: Actor, @Context() context: LoaderHolder): Promise<T.Payout | null> {
    if (!trade.payoutId || !this.settlement.seesPayout(actor, trade)) return null;
    const payout = await loader(context, 'settlement.payout', (ids) => this.settlement.payoutsByIds(ids)).load(trade.payoutId);
    return payout && toPayoutType(payout);
  }

  @Asks('settlement:read', 'settlement:read-ledger', 'oversight:read')
  @ResolveField(() => [T.Reversal], { complexity: ({ childComplexity }) => 2 + 3 * childComplexity, description: 'What went back of it, oldest first.' })
  async reversals(@Parent() trade: T.Trade, @Context() context: LoaderHolder): Promise<T.Reversal[]> {
    const found = await loader(context, 'settlement.reversals', (ids) => this.settlement.reversalsOfTrades(ids)).load(trade.id);
    return (found ?? []).map(toReversalType);
  }

  @Asks('settlement:refund')
  @Mutation(() => T.RefundTradeResult, { description: 'The vendor gives back a trade, or a part of it, before or after his payout. What he was paid already he owes then: the next clearings net it, and the buyer has his refund once it is covered. Both sides are told; credit notes follow.' })
  async refundTrade(@CurrentActor() actor: Actor, @Args('input') { tradeId, amountMinor, reason }: RefundTradeInput): Promise<object> {
    const trade = await this.settlement.refundTrade(actor, { tradeId, amountMinor: amountMinor ? BigInt(amountMinor) : null, reason });
    return isRefused(trade) ? trade : toTradeType(trade);
  }

  @Asks('settlement:read-ledger')
  @ResolveField(() => [T.Journal], { nullable: true, complexity: 20, description: 'The journals of the trade and of its payout, oldest first; for staff that may read the ledger.' })
  async journals(@Parent() trade: T.Trade, @CurrentActor() actor: Actor): Promise<T.Journal[] | null> {
    if (!permits(actor, 'settlement:read-ledger')) return null;
    return (await this.settlement.journalsOfTrade(trade.id)).map(toJournalType);
  }

  @Asks('settlement:accept')
  @Mutation(() => T.AcceptTradeResult, { description: 'The buyer accepts what was delivered, before the window does it for him.' })
  async acceptTrade(@CurrentActor() actor: Actor, @Args('input') input: AcceptTradeInput): Promise<object> {
    const trade = await this.settlement.acceptTrade(actor, input.tradeId);
    return isRefused(trade) ? trade : toTradeType(trade);
  }
}
