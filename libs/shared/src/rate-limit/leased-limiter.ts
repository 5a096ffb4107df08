import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible';

/** So many points in so many seconds, for each key of the bucket. */
export interface LimitPolicy {
  readonly bucket: string;
  readonly points: number;
  readonly seconds: number;
}

/** What the shared store gave: `granted` may be less than asked, and then nothing is `left` for anybody until the window ends. */
export interface Lease {
  readonly granted: number;
  readonly left: number;
  readonly msLeft: number;
}
export type LeaseStore = (policy: LimitPolicy, key: string, ask: number) => Promise<Lease>;

/** How a caller stands after asking: `remaining` is exact where it is zero, else as of the last lease. */
export interface LimitStanding {
  readonly allowed: boolean;
  readonly remaining: number;
  readonly secondsLeft: number;
}

/** One lease is this part of the limit: a statement for each so many requests, and the most that a process can hold without using it. */
const CHUNKS = 50;
/** Callers that one process remembers of one bucket; who is forgotten leases anew. */
const REMEMBERED = 50_000;
/** A store that failed is asked again after this, by one request; meanwhile each process counts for itself. */
const RETRY_MS = 1_000;

interface Held {
  left: number;
  /** What the store had left for everybody at the last lease. */
  pool: number;
  until: number;
  /** The store gave less than was asked: it is not asked again in this window. */
  spent: boolean;
  /** Points that callers wait for. */
  wanted: number;
  asking: Promise<void> | null;
}

/**
 * A fixed window per key, begun by its first request and counted by one shared store: over all processes never more than `points`
 * pass in it (twice that at most in any span of its length, across two windows). Each process leases a fiftieth of the limit at a time
 * and serves from memory, so a busy caller costs one statement in many requests and a refused one costs none. What a process has
 * leased and not used is lost to the others until the window ends: at most a fiftieth of the limit, or the dearest request, for each.
 * When the store does not answer, each process counts by itself: being reachable goes before being exact.
 */
export class LeasedLimiter {
  private readonly keys = new Map<string, Held>();
  private readonly chunk: number;
  private readonly insurance: RateLimiterMemory;
  private failed = false;
  private retryAt = 0;

  /** `now` is monotonic milliseconds; when a window ends, the store says. */
  constructor(readonly policy: LimitPolicy, private readonly store: LeaseStore, private readonly now: () => number = () => performance.now()) {
    this.chunk = Math.max(1, Math.floor(policy.points / CHUNKS));
    this.insurance = new RateLimiterMemory({ points: policy.points, duration: policy.seconds });
  }

  async take(key: string, points = 1): Promise<LimitStanding> {
    if (points > this.policy.points) return { allowed: false, remaining: 0, secondsLeft: this.policy.seconds };
    const held = this.keys.get(key) ?? this.remember(key);
    for (;;) {
      const now = this.now();
      if (now < held.until) {
        if (held.left >= points) {
          held.left -= points;
          return { allowed: true, remaining: held.left + held.pool, secondsLeft: secondsOf(held.until - now) };
        }
        if (held.spent) return { allowed: false, remaining: held.left + held.pool, secondsLeft: secondsOf(held.until - now) };
      }
      if (this.failed && now < this.retryAt) return this.insured(key, points);
      held.wanted += points;
      held.asking ??= this.refill(key, held);
      await held.asking;
      held.wanted -= points;
    }
  }

  private async refill(key: string, held: Held): Promise<void> {
    // Whoever comes in this very turn is asked for too.
    await Promise.resolve();
    const asked = this.now();
    const ask = Math.min(this.policy.points, Math.max(this.chunk, held.wanted - (asked < held.until ? held.left : 0)));
    // While one request tries whether the store is back, the others do not wait for it.
    if (this.failed) this.retryAt = asked + RETRY_MS;
    try {
      const { granted, left, msLeft } = await this.store(this.policy, key, ask);
      this.failed = false;
      // Ends are reckoned from before the question, so never later than the store's own: what is still held is of this same window.
      const same = this.now() < held.until;
      held.left = (same ? held.left : 0) + granted;
      held.until = same ? Math.max(held.until, asked + msLeft) : asked + msLeft;
      held.pool = left;
      held.spent = granted < ask;
    } catch {
      this.failed = true;
      this.retryAt = this.now() + RETRY_MS;
    } finally {
      held.asking = null;
    }
  }

  private async insured(key: string, points: number): Promise<LimitStanding> {
    const [allowed, result] = await this.insurance.consume(key, points).then((r) => [true, r] as const, (r: RateLimiterRes) => [false, r] as const);
    return { allowed, remaining: result.remainingPoints, secondsLeft: secondsOf(result.msBeforeNext) };
  }

  private remember(key: string): Held {
    if (this.keys.size >= REMEMBERED) this.keys.delete(this.keys.keys().next().value!);
    const held: Held = { left: 0, pool: 0, until: 0, spent: false, wanted: 0, asking: null };
    this.keys.set(key, held);
    return held;
  }
}

const secondsOf = (ms: number): number => Math.max(1, Math.ceil(ms / 1000));
