import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { Clock, eachSafely, isRefused, LIMITS, systemCaller, UnitOfWork } from '#shared';
import { type CredentialEvent, presentationStates } from '../domain/credential-states.js';
import type { Credential } from '../storage/credential.repository.js';
import { CredentialTables } from './accept-credential.js';
import { CheckCredentials } from './check-credentials.js';
import { MoveCredential } from './move-credential.js';

const BATCH = 1_000;
const SWEEP = systemCaller('credential-status');

/** Regularly: requests that are too old end, credentials that are over or whose issuer is gone end, and the status of all others is looked up. */
@Injectable()
export class SweepCredentials {
  constructor(
    private readonly uow: UnitOfWork, private readonly tables: CredentialTables, private readonly checks: CheckCredentials, private readonly moves: MoveCredential,
    private readonly audit: Audit, private readonly clock: Clock,
  ) {}

  async execute(): Promise<void> {
    const now = this.clock.now();
    await eachSafely('presentations', await this.tables.presentations.late(now), (id) => this.expirePresentation(id, now));
    await this.moveEach(await this.tables.credentials.expired(now), 'expire', 'its time is over');
    await this.moveEach(await this.tables.credentials.orphaned(now), 'revoke', 'its issuer is not recognised any more');
    const before = new Date(now.getTime() - LIMITS.credentialStatusSweepMs);
    for (let last: Credential | null = null; ; ) {
      const due: Credential[] = await this.tables.credentials.due(before, last, BATCH);
      if (due.length) await this.checks.execute(SWEEP, due, now);
      if (due.length < BATCH) return;
      last = due.at(-1)!;
    }
  }

  private async moveEach(credentials: readonly Credential[], event: CredentialEvent, reason: string): Promise<void> {
    const byId = new Map(credentials.map((c) => [c.id, c]));
    await eachSafely('credentials', [...byId.keys()], (id) => this.moves.execute(SWEEP, byId.get(id)!, event, reason, byId.get(id)!.checkedAt));
  }

  private async expirePresentation(id: string, now: Date): Promise<void> {
    await this.uow.run(async (tx) => {
      const presentation = await this.tables.presentations.lock(tx, id);
      if (presentation?.state !== 'WAITING') return;
      const state = await this.audit.transition(tx, SWEEP, { table: presentationStates, state: presentation.state, event: 'expire', objectType: 'presentation', objectId: id, tenantId: presentation.organisationId });
      if (!isRefused(state)) await this.tables.presentations.finish(tx, id, now, { state });
    });
  }
}
