/** A small generator of numbers (xorshift, 32 bits) that gives the same row for the same seed on every machine. Not for secrets. */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = (seed ^ 0x9e3779b9) >>> 0 || 1;
    for (let i = 0; i < 8; i += 1) this.next();
  }
  private next(): number {
    this.state ^= this.state << 13;
    this.state >>>= 0;
    this.state ^= this.state >>> 17;
    this.state ^= this.state << 5;
    this.state >>>= 0;
    return this.state;
  }
  /** From 0 to `below - 1`. */
  below(below: number): number {
    return this.next() % below;
  }
  between(least: number, most: number): number {
    return least + this.below(most - least + 1);
  }
  pick<T>(values: readonly T[]): T {
    return values[this.below(values.length)]!;
  }
  chance(percent: number): boolean {
    return this.below(100) < percent;
  }
  hex(digits: number): string {
    return Array.from({ length: digits }, () => this.below(16).toString(16)).join('');
  }
}
