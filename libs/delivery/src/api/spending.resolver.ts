import { Args, Field, ID, ObjectType, Query, Resolver } from '@nestjs/graphql';
import { SpendingCapType, toCapType } from '#contracts';
import { type Actor, Asks, Authenticated, CurrentActor } from '#identity';
import { money, MoneyType, toMoneyType } from '#shared';
import { type LicenceSpent, SpendingReader } from '../use-cases/spending/read-spending.js';

@ObjectType({ description: 'What a licence has cost its buyer in a period, net of tax, by the lines that are billed.' })
export class LicenceSpending {
  @Field(() => SpendingCapType, { nullable: true, description: 'The cap; null: there is none.' }) cap?: SpendingCapType | null;
  @Field(() => Date, { description: 'First instant of the period: that of the cap, or of the plan where there is none.' }) from: Date;
  @Field(() => Date, { description: 'The first instant that is not in it any more.' }) until: Date;
  @Field(() => MoneyType, { description: 'Paid in advance and used up to now.' }) spent: MoneyType;
  @Field(() => MoneyType, { description: 'What open downloads would add; it counts against the cap until they are done or over.' }) open: MoneyType;
  @Field(() => MoneyType, { nullable: true, description: 'What the cap leaves; null: there is none.' }) left?: MoneyType | null;
}

@Resolver()
@Authenticated()
export class SpendingResolver {
  constructor(private readonly reader: SpendingReader) {}

  @Asks('contracts:cap-spending', 'oversight:read')
  @Query(() => LicenceSpending, { nullable: true, complexity: 20, description: 'What a licence has cost in the period that runs. For its buyer and the overseers of the exchange; null before it begins and in a trial, where nothing costs anything.' })
  async licenceSpending(@CurrentActor() actor: Actor, @Args('licenceId', { type: () => ID, description: 'Which licence.' }) licenceId: string): Promise<LicenceSpending | null> {
    const found = await this.reader.execute(actor, licenceId);
    return found && toSpending(found);
  }
}

function toSpending({ cap, reckoning: { currency, window }, usedMinor, openMinor }: LicenceSpent): LicenceSpending {
  const shown = (minor: bigint): MoneyType => toMoneyType(money(minor, currency));
  const left = cap && cap.amountMinor - usedMinor - openMinor;
  return { cap: cap && toCapType(cap), ...window, spent: shown(usedMinor), open: shown(openMinor), left: left === null ? null : shown(left > 0n ? left : 0n) };
}
