import { Injectable } from '@nestjs/common';
import { Clock, UnitOfWork } from '#shared';
import { type KeyUse, KeyRepository } from '../storage/key.repository.js';

/** A key's last use is known to the minute. */
const EVERY_MS = 60_000;
/** More keys than that within a minute in one process: the rest are noted in the next. */
const CAPACITY = 50_000;

/**
 * When and from where each key was last used, off the request's path: kept in this process and written in one statement by `flush`, which runs each
 * minute and at shutdown. A process that is killed loses the uses of its last minute.
 */
@Injectable()
export class NoteKeyUse {
  private readonly noted = new Map<string, number>();
  private waiting = new Map<string, KeyUse>();

  constructor(private readonly uow: UnitOfWork, private readonly keys: KeyRepository, private readonly clock: Clock) {}

  note(id: string, address: string): void {
    const at = this.clock.now();
    if (at.getTime() - (this.noted.get(id) ?? -Infinity) < EVERY_MS || this.noted.size >= CAPACITY) return;
    this.noted.set(id, at.getTime());
    this.waiting.set(id, { id, at, address: address.slice(0, 64) });
  }

  async flush(): Promise<void> {
    const now = this.clock.now().getTime();
    for (const [id, at] of this.noted) if (now - at >= EVERY_MS) this.noted.delete(id);
    if (this.waiting.size === 0) return;
    const uses = this.waiting;
    this.waiting = new Map();
    try {
      await this.uow.runAcross((tx) => this.keys.used(tx, [...uses.values()]));
    } catch (error) {
      // Written with the next turn, unless the key was used again since.
      for (const [id, use] of uses) if (!this.waiting.has(id)) this.waiting.set(id, use);
      throw error;
    }
  }
}
