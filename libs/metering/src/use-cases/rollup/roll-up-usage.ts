import { Injectable, type OnModuleInit } from '@nestjs/common';
import { LicenceQuotas } from '#contracts';
import { asExchange, Outbox, Sweeps, systemCaller, type Tx, UnitOfWork } from '#shared';
import { UsageCounted } from '../../metering.events.js';
import { type CountedReports, UsageRollupRepository } from '../../storage/usage-rollup.repository.js';

/** What is not yet in the sums is added when they are read: a short tail keeps that quick, and no longer a turn keeps others from it. */
const EVERY_MS = 1_000;

/** Adds what was recorded to the sums per hour, in the order in which transactions began. */
@Injectable()
export class RollUpUsage implements OnModuleInit {
  constructor(private readonly uow: UnitOfWork, private readonly rollups: UsageRollupRepository, private readonly quotas: LicenceQuotas, private readonly outbox: Outbox, private readonly sweeps: Sweeps) {}

  /** Before anything is recorded by this process. */
  async onModuleInit(): Promise<void> {
    await asExchange(() => this.uow.run((tx) => this.rollups.keepPositions(tx)));
    this.sweeps.add({ name: 'metering.roll-up', everyMs: EVERY_MS, run: () => this.execute() });
  }

  async execute(): Promise<void> {
    while (await this.uow.run((tx) => this.turn(tx)));
  }

  private async turn(tx: Tx): Promise<boolean> {
    const turn = await this.rollups.advance(tx);
    if (turn?.reports.length) await this.tell(tx, turn.reports);
    return turn?.behind ?? false;
  }

  /** Of the licences that somebody watches, once a turn, however much was reported in it. */
  private async tell(tx: Tx, reports: readonly CountedReports[]): Promise<void> {
    const watched = await this.quotas.watched(reports.map((r) => r.licenceId));
    for (const report of reports) if (watched.has(report.licenceId)) await this.outbox.publish(tx, systemCaller('metering'), UsageCounted, report.licenceId, report);
  }
}
