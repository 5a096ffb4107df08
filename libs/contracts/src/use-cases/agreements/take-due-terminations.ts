import { Injectable } from '@nestjs/common';
import { Clock, accepted, systemCaller, UnitOfWork } from '#shared';
import { TerminationRepository } from '../../storage/termination.repository.js';
import { EndAgreement } from './end-agreement.js';

const BATCH = 50;

/** Terminations whose day has come take effect; safe when several processes do it at once. */
@Injectable()
export class TakeDueTerminations {
  constructor(private readonly uow: UnitOfWork, private readonly terminations: TerminationRepository, private readonly ending: EndAgreement, private readonly clock: Clock) {}

  execute(): Promise<void> {
    return this.uow.run(async (tx) => {
      for (const termination of await this.terminations.due(tx, this.clock.now(), BATCH)) accepted(await this.ending.move(tx, systemCaller('terminations'), termination, { event: 'take-effect', answer: null }));
    });
  }
}
