import { Injectable } from '@nestjs/common';
import { Clock, Database } from '#shared';

const MONTHS_AHEAD = 4;
const ENSURE = { name: 'settlement.ensure-partitions', text: `select shared.ensure_month_partitions('settlement.posting', $1::date, $2)` };

/** Makes the monthly partitions of the postings: this month and three ahead. */
@Injectable()
export class PostingPartitions {
  constructor(private readonly database: Database, private readonly clock: Clock) {}

  async ensure(): Promise<void> {
    await this.database.query(ENSURE, [this.clock.now(), MONTHS_AHEAD]);
  }
}
