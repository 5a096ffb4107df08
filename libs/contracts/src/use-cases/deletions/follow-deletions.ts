import { Injectable } from '@nestjs/common';
import { accepted, Clock, systemCaller, UnitOfWork } from '#shared';
import { dueEvent } from '../../domain/deletions/deletion.js';
import { DeletionRepository } from '../../storage/deletion.repository.js';
import { MoveDeletion } from './move-deletion.js';

const BATCH = 50;

/** Reminds of deletions, finds them overdue, and closes those whose certificate nobody contested; safe when several processes do it at once. */
@Injectable()
export class FollowDeletions {
  constructor(private readonly uow: UnitOfWork, private readonly deletions: DeletionRepository, private readonly moving: MoveDeletion, private readonly clock: Clock) {}

  execute(): Promise<void> {
    return this.uow.run(async (tx) => {
      const now = this.clock.now();
      for (const deletion of await this.deletions.due(tx, now, BATCH)) {
        const event = dueEvent(deletion.state, deletion.dueAt, now);
        if (event) accepted(await this.moving.move(tx, systemCaller('deletions'), deletion, { event, side: 'EXCHANGE', text: null }));
        else await this.moving.remind(tx, deletion);
      }
    });
  }
}
