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

  /** `work` answers for each item, in their order. `most`: items of one turn. `atOnce`: turns that run beside one another. */
  constructor(private readonly work: (items: readonly T[]) => Promise<readonly R[]>, private readonly most: number, private readonly atOnce = 2) {}

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
    const taken = this.waiting.splice(0, this.most);
    this.running += 1;
    void this.settle(taken).finally(() => {
      this.running -= 1;
      this.next();
    });
    this.next();
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
