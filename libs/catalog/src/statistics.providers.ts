import { StatisticsResolver } from './api/statistics/statistics.resolver.js';
import { ExchangeTrades } from './exchange-trades.facade.js';
import { StatisticsRepository } from './storage/statistics/statistics.repository.js';
import { CountTrade } from './use-cases/statistics/count-trade.js';
import { PublishMonths } from './use-cases/statistics/publish-months.js';

/** What the module of this room provides for the statistics of the exchange. */
export const statisticsProviders = [StatisticsRepository, CountTrade, PublishMonths, ExchangeTrades, StatisticsResolver];
