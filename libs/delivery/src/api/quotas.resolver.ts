import { Args, Field, ID, ObjectType, Query, Resolver } from '@nestjs/graphql';
import { toQuotaType, UsageQuotaType } from '#contracts';
import { type Actor, Asks, Authenticated, CurrentActor } from '#identity';
import type { QuotaUse } from '../use-cases/spending/quota-limit.js';
import { QuotaReader } from '../use-cases/spending/read-quotas.js';

@ObjectType({ description: 'A quota of a licence and what was used of it in the period that runs.' })
export class QuotaUsage {
  @Field(() => UsageQuotaType, { description: 'The quota.' }) quota: UsageQuotaType;
  @Field(() => Date, { description: 'First instant of its period.' }) from: Date;
  @Field(() => Date, { description: 'The first instant that is not in it any more.' }) until: Date;
  @Field(() => String, { description: 'What was used, a whole number. Reported use may go beyond the quota.' }) used: string;
  @Field(() => String, { description: 'What open downloads may still take; it counts until they are done or over.' }) open: string;
  @Field(() => String, { description: 'What is left, 0 at the least: beyond it a system of the vendor should serve no more where the quota is hard.' }) left: string;
}

@Resolver()
@Authenticated()
export class QuotasResolver {
  constructor(private readonly reader: QuotaReader) {}

  @Asks('metering:read', 'oversight:read')
  @Query(() => [QuotaUsage], { nullable: true, complexity: 20, description: 'The quotas of a licence, of its plan and of its buyer. For its vendor, its buyer and the overseers of the exchange; null for others.' })
  async licenceQuotas(@CurrentActor() actor: Actor, @Args('licenceId', { type: () => ID, description: 'Which licence.' }) licenceId: string): Promise<QuotaUsage[] | null> {
    return (await this.reader.execute(actor, licenceId))?.map(toUsage) ?? null;
  }
}

function toUsage({ quota, window, used, open }: QuotaUse): QuotaUsage {
  const left = quota.quantity - used - open;
  return { quota: toQuotaType(quota), ...window, used: used.toString(), open: open.toString(), left: (left > 0n ? left : 0n).toString() };
}
