import { type BeforeApplicationShutdown, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { Config, Sweeps } from '#shared';
import { AnnounceExpiringKeys } from './use-cases/announce-expiring-keys.js';
import { KeepVerification } from './use-cases/keep-verification.js';
import { NoteKeyUse } from './use-cases/note-key-use.js';

const MINUTE_MS = 60_000;

/** What this room does without being asked. */
@Injectable()
export class IdentityWork implements OnModuleInit, BeforeApplicationShutdown {
  private readonly log = new Logger('identity');
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly verification: KeepVerification, private readonly expiry: AnnounceExpiringKeys, private readonly keyUse: NoteKeyUse,
    private readonly sweeps: Sweeps, private readonly config: Config,
  ) {}

  onModuleInit(): void {
    this.sweeps.add({ name: 'identity.verification', everyMs: MINUTE_MS, run: () => this.verification.execute() });
    this.sweeps.add({ name: 'identity.key-expiry', everyMs: 10 * MINUTE_MS, run: () => this.expiry.execute() });
    this.sweeps.add({ name: 'identity.key-use', everyMs: MINUTE_MS, run: () => this.keyUse.flush() });
    // The uses of keys wait in the process that saw them: one that runs no sweeps writes them by itself.
    if (!this.config.WORKER) this.timer = setInterval(() => void this.flush(), MINUTE_MS).unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.flush();
  }

  private flush(): Promise<void> {
    return this.keyUse.flush().catch((error: Error) => this.log.warn(`last uses of keys are not written: ${error.message}`));
  }
}
