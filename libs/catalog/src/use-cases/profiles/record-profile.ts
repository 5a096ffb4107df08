import { Injectable } from '@nestjs/common';
import { Audit } from '#audit';
import { type Caller, Clock, type Tx } from '#shared';
import { type DatasetProfile, PROFILER_VERSION } from '../../domain/profile/profile.js';
import { type SchemaChange, schemaChange } from '../../domain/profile/schema-change.js';
import { DatasetRepository } from '../../storage/dataset.repository.js';
import { type ProfiledRevision, ProfileRepository } from '../../storage/profile.repository.js';

/** Puts on record what the exchange computed of a revision's files, and what that is to readers of the one before. Said twice, it is said once. */
@Injectable()
export class RecordProfile {
  constructor(private readonly profiles: ProfileRepository, private readonly datasets: DatasetRepository, private readonly audit: Audit, private readonly clock: Clock) {}

  async execute(tx: Tx, caller: Caller, of: ProfiledRevision, { samples, ...content }: DatasetProfile): Promise<void> {
    const change = content.complete ? await this.change(tx, of, content.tables) : null;
    const stored = { ...of, profilerVersion: PROFILER_VERSION, content, changeClass: change?.class ?? null, changes: change?.changes ?? [], createdAt: this.clock.now() };
    if (!(await this.profiles.insert(tx, stored, samples))) return;
    await this.audit.append(tx, caller, {
      act: 'revision.profile', objectType: 'revision', objectId: of.revisionId, tenantId: of.vendorId,
      details: { datasetId: of.datasetId, profilerVersion: PROFILER_VERSION, complete: content.complete, tables: content.tables.length, rows: content.tables.reduce((sum, t) => sum + t.rows, 0), change: stored.changeClass },
    });
  }

  private async change(tx: Tx, { revisionId, datasetId }: ProfiledRevision, tables: DatasetProfile['tables']): Promise<SchemaChange | null> {
    const revision = await this.datasets.revision(tx, revisionId);
    const before = revision && (await this.profiles.before(tx, datasetId, revision.number));
    return before ? schemaChange(before.content.tables, tables) : null;
  }
}
