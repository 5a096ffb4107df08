import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { asSystem, Clock, type Tx, UnitOfWork } from '#shared';
import { type FunnelCount, FunnelRepository } from '../../storage/funnel.repository.js';

/** Looks are cheap and many: each process adds them up and writes them down so often, one statement for all. What a process that is killed had not written is lost. */
const FLUSH_MS = 5_000;
/** Different products in memory; more are written at once. */
const MOST_PRODUCTS = 5_000;

/** How many look at a product, try it, ask for it and buy it. Who they are is not kept. */
@Injectable()
export class CountInterest implements OnModuleInit, OnApplicationShutdown {
  private readonly log = new Logger('funnel');
  private looks = new Map<string, { views: number; samples: number }>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly funnel: FunnelRepository, private readonly uow: UnitOfWork, private readonly clock: Clock) {}

  onModuleInit(): void {
    this.timer = setInterval(() => void this.flush().catch((error: Error) => this.log.error(error.stack ?? error.message)), FLUSH_MS);
    this.timer.unref();
  }
  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.flush().catch((error: Error) => this.log.error(error.stack ?? error.message));
  }

  /** Somebody opened the page of a product, or its sample. */
  look(productId: string, step: 'views' | 'samples'): void {
    const counted = this.looks.get(productId) ?? { views: 0, samples: 0 };
    counted[step] += 1;
    this.looks.set(productId, counted);
    if (this.looks.size >= MOST_PRODUCTS) void this.flush().catch((error: Error) => this.log.error(error.stack ?? error.message));
  }

  /** Writes down what was looked at; what cannot be written is tried again with the next. */
  async flush(): Promise<void> {
    const looks = this.looks;
    if (looks.size === 0) return;
    this.looks = new Map();
    const counts = [...looks].map(([productId, counted]): FunnelCount => ({ productId, ...counted }));
    try {
      await asSystem(() => this.uow.run((tx) => this.funnel.add(tx, counts, this.clock.now())));
    } catch (error) {
      for (const { productId, views = 0, samples = 0 } of counts) {
        const now = this.looks.get(productId) ?? { views: 0, samples: 0 };
        this.looks.set(productId, { views: now.views + views, samples: now.samples + samples });
      }
      throw error;
    }
  }

  /** An order that waits; told of again, it is counted once. */
  async order(tx: Tx, orderId: string, productId: string): Promise<void> {
    if (await this.funnel.firstSeen(tx, orderId, productId, this.clock.now())) await this.funnel.add(tx, [{ productId, requests: 1 }], this.clock.now());
  }
  /** An agreement was concluded. `atOnce`: its order did not wait, and so was not counted before. */
  trade(tx: Tx, productId: string, atOnce: boolean): Promise<void> {
    return this.funnel.add(tx, [{ productId, trades: 1, ...(atOnce ? { requests: 1 } : {}) }], this.clock.now());
  }
}
