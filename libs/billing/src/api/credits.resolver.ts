import { Context, Field, ID, Int, ObjectType, Parent, registerEnumType, ResolveField, Resolver } from '@nestjs/graphql';
import { LicenceType } from '#contracts';
import { Authenticated } from '#identity';
import { enumOf, loader, type LoaderHolder, money, MoneyType, toMoneyType } from '#shared';
import { CREDIT_CAUSES, creditTexts } from '../domain/credit.js';
import { CreditRepository, type ShownCredit } from '../storage/credit.repository.js';

const CauseEnum = enumOf(CREDIT_CAUSES);
registerEnumType(CauseEnum, { name: 'CreditCause', description: "REST: the licence rested, and not by its buyer's doing. UNUSED: days that were left of an agreement when another took its place. CORRECTION: use that was charged had been counted too high." });

@ObjectType({ description: 'What of a credit was set off against a charge.' })
export class CreditUse {
  @Field(() => ID, { nullable: true, description: 'The trade; null: nothing was left to pay of the charge, or it went on to the licence of an agreement that follows.' }) tradeId?: string | null;
  @Field(() => MoneyType, { description: 'Net of tax.' }) amount: MoneyType;
  @Field(() => Date, { description: 'When.' }) usedAt: Date;
}

@ObjectType({ description: 'What was paid and could not be used: set off against later purchases and periods, the oldest first.' })
export class LicenceCredit {
  @Field(() => ID, { description: 'UUID.' }) id: string;
  @Field(() => CauseEnum, { description: 'Why.' }) cause: string;
  @Field(() => ID, { description: 'The licence that it is about: this one, or one whose place its agreement took.' }) ofLicenceId: string;
  @Field(() => Int, { description: 'Days that are credited; 0 of a CORRECTION.' }) days: number;
  @Field(() => Int, { description: 'Days of the period that they are of.' }) ofDays: number;
  @Field(() => Date, { description: 'When that period begins.' }) periodFrom: Date;
  @Field(() => Date, { description: 'When it ends.' }) periodUntil: Date;
  @Field(() => MoneyType, { description: 'Net of tax. The share of the days, rounded once in favour of the buyer.' }) amount: MoneyType;
  @Field(() => MoneyType, { description: 'What is left of it.' }) open: MoneyType;
  @Field(() => [CreditUse], { description: 'What it was set off against.' }) uses: readonly CreditUse[];
  @Field(() => [String], { description: 'Why, in words: English, then Chinese.' }) texts: readonly string[];
  @Field(() => Date, { description: 'When it was given.' }) givenAt: Date;
}

/** Who sees a licence sees what was credited under it. */
@Resolver(() => LicenceType)
@Authenticated()
export class CreditsResolver {
  constructor(private readonly credits: CreditRepository) {}

  @ResolveField('credits', () => [LicenceCredit], { complexity: ({ childComplexity }) => 5 + 3 * childComplexity, description: 'What was paid and could not be used, newest first, a hundred at the most.' })
  async ofLicence(@Parent() { id }: LicenceType, @Context() context: LoaderHolder): Promise<LicenceCredit[]> {
    const found = (await loader<ShownCredit[]>(context, 'billing.credits', (ids) => this.credits.ofLicences(ids)).load(id)) ?? [];
    return found.map((c) => {
      const amount = (minor: bigint): MoneyType => toMoneyType(money(minor, c.currency));
      return { ...c, periodFrom: c.spanFrom, periodUntil: c.spanUntil, amount: amount(c.netMinor), open: amount(c.openMinor), texts: creditTexts(c), uses: c.uses.map(({ tradeId, netMinor, usedAt }) => ({ tradeId, amount: amount(netMinor), usedAt })) };
    });
  }
}
