import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { LIMITS } from '../config/limits.js';
import { OutboxSignal } from '../outbox/outbox.js';
import { isRefused } from '../refusal.js';
import { asSystem, currentScope } from '../request-scope.js';
import { enterScope, type Tx } from './database.js';

class Rollback extends Error {
  constructor(readonly refusal: unknown) {
    super('rolled back');
  }
}

/** Opens transactions. Only use cases, the relay and sweeps call it. */
@Injectable()
export class UnitOfWork {
  constructor(private readonly dataSource: DataSource, private readonly signal: OutboxSignal) {}

  /**
   * Runs `work` in one transaction. A refusal rolls back. Serialization failures and deadlocks (40001, 40P01) run the whole
   * closure again in a new transaction, a bounded number of times with growing pauses.
   */
  async run<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.once(work);
      } catch (error) {
        if (error instanceof Rollback) return error.refusal as T;
        const code = (error as { code?: string }).code;
        if ((code !== '40001' && code !== '40P01') || attempt >= LIMITS.transactionAttempts) throw error;
        await pause(2 ** attempt * 5 + Math.floor(Math.random() * 10));
      }
    }
  }

  /**
   * The same for an act that by its nature touches rows of both sides: an order reserves the vendor's volume. Whose act it is, the use
   * case has decided; row-level security does not hold it to one organisation.
   */
  runAcross<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return asSystem(() => this.run(work));
  }

  private async once<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    const scope = currentScope();
    let published = false;
    const result = await this.dataSource.transaction(async (tx) => {
      await enterScope(tx, scope);
      const value = await work(tx);
      if (isRefused(value)) throw new Rollback(value);
      published = this.signal.takePublished(tx);
      return value;
    });
    if (published) this.signal.raise();
    return result;
  }
}
