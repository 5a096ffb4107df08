import { Injectable } from '@nestjs/common';
import { type Actor, authorise } from '#identity';
import { Grouped, type Refusal } from '#shared';
import type { UsageClaim } from '../../domain/cloud-event.js';
import { MAX_BATCH } from '../../domain/usage-event.js';
import { CountReports, type Outcome, type Told } from './count-reports.js';

/** Events that wait for their transaction: a second's worth. Whoever comes then is told to come again. */
const MOST_WAITING = 20_000;

/** Takes reported uses and answers when they are durable: callers that come while a transaction runs share the next one. */
@Injectable()
export class ReportUsage {
  private readonly grouped: Grouped<Told, Outcome[]>;

  constructor(counting: CountReports) {
    this.grouped = new Grouped((told) => counting.execute(told), { most: MAX_BATCH, weigh: (told) => told.claims.length });
  }

  /** Why this caller may report nothing, whatever he brings. */
  refusal(actor: Actor): Refusal | undefined {
    return authorise(actor, 'metering:report');
  }

  /** Up to 1,000 events; in their sequence what became of each, or why the caller may report nothing. */
  async execute(actor: Actor, claims: readonly UsageClaim[]): Promise<Outcome[] | Refusal | 'busy'> {
    const refusal = this.refusal(actor);
    if (refusal) return refusal;
    if (claims.length === 0) return [];
    if (this.grouped.weight + claims.length > MOST_WAITING) return 'busy';
    return this.grouped.add({ actor, claims });
  }
}
