import { Injectable } from '@nestjs/common';
import { type Actor, authorise } from '#identity';
import type { Refusal } from '#shared';
import type { UsageClaim } from '../../domain/cloud-event.js';
import { MAX_BATCH } from '../../domain/usage-event.js';
import { CountReports, type Outcome, type Told } from './count-reports.js';

/** Events that wait for their transaction: a second's worth. Whoever comes then is told to come again. */
const MOST_WAITING = 20_000;
/** Transactions that run beside one another: while one waits for the disk, the next is put together. */
const AT_ONCE = 2;

interface Waiting extends Told {
  readonly answer: (outcomes: Outcome[]) => void;
  readonly fail: (error: unknown) => void;
}

/**
 * Takes reported uses and answers when they are durable. Callers that come while a transaction runs share the next one (group commit):
 * a commit costs the same for one event as for a thousand. Nothing is kept here but callers who wait for their answer.
 */
@Injectable()
export class ReportUsage {
  private waiting: Waiting[] = [];
  private events = 0;
  private running = 0;

  constructor(private readonly counting: CountReports) {}

  /** Why this caller may report nothing, whatever he brings. */
  refusal(actor: Actor): Refusal | undefined {
    return authorise(actor, 'metering:report');
  }

  /** Up to 1,000 events; in their sequence what became of each, or why the caller may report nothing. */
  async execute(actor: Actor, claims: readonly UsageClaim[]): Promise<Outcome[] | Refusal | 'busy'> {
    const refusal = this.refusal(actor);
    if (refusal) return refusal;
    if (claims.length === 0) return [];
    if (this.events + claims.length > MOST_WAITING) return 'busy';
    this.events += claims.length;
    return new Promise<Outcome[]>((answer, fail) => {
      this.waiting.push({ actor, claims, answer, fail });
      // The requests of this turn of the event loop come together.
      if (this.running < AT_ONCE) setImmediate(() => this.next());
    });
  }

  private next(): void {
    if (this.running >= AT_ONCE || this.waiting.length === 0) return;
    const taken: Waiting[] = [];
    for (let room = MAX_BATCH; this.waiting[0] && (taken.length === 0 || this.waiting[0].claims.length <= room); room -= taken.at(-1)!.claims.length) taken.push(this.waiting.shift()!);
    this.running += 1;
    void this.settle(taken).finally(() => {
      this.events -= taken.reduce((sum, t) => sum + t.claims.length, 0);
      this.running -= 1;
      this.next();
    });
    this.next();
  }

  /** One that cannot be counted does not take the others with it. */
  private async settle(taken: readonly Waiting[]): Promise<void> {
    try {
      const outcomes = await this.counting.execute(taken);
      for (const [i, { answer }] of taken.entries()) answer(outcomes[i]!);
    } catch (error) {
      if (taken.length === 1) return taken[0]!.fail(error);
      for (const one of taken) await this.settle([one]);
    }
  }
}
