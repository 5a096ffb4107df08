import { Args, ID, Int, Mutation, Query, Resolver } from '@nestjs/graphql';
import { type Actor, Asks, Authenticated, CurrentActor } from '#identity';
import { type ConnectionOf, PageArgs, pageCost, pageRequest, toConnection } from '#shared';
import { MarketDesk, MOST_MONTHS } from '../../use-cases/market/market-desk.js';
import { AnnouncementConnection, AnnouncementType, AnnounceProductInput, AnnounceProductResult, FunnelMonthType } from './market.types.js';

@Resolver()
@Authenticated()
export class MarketResolver {
  constructor(private readonly desk: MarketDesk) {}

  @Asks('catalog:manage')
  @Mutation(() => AnnounceProductResult, { description: 'Tells everybody who holds a licence on a product.' })
  announceProduct(@CurrentActor() actor: Actor, @Args('input') { effectiveOn, ...input }: AnnounceProductInput): Promise<object> {
    return this.desk.announcing.execute(actor, { ...input, effectiveOn: effectiveOn ?? null });
  }

  @Asks('AUTHENTICATED', 'catalog:manage', 'catalog:read-all')
  @Query(() => AnnouncementConnection, { nullable: true, complexity: pageCost, description: 'What the vendor of a product told its licensees, newest first; null where the product is not to be seen.' })
  async announcements(@CurrentActor() actor: Actor, @Args('productId', { type: () => ID, description: 'The product.' }) productId: string, @Args() page: PageArgs): Promise<ConnectionOf<AnnouncementType> | null> {
    const found = await this.desk.announcements(actor, productId, pageRequest(page.first, page.after, 1));
    return found && toConnection(found, (a) => a);
  }

  @Asks('catalog:manage')
  @Query(() => [FunnelMonthType], { nullable: true, complexity: ({ childComplexity }) => 12 * childComplexity, description: 'How a product of your own does, latest month first; null where it is not yours.' })
  async productFunnel(
    @CurrentActor() actor: Actor, @Args('productId', { type: () => ID, description: 'The product.' }) productId: string,
    @Args('months', { type: () => Int, defaultValue: 12, description: `How many, from 1 to ${MOST_MONTHS}.` }) months: number,
  ): Promise<FunnelMonthType[] | null> {
    const found = await this.desk.funnel(actor, productId, months);
    return found && found.map((m) => ({ month: m.month, views: m.views.toString(), samples: m.samples.toString(), requests: m.requests.toString(), trades: m.trades.toString() }));
  }
}
