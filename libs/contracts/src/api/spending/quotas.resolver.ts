import { Args, Mutation, Resolver } from '@nestjs/graphql';
import { type Actor, Asks, Authenticated, CurrentActor } from '#identity';
import { isRefused, type Result } from '#shared';
import type { UsageQuota } from '../../domain/spending/quota.js';
import { SetUsageQuota } from '../../use-cases/spending/set-usage-quota.js';
import * as T from './quotas.types.js';

export const toQuotaType = (quota: UsageQuota): T.UsageQuota => ({ ...quota, quantity: quota.quantity.toString() });
const show = (result: Result<UsageQuota>): object => (isRefused(result) ? result : toQuotaType(result));

@Resolver()
@Authenticated()
export class QuotasResolver {
  constructor(private readonly setting: SetUsageQuota) {}

  @Asks('contracts:cap-spending')
  @Mutation(() => T.SetUsageQuotaResult, { description: 'The buyer limits what is used under a licence in a period; in place of the quota before. What is granted by then stays granted.' })
  async setUsageQuota(@CurrentActor() actor: Actor, @Args('input') { quantity, ...input }: T.SetUsageQuotaInput): Promise<object> {
    return show(await this.setting.set(actor, { ...input, quantity: BigInt(quantity) }));
  }

  @Asks('contracts:cap-spending')
  @Mutation(() => T.LiftUsageQuotaResult, { description: 'The buyer takes his quota away; answers what it was.' })
  async liftUsageQuota(@CurrentActor() actor: Actor, @Args('input') input: T.LiftUsageQuotaInput): Promise<object> {
    return show(await this.setting.lift(actor, input));
  }
}
