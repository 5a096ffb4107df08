interface Waiting<T, R> {
  readonly item: T;
  readonly answer: (result: R) => void;
  readonly fail: (error: unknown) => void;
}

/**
 * Group commit: whoever comes while the work of others is under way shares the next turn, so that a transaction costs the same for one as for hundreds.
 * Nothing is kept here but callers who wait for their answer.
 */
export class Grouped<T, R> {
  private waiting: Waiting<T, R>[] = [];
  private running = 0;
  private readonly busy = new Set<string>();

  /**
   * `work` answers for each item, in their order. `most`: items of one turn. `atOnce`: turns that run beside one another. `keyOf`: of what items wait for each other in the
   * database: those of one key are never in two turns at once, so that they gather here, and not in small turns at a lock.
   */
  constructor(private readonly work: (items: readonly T[]) => Promise<readonly R[]>, private readonly most: number, private readonly atOnce = 2, private readonly keyOf: ((item: T) => string) | null = null) {}

  get length(): number {
    return this.waiting.length;
  }

  add(item: T): Promise<R> {
    return new Promise<R>((answer, fail) => {
      this.waiting.push({ item, answer, fail });
      // What comes in this turn of the event loop comes together.
      if (this.running < this.atOnce) setImmediate(() => this.next());
    });
  }

  private next(): void {
    if (this.running >= this.atOnce || this.waiting.length === 0) return;
    const taken = this.take();
    if (taken.length === 0) return;
    const keys = this.keyOf ? new Set(taken.map((t) => this.keyOf!(t.item))) : new Set<string>();
    for (const key of keys) this.busy.add(key);
    this.running += 1;
    void this.settle(taken).finally(() => {
      this.running -= 1;
      for (const key of keys) this.busy.delete(key);
      this.next();
    });
    this.next();
  }

  private take(): Waiting<T, R>[] {
    if (!this.keyOf || this.busy.size === 0) return this.waiting.splice(0, this.most);
    const taken: Waiting<T, R>[] = [];
    const left: Waiting<T, R>[] = [];
    for (const one of this.waiting) (taken.length < this.most && !this.busy.has(this.keyOf(one.item)) ? taken : left).push(one);
    this.waiting = left;
    return taken;
  }

  /** One that fails does not take the others with it. */
  private async settle(taken: readonly Waiting<T, R>[]): Promise<void> {
    try {
      const results = await this.work(taken.map((t) => t.item));
      for (const [i, { answer }] of taken.entries()) answer(results[i]!);
    } catch (error) {
      if (taken.length === 1) return taken[0]!.fail(error);
      for (const one of taken) await this.settle([one]);
    }
  }
}
