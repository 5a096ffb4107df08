import { Args, Query, Resolver } from '@nestjs/graphql';
import { Public } from '#identity';
import { type ConnectionOf, pageCost, pageRequest, toConnection } from '#shared';
import { StatisticsRepository } from '../../storage/statistics/statistics.repository.js';
import * as T from './statistics.types.js';

@Resolver()
@Public()
export class StatisticsResolver {
  constructor(private readonly statistics: StatisticsRepository) {}

  @Query(() => T.ExchangeStatisticConnection, { complexity: pageCost, description: 'What is traded on the exchange, by month, latest first; for everybody.' })
  async exchangeStatistics(@Args() { breakdown, from, to, currency, sector, country, first, after }: T.ExchangeStatisticsArgs): Promise<ConnectionOf<T.ExchangeStatisticType>> {
    const found = await this.statistics.page({ breakdown, from: from ?? null, to: to ?? null, currency: currency ?? null, sector: sector ?? null, country: country ?? null }, pageRequest(first, after, 3));
    return toConnection(found, T.toStatisticType);
  }
}
