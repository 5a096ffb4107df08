import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { Clock, newId, systemCaller, UnitOfWork } from '#shared';
import { InboxRepository } from '../storage/inbox.repository.js';

/** Keeps a provider's event, once. Its signature was checked before. */
@Injectable()
export class ReceiveProviderEvent {
  constructor(private readonly uow: UnitOfWork, private readonly inbox: InboxRepository, private readonly audit: Audit, private readonly clock: Clock) {}

  /** Answers whether it is new. */
  execute(provider: string, event: { readonly eventId: string; readonly type: string; readonly payload: object }): Promise<boolean> {
    return this.uow.run(async (tx) => {
      const id = newId();
      if (!(await this.inbox.insert(tx, { id, provider, ...event, state: 'RECEIVED', attempts: 0, receivedAt: this.clock.now() }))) return false;
      await this.audit.append(tx, systemCaller(`webhook-${provider}`), { act: 'inbox.receive', objectType: 'inbox', objectId: id, details: { eventId: event.eventId, type: event.type } });
      return true;
    });
  }
}
