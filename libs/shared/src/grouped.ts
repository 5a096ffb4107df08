interface Waiting<T, R> {
  readonly item: T;
  readonly weight: number;
  readonly answer: (result: R) => void;
  readonly fail: (error: unknown) => void;
}

export interface Grouping<T> {
  /** The weight of one turn; a single item that is heavier goes alone. */
  readonly most: number;
  readonly weigh?: (item: T) => number;
  /** Turns that run beside one another: while one waits for the disk, the next is put together. */
  readonly atOnce?: number;
  /** Of what items wait for each other in the database: those of one key are never in two turns at once, so that they gather here, and not in small turns at a lock. */
  readonly keyOf?: (item: T) => string;
  /** Milliseconds that whoever comes while a turn runs waits for others after it, so that under load a turn carries more. */
  readonly gatherMs?: number;
  /** What fails one fails all of its turn; else each is tried alone, so that one does not take the others with it. */
  readonly failTogether?: boolean;
}

/**
 * Group commit: whoever comes while the work of others is under way shares the next turn, so that a transaction costs the same for one as for hundreds.
 * A turn beside others that run begins once it would carry as much as they do, or half of what it may: many small ones would cost more than they save.
 * Nothing is kept here but callers who wait for their answer.
 */
export class Grouped<T, R> {
  private waiting: Waiting<T, R>[] = [];
  private waitingWeight = 0;
  private running = 0;
  private runningWeight = 0;
  private gathering = false;
  private readonly busy = new Set<string>();

  /** `work` answers for each item, in their order. */
  constructor(private readonly work: (items: readonly T[]) => Promise<readonly R[]>, private readonly grouping: Grouping<T>) {}

  /** Of all that is not answered. */
  get weight(): number {
    return this.waitingWeight + this.runningWeight;
  }

  add(item: T): Promise<R> {
    return new Promise<R>((answer, fail) => {
      const weight = this.grouping.weigh?.(item) ?? 1;
      this.waiting.push({ item, weight, answer, fail });
      this.waitingWeight += weight;
      // What comes in this turn of the event loop comes together.
      if (this.mayBegin()) setImmediate(() => this.next());
    });
  }

  private mayBegin(): boolean {
    if (this.waiting.length === 0 || this.gathering) return false;
    return this.running === 0 || (this.running < (this.grouping.atOnce ?? 2) && this.waitingWeight >= Math.min(this.runningWeight, this.grouping.most / 2));
  }

  private next(): void {
    if (!this.mayBegin()) return;
    const taken = this.take();
    if (taken.length === 0) return;
    const weight = taken.reduce((sum, t) => sum + t.weight, 0);
    const { keyOf } = this.grouping;
    const keys = new Set(keyOf ? taken.map((t) => keyOf(t.item)) : []);
    for (const key of keys) this.busy.add(key);
    this.waitingWeight -= weight;
    this.running += 1;
    this.runningWeight += weight;
    void this.settle(taken).finally(() => {
      this.running -= 1;
      this.runningWeight -= weight;
      for (const key of keys) this.busy.delete(key);
      this.after();
    });
    this.next();
  }

  private take(): Waiting<T, R>[] {
    const { most, keyOf } = this.grouping;
    const taken: Waiting<T, R>[] = [];
    const left: Waiting<T, R>[] = [];
    let weight = 0;
    let full = false;
    for (const one of this.waiting) {
      full ||= taken.length > 0 && weight + one.weight > most;
      if (full || (keyOf && this.busy.has(keyOf(one.item)))) {
        left.push(one);
        continue;
      }
      taken.push(one);
      weight += one.weight;
    }
    this.waiting = left;
    return taken;
  }

  private after(): void {
    const { gatherMs = 0 } = this.grouping;
    if (gatherMs === 0 || this.waiting.length === 0) return this.next();
    this.gathering = true;
    setTimeout(() => {
      this.gathering = false;
      this.next();
    }, gatherMs);
  }

  private async settle(taken: readonly Waiting<T, R>[]): Promise<void> {
    try {
      const results = await this.work(taken.map((t) => t.item));
      for (const [i, { answer }] of taken.entries()) answer(results[i]!);
    } catch (error) {
      if (taken.length === 1 || this.grouping.failTogether) {
        for (const { fail } of taken) fail(error);
        return;
      }
      for (const one of taken) await this.settle([one]);
    }
  }
}
