import { type DynamicModule, Module, type OnModuleInit } from '@nestjs/common';
import { Clock, SystemClock } from './clock.js';
import { Commands } from './commands.js';
import { Config } from './config/config.js';
import { Database } from './database/database.js';
import { keepPartitions } from './database/migrate.js';
import { RateLimits } from './database/rate-limits.js';
import { UnitOfWork } from './database/unit-of-work.js';
import { DateTimeScalar } from './graphql/scalars.js';
import { Outbox, OutboxSignal, Subscriptions } from './outbox/outbox.js';
import { Relay } from './outbox/relay.js';
import { OutgoingHttp } from './outgoing/outgoing-http.js';
import { FileKeyEncryption } from './secrets/file-key-encryption.js';
import { KeyEncryption } from './secrets/key-encryption.port.js';
import { RotateSecrets } from './secrets/rotate-secrets.js';
import { SecretBox } from './secrets/secret-box.js';
import { Signer } from './signing/signer.js';
import { Sweeps, WorkerRuntime } from './worker.js';

const PROVIDERS = [Database, UnitOfWork, Commands, Outbox, OutboxSignal, Subscriptions, Relay, Sweeps, WorkerRuntime, Signer, OutgoingHttp, SecretBox, RotateSecrets, RateLimits];

/** What every room stands on. Global, so that rooms import each other's doors and not this. */
@Module({})
export class SharedModule implements OnModuleInit {
  constructor(private readonly sweeps: Sweeps, private readonly database: Database, private readonly clock: Clock, private readonly rateLimits: RateLimits) {}

  async onModuleInit(): Promise<void> {
    await this.database.mustBeBound();
    this.sweeps.add({ name: 'shared.partitions', everyMs: 86_400_000, run: () => keepPartitions(this.database.dataSource, this.clock.now()) });
    this.sweeps.add({ name: 'shared.rate-limits', everyMs: 300_000, run: () => this.rateLimits.sweep() });
  }

  static register(config: Config, clock: Clock = new SystemClock()): DynamicModule {
    return {
      module: SharedModule, global: true,
      providers: [{ provide: Config, useValue: config }, { provide: Clock, useValue: clock }, { provide: KeyEncryption, useClass: FileKeyEncryption }, DateTimeScalar, ...PROVIDERS],
      exports: [Config, Clock, ...PROVIDERS],
    };
  }
}
