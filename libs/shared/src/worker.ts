import { setMaxListeners } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { OutboxSignal } from './outbox/outbox.js';
import { asSystem } from './request-scope.js';
import { Relay } from './outbox/relay.js';

export interface Sweep {
  readonly name: string;
  readonly everyMs: number;
  /** Finds rows whose time has come and moves each on in its own transaction. Safe when two processes run it at once. */
  run(): Promise<void>;
  /** Has a long turn end early, when the process stops; what it leaves is taken up by the next. */
  stop?(): void;
}

/** Handles each item by itself: one that fails is logged and the others go on, so that it does not starve them. */
export async function eachSafely<T>(name: string, items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  for (const item of items) {
    try {
      await work(item);
    } catch (error) {
      new Logger(name).error(`${String(item)}: ${(error as Error).stack ?? String(error)}`);
    }
  }
}

/** Periodic work. A sweep reads its work from state rows, so a lost process loses none of it. */
@Injectable()
export class Sweeps {
  readonly all: Sweep[] = [];

  add(sweep: Sweep): void {
    if (this.all.some((s) => s.name === sweep.name)) throw new Error(`sweep ${sweep.name} registered twice`);
    this.all.push(sweep);
  }
}

const IDLE_POLL_MS = 500;

/** Runs the relay and the sweeps until it is stopped; stopping waits for the turn under way. */
@Injectable()
export class WorkerRuntime {
  private readonly log = new Logger('worker');
  private stopping = new AbortController();
  private loops: Promise<void>[] = [];
  private wake: () => void = () => {};

  constructor(private readonly relay: Relay, private readonly sweeps: Sweeps, signal: OutboxSignal) {
    signal.onRaised(() => this.wake());
  }

  start(): void {
    if (this.loops.length) return;
    this.stopping = new AbortController();
    // Each loop listens while it sleeps; Node takes more than ten for a leak.
    setMaxListeners(this.sweeps.all.length + 2, this.stopping.signal);
    this.loops = asSystem(() => [this.relayLoop(), ...this.sweeps.all.map((sweep) => this.sweepLoop(sweep))]);
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    for (const sweep of this.sweeps.all) sweep.stop?.();
    this.wake();
    await Promise.all(this.loops);
    this.loops = [];
  }

  /** Works off everything that is due now. For tests and for a clean shutdown of a story. */
  drain(): Promise<void> {
    return asSystem(async () => {
      for (let idle = 0; idle < 2; ) {
        const handled = await this.relay.turn();
        for (const sweep of this.sweeps.all) await sweep.run();
        idle = handled ? 0 : idle + 1;
      }
    });
  }

  private async relayLoop(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      const { promise: woken, resolve } = Promise.withResolvers<void>();
      this.wake = resolve;
      if ((await this.guarded('relay', () => this.relay.turn())) > 0) continue;
      const poll = setTimeout(resolve, IDLE_POLL_MS);
      await woken;
      clearTimeout(poll);
    }
  }

  private async sweepLoop(sweep: Sweep): Promise<void> {
    while (!this.stopping.signal.aborted) {
      await this.guarded(sweep.name, () => sweep.run());
      await this.sleep(sweep.everyMs);
    }
  }

  private async guarded<T>(name: string, work: () => Promise<T>): Promise<T | 0> {
    try {
      return await work();
    } catch (error) {
      if (!this.stopping.signal.aborted) this.log.error(`${name}: ${(error as Error).stack ?? String(error)}`);
      await this.sleep(IDLE_POLL_MS);
      return 0;
    }
  }

  private async sleep(ms: number): Promise<void> {
    await pause(ms, undefined, { signal: this.stopping.signal }).catch(() => undefined);
  }
}
