import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Outbox, Subscriptions, systemCaller } from '#shared';
import { RevisionReleased, SchemaChanged } from '../../catalog.events.js';
import { ProfileRepository } from '../../storage/profile.repository.js';

/** Readers are told of another schema once the revision that brings it is handed out, not of one that fails its test. */
@Injectable()
export class AnnounceChange implements OnModuleInit {
  constructor(private readonly subscriptions: Subscriptions, private readonly profiles: ProfileRepository, private readonly outbox: Outbox) {}

  onModuleInit(): void {
    this.subscriptions.on(RevisionReleased, 'catalog.announce-schema-change', async (tx, { requestId, payload }) => {
      const { revisionId, datasetId, productId, number } = payload;
      const profile = await this.profiles.ofRevision(tx, revisionId);
      if (!profile?.changeClass || profile.changeClass === 'NONE') return;
      await this.outbox.publish(tx, systemCaller('schema-change', requestId), SchemaChanged, productId, { productId, datasetId, revisionId, number, class: profile.changeClass, changes: profile.changes });
    });
  }
}
