import { Args, Context, Mutation, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { type Actor, Asks, Authenticated, CurrentActor } from '#identity';
import { isRefused, loader, type LoaderHolder } from '#shared';
import { type LicencePrice, LicencePriceRepository } from '../../storage/licence-price.repository.js';
import { ChangePrice } from '../../use-cases/offers/change-price.js';
import { Licence } from '../contracts.types.js';
import { showOffer, toPlans, toPlanType } from './offers.mapping.js';
import { ChangePriceInput } from './subscriptions.inputs.js';
import { ChangePriceResult, PriceChange } from './subscriptions.types.js';

/** Who sees a licence sees what it will cost. */
@Resolver(() => Licence)
@Authenticated()
export class PriceChangesResolver {
  constructor(private readonly prices: LicencePriceRepository, private readonly changing: ChangePrice) {}

  @ResolveField(() => [PriceChange], { complexity: ({ childComplexity }) => 5 + 3 * childComplexity, description: 'Changes of its price that its buyer was told of, oldest first.' })
  async priceChanges(@Parent() licence: Licence, @Context() context: LoaderHolder): Promise<PriceChange[]> {
    const found = (await loader<LicencePrice[]>(context, 'contracts.licence-prices', (ids) => this.prices.ofLicences(ids)).load(licence.id)) ?? [];
    return found.map(({ plan, effectiveOn, announcedAt }) => ({ plan: toPlanType(plan), effectiveOn, announcedAt }));
  }

  @Asks('contracts:offer')
  @Mutation(() => ChangePriceResult, { description: 'New prices: another offer takes the place of this one for new orders. Running licences follow at the turn of their period where a plan replaces theirs; their buyers are told at once, and it takes 30 days at the least. Where the caller may bind his organisation only with a second, all of it waits for `signOffer`.' })
  async changePrice(@CurrentActor() actor: Actor, @Args('input') { offerId, plans, effectiveOn, subscribersFrom }: ChangePriceInput): Promise<object> {
    const terms = toPlans(plans.map((p) => p.plan));
    if (isRefused(terms)) return terms;
    const changed = (terms as Exclude<typeof terms, { refused: true }>).map((t, i) => ({ terms: t, replaces: plans[i]!.replaces ?? [] }));
    return showOffer(await this.changing.execute(actor, { offerId, plans: changed, effectiveOn: effectiveOn ?? null, subscribersFrom: subscribersFrom ?? null }));
  }
}
