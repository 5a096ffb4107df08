import { ArgsType, Field, ObjectType, registerEnumType } from '@nestjs/graphql';
import { IsIn, IsOptional, Matches } from 'class-validator';
import { connectionType, type Currency, enumOf, MoneyType, PageArgs, toMoneyType } from '#shared';
import { type Breakdown, BREAKDOWNS, LEAST_TRADERS, OTHER } from '../../domain/statistics/disclosure.js';
import { GRACE_DAYS, growth } from '../../domain/statistics/months.js';
import type { Statistic } from '../../storage/statistics/statistics.repository.js';

const BreakdownEnum = enumOf(BREAKDOWNS);
registerEnumType(BreakdownEnum, {
  name: 'StatisticsBreakdown', description: 'By what trades are told apart.',
  valuesMap: { TOTAL: { description: 'Not at all.' }, SECTOR: { description: "By the first theme of the product; NONE where it has none." }, COUNTRY_PAIR: { description: "By the vendor's country and the buyer's." } },
});
const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/;

@ObjectType('ExchangeStatistic', {
  description: `What was traded in a month in one currency. A trade is an agreement whose licence began, in the month in which what is paid for begins: of a trial that converts, in the month of its end. Where a term ends early, or another agreement takes its place, before the month is published, it counts with the periods that had begun; afterwards nothing published changes, and of the agreement that took the place what is published already is left out. Figures to which fewer than ${LEAST_TRADERS} vendors or buyers contributed, or two of a side more than 85 %, are not shown: they stand together in OTHER, and where that is not enough, not at all.`,
})
export class ExchangeStatisticType {
  @Field(() => String, { description: '`YYYY-MM`, by UTC.' }) month: string;
  @Field(() => BreakdownEnum, { description: 'By what it is told apart.' }) breakdown: Breakdown;
  @Field(() => String, { nullable: true, description: 'Of SECTOR: a code of the EU data-theme table, or NONE.' }) sector?: string | null;
  @Field(() => String, { nullable: true, description: "Of COUNTRY_PAIR: the vendor's, ISO 3166-1 alpha-2." }) vendorCountry?: string | null;
  @Field(() => String, { nullable: true, description: "Of COUNTRY_PAIR: the buyer's." }) buyerCountry?: string | null;
  @Field(() => Boolean, { description: 'Whether it is those together that are not shown one by one.' }) other: boolean;
  @Field(() => String, { description: 'How many trades: a whole number.' }) trades: string;
  @Field(() => MoneyType, { description: 'What was agreed on for the whole terms, or fell due of those that ended early, net of tax, use left out. Amounts of two currencies are never added.' }) value: MoneyType;
  @Field(() => String, { nullable: true, description: 'By how many percent the trades grew since the same month of the year before, two decimals; null where that is not shown, and of OTHER.' }) tradesGrowthPercent?: string | null;
  @Field(() => String, { nullable: true, description: 'The same of the value.' }) valueGrowthPercent?: string | null;
}
export const ExchangeStatisticConnection = connectionType(ExchangeStatisticType, 'ExchangeStatistic');

@ArgsType()
export class ExchangeStatisticsArgs extends PageArgs {
  @IsOptional() @IsIn(BREAKDOWNS) @Field(() => BreakdownEnum, { defaultValue: 'TOTAL', description: 'By what trades are told apart.' }) breakdown: Breakdown = 'TOTAL';
  @IsOptional() @Matches(MONTH) @Field(() => String, { nullable: true, description: '`YYYY-MM`, included.' }) from?: string | null;
  @IsOptional() @Matches(MONTH) @Field(() => String, { nullable: true, description: `\`YYYY-MM\`, included. A month is published ${GRACE_DAYS} days after its end, and then never changes.` }) to?: string | null;
  @IsOptional() @Matches(/^[A-Z]{3}$/) @Field(() => String, { nullable: true, description: 'ISO 4217 code.' }) currency?: string | null;
  @IsOptional() @Matches(/^[A-Z][A-Z0-9_]{1,39}$/) @Field(() => String, { nullable: true, description: 'Of SECTOR: this one.' }) sector?: string | null;
  @IsOptional() @Matches(/^[A-Z]{2}$/) @Field(() => String, { nullable: true, description: 'Of COUNTRY_PAIR: on either side, ISO 3166-1 alpha-2.' }) country?: string | null;
}

export const toStatisticType = ({ month, breakdown, cell, sector, vendorCountry, buyerCountry, trades, currency, valueMinor, tradesYearBefore, valueMinorYearBefore }: Statistic): ExchangeStatisticType => ({
  month, breakdown, sector, vendorCountry, buyerCountry, other: cell === OTHER, trades: trades.toString(), value: toMoneyType({ minor: valueMinor, currency: currency as Currency }),
  tradesGrowthPercent: tradesYearBefore === null ? null : growth(trades, tradesYearBefore), valueGrowthPercent: valueMinorYearBefore === null ? null : growth(valueMinor, valueMinorYearBefore),
});
