import { Injectable, type OnModuleInit } from '@nestjs/common';
import { asExchange, Sweeps, UnitOfWork } from '#shared';
import { UsageRollupRepository } from '../../storage/usage-rollup.repository.js';

/** What is not yet in the sums is added when they are read: a short tail keeps that quick, and no longer a turn keeps others from it. */
const EVERY_MS = 1_000;

/** Adds what was recorded to the sums per hour, in the order in which transactions began. */
@Injectable()
export class RollUpUsage implements OnModuleInit {
  constructor(private readonly uow: UnitOfWork, private readonly rollups: UsageRollupRepository, private readonly sweeps: Sweeps) {}

  /** Before anything is recorded by this process. */
  async onModuleInit(): Promise<void> {
    await asExchange(() => this.uow.run((tx) => this.rollups.keepPositions(tx)));
    this.sweeps.add({ name: 'metering.roll-up', everyMs: EVERY_MS, run: () => this.execute() });
  }

  async execute(): Promise<void> {
    while ((await this.uow.run((tx) => this.rollups.advance(tx))) === 'behind');
  }
}
