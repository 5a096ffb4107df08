import { Injectable } from '@nestjs/common';
import type { Caller, Tx } from '#shared';
import { type Declared, maskedSample, maskedTable } from './domain/profile/mask.js';
import type { DatasetProfile, TableSample } from './domain/profile/profile.js';
import { type ProfiledRevision, ProfileRepository, type ShownProfile, type VendorsWord } from './storage/profile.repository.js';
import { RecordProfile } from './use-cases/profiles/record-profile.js';

/** What the exchange computed of the data itself: for whoever may see the product, without a value of what is sensitive. */
@Injectable()
export class CatalogProfiles {
  constructor(private readonly recording: RecordProfile, private readonly profiles: ProfileRepository) {}

  /** The one who reads the files tells what they hold, in his transaction. Repeated, it changes nothing. */
  record(tx: Tx, caller: Caller, of: ProfiledRevision, profile: DatasetProfile): Promise<void> {
    return this.recording.execute(tx, caller, of, profile);
  }

  /** Profiles of datasets that the caller was let see, by dataset. */
  async of(datasetIds: readonly string[]): Promise<Map<string, ShownProfile>> {
    const found = await this.profiles.ofDatasets(datasetIds);
    return new Map([...found].map(([id, p]) => [id, { ...p, content: { ...p.content, tables: p.content.tables.map((t) => maskedTable(t, declaredOf(p))) } }]));
  }

  /** A few rows of each table, masked; none of a table that the detectors did not look at. */
  async samplesOf(datasetIds: readonly string[]): Promise<Map<string, TableSample[]>> {
    const found = await this.profiles.samplesOf(datasetIds);
    return new Map([...found].map(([id, { tables, samples, ...vendors }]) => {
      const [byName, declared] = [new Map(tables.map((t) => [t.name, t])), declaredOf(vendors)];
      return [id, samples.map((s) => maskedSample(s, byName.get(s.table), declared)).filter((s) => s !== null)];
    }));
  }
}

/** A dataset that is not classified yet counts as one with people in it. */
const declaredOf = ({ classification, dictionary }: VendorsWord): Declared => ({
  persons: classification === null || classification.persons > 0n || classification.sensitivePersons > 0n,
  sensitiveColumns: new Set(dictionary.filter((c) => c.sensitivity !== 'none').map((c) => c.name)),
});
