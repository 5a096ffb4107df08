import { Injectable } from '@nestjs/common';
import { Identity } from '#identity';
import { Clock, eachSafely, systemCaller, UnitOfWork } from '#shared';
import { staleBefore } from '../../domain/findings/finding.js';
import { EndUseRepository } from '../../storage/end-use.repository.js';
import { Find } from './find.js';

const BATCH = 200;
const caller = systemCaller('stale-declarations');

/** Finds declarations that were not renewed in time: of end use, and of owners where an order stands on them. Each once. */
@Injectable()
export class FindStale {
  constructor(private readonly uow: UnitOfWork, private readonly finding: Find, private readonly declarations: EndUseRepository, private readonly identity: Identity, private readonly clock: Clock) {}

  async declarationsRunOut(): Promise<void> {
    await eachSafely('stale-declarations', await this.declarations.runOut(this.clock.now(), BATCH), (objectId) => this.uow.run(async (tx) => {
      const declaration = await this.declarations.lock(tx, objectId);
      // It was renewed, or its order ended, since it was looked up.
      if (!declaration || declaration.endedAt || declaration.validUntil > this.clock.now()) return;
      const { id, organisationId, validUntil } = declaration;
      await this.finding.execute(tx, caller, {
        kind: 'STALE_DECLARATION', severity: 'MEDIUM', organisationId, objectType: 'order', objectId, cause: `stale-declaration:${id}`,
        details: `The declaration of end use was good until ${validUntil.toISOString()} and was not renewed.`,
      });
    }));
  }

  async ownersNotDeclared(): Promise<void> {
    for (let after: string | null = null; ; ) {
      const organisations: string[] = await this.declarations.declarers(after, BATCH);
      await eachSafely('stale-ownership', organisations, (id) => this.ownersOf(id));
      if (organisations.length < BATCH) return;
      after = organisations.at(-1)!;
    }
  }

  private async ownersOf(organisationId: string): Promise<void> {
    const { declaredAt } = await this.identity.controlFacts(organisationId);
    if (declaredAt && declaredAt >= staleBefore(this.clock.now())) return;
    await this.uow.run((tx) => this.finding.execute(tx, caller, {
      kind: 'STALE_OWNERSHIP', severity: 'MEDIUM', organisationId, objectType: null, objectId: null, cause: `stale-ownership:${organisationId}:${declaredAt?.toISOString() ?? 'none'}`,
      details: declaredAt ? `Owners were declared on ${declaredAt.toISOString()}, more than twelve months ago.` : 'Nothing was declared of who owns and controls the organisation.',
    }));
  }
}
