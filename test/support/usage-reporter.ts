import { setTimeout as pause } from 'node:timers/promises';
import { newId } from '#shared';

type Event = Record<string, unknown>;
export interface ReportTally { readonly tried: number; readonly different: number; readonly unanswered: number; readonly recorded: number; readonly duplicates: number; readonly quantity: bigint }

/** A vendor's gateway through thick and thin: it sends what was used until it is answered, some of it a second time and in another sequence. */
export class UsageReporter {
  private readonly made = new Map<string, number>();
  private readonly counts = { tried: 0, recorded: 0, duplicates: 0, unanswered: 0 };

  constructor(private readonly url: string, private readonly key: string, private readonly licenceId: string, private readonly next: () => number) {}

  /** Sends batches, or single events, as long as `goesOn` says. */
  async run(batch: number, goesOn: () => boolean): Promise<void> {
    while (goesOn()) {
      const events = Array.from({ length: batch }, () => this.event());
      await this.report(events);
      if (this.next() < 0.2) await this.report(events.toReversed());
    }
  }

  tally(): ReportTally {
    return { ...this.counts, different: this.made.size, quantity: BigInt([...this.made.values()].reduce((sum, q) => sum + q, 0)) };
  }

  private event(): Event {
    const [id, quantity] = [newId(), 1 + Math.floor(this.next() * 5)];
    this.made.set(id, quantity);
    return { specversion: '1.0', type: 'entrepot.usage.v1', source: 'urn:gateway', id, subject: this.licenceId, time: new Date().toISOString(), data: { meter: 'calls', quantity } };
  }

  /** Until it is answered: the first answer may say that it was counted, though nobody heard so. */
  private async report(events: readonly Event[]): Promise<void> {
    for (;;) {
      const answered = await this.post(events);
      if (!answered) {
        await pause(200 + this.next() * 300);
        continue;
      }
      for (const status of answered) {
        if (status === 'recorded') this.counts.recorded += 1;
        else if (status === 'duplicate') this.counts.duplicates += 1;
        else throw new Error(`answered ${status}`);
      }
      return;
    }
  }

  /** What became of each; null where nobody answered or it was too much. */
  private async post(events: readonly Event[]): Promise<string[] | null> {
    const batched = events.length > 1;
    this.counts.tried += events.length;
    const response = await fetch(`${this.url}/v1/usage-events`, {
      method: 'POST', headers: { 'content-type': batched ? 'application/cloudevents-batch+json' : 'application/cloudevents+json', authorization: `Bearer ${this.key}` }, body: JSON.stringify(batched ? events : events[0]),
    }).catch(() => null);
    const answer = response?.ok ? ((await response.json().catch(() => null)) as { status: string; results?: { status: string }[] } | null) : null;
    if (!answer) this.counts.unanswered += events.length;
    return answer && (answer.results ?? [answer]).map((r) => r.status);
  }
}
