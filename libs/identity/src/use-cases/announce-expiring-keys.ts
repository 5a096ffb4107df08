import { Injectable } from '@nestjs/common';
import { Clock, eachSafely, Outbox, systemCaller, UnitOfWork } from '#shared';
import { KEY_NOTICE_DAYS } from '../domain/key-life.js';
import { ApiKeyExpiring } from '../identity.events.js';
import { KeyRepository } from '../storage/key.repository.js';

const BATCH = 100;
const CALLER = systemCaller('key-expiry');

/** Tells once that a key ends soon and nothing has taken its place. */
@Injectable()
export class AnnounceExpiringKeys {
  constructor(private readonly uow: UnitOfWork, private readonly keys: KeyRepository, private readonly outbox: Outbox, private readonly clock: Clock) {}

  async execute(): Promise<void> {
    const now = this.clock.now();
    const soon = new Date(now.getTime() + KEY_NOTICE_DAYS * 86_400_000);
    await eachSafely('identity.key-expiry', await this.keys.expiring(now, soon, BATCH), (id) => this.announce(id));
  }

  private announce(id: string): Promise<unknown> {
    return this.uow.run(async (tx) => {
      const key = await this.keys.lock(tx, id);
      if (!key || key.revokedAt || key.successorId || key.expiryAnnouncedAt) return;
      await this.keys.update(tx, id, { expiryAnnouncedAt: this.clock.now() });
      await this.outbox.publish(tx, CALLER, ApiKeyExpiring, id, { keyId: id, organisationId: key.organisationId, name: key.name, expiresAt: key.expiresAt });
    });
  }
}
