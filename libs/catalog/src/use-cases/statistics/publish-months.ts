import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Clock, Sweeps, type Tx, UnitOfWork } from '#shared';
import { disclosed } from '../../domain/statistics/disclosure.js';
import { isOver } from '../../domain/statistics/months.js';
import { StatisticsRepository } from '../../storage/statistics/statistics.repository.js';

const EVERY_MS = 60_000;

/** Publishes the figures of each month once, some days after its end, and never changes them: whoever compared them before and after a trade would read it off. */
@Injectable()
export class PublishMonths implements OnModuleInit {
  constructor(private readonly uow: UnitOfWork, private readonly statistics: StatisticsRepository, private readonly clock: Clock, private readonly sweeps: Sweeps) {}

  onModuleInit(): void {
    this.sweeps.add({ name: 'catalog.publish-statistics', everyMs: EVERY_MS, run: () => this.execute() });
  }

  async execute(): Promise<void> {
    while (await this.uow.run((tx) => this.publishNext(tx)));
  }

  private async publishNext(tx: Tx): Promise<boolean> {
    const month = await this.statistics.nextMonth(tx);
    if (month === null || !isOver(month, this.clock.now())) return false;
    const traded = await this.statistics.contributions(tx, month);
    await this.statistics.publish(tx, month, this.clock.now(), [...traded].flatMap(([currency, all]) => disclosed(all).map((cell) => ({ ...cell, currency }))));
    return true;
  }
}
