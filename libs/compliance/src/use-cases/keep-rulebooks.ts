import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { Clock, systemCaller, UnitOfWork } from '#shared';
import { RulebookShelf } from '../domain/rulebook-shelf.js';
import { RulebookRepository } from '../storage/rulebook.repository.js';

/** At start: keeps each rulebook of this version under its hash, before any decision can carry it. */
@Injectable()
export class KeepRulebooks {
  constructor(
    private readonly uow: UnitOfWork, private readonly shelf: RulebookShelf, private readonly rulebooks: RulebookRepository,
    private readonly audit: Audit, private readonly clock: Clock,
  ) {}

  async execute(): Promise<void> {
    for (const book of this.shelf.books) {
      await this.uow.run(async (tx) => {
        if (!(await this.rulebooks.insert(tx, book, this.clock.now()))) return;
        const { id, version } = book.content;
        await this.audit.append(tx, systemCaller('compliance'), { act: 'compliance.load-rulebook', objectType: 'rulebook', objectId: book.hash, details: { id, version } });
      });
    }
  }
}
