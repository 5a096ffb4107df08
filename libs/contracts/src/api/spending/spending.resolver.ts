import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { type Actor, Asks, Authenticated, CurrentActor } from '#identity';
import { type ConnectionOf, isRefused, money, PageArgs, pageCost, pageRequest, type Result, toConnection, toMoneyType } from '#shared';
import type { CapPeriod } from '../../domain/spending/spending.js';
import { LicenceSpending } from '../../licence-spending.facade.js';
import type { SpendingCap } from '../../storage/spending-cap.repository.js';
import { SetSpendingCap } from '../../use-cases/spending/set-spending-cap.js';
import * as T from './spending.types.js';

export const toCapType = ({ amountMinor, currency, ...cap }: SpendingCap): T.SpendingCap => ({ ...cap, amount: toMoneyType(money(amountMinor, currency)) });
const show = (result: Result<SpendingCap>): object => (isRefused(result) ? result : toCapType(result));

@Resolver()
@Authenticated()
export class SpendingResolver {
  constructor(private readonly spending: LicenceSpending, private readonly setting: SetSpendingCap) {}

  @Asks('contracts:cap-spending')
  @Query(() => T.SpendingCapConnection, { nullable: true, complexity: pageCost, description: "The caps of the caller's organisation, the one that was set last first." })
  async spendingCaps(
    @CurrentActor() actor: Actor, @Args() page: PageArgs, @Args('period', { type: () => T.CapPeriodEnum, nullable: true, description: 'Only those by this period.' }) period: CapPeriod | null,
  ): Promise<ConnectionOf<T.SpendingCap> | null> {
    const found = await this.spending.capsOf(actor, period ?? null, pageRequest(page.first, page.after, 1));
    return found && toConnection(found, toCapType);
  }

  @Asks('contracts:cap-spending')
  @Mutation(() => T.SetSpendingCapResult, { description: 'The buyer caps what a licence costs him in a period; in place of the cap before. What is granted by then stays granted.' })
  async setSpendingCap(@CurrentActor() actor: Actor, @Args('input') { amountMinor, ...input }: T.SetSpendingCapInput): Promise<object> {
    return show(await this.setting.set(actor, { ...input, amountMinor: BigInt(amountMinor) }));
  }

  @Asks('contracts:cap-spending')
  @Mutation(() => T.LiftSpendingCapResult, { description: 'The buyer takes the cap away; answers what it was.' })
  async liftSpendingCap(@CurrentActor() actor: Actor, @Args('input') input: T.LiftSpendingCapInput): Promise<object> {
    return show(await this.setting.lift(actor, input));
  }
}
