import { Injectable } from '@nestjs/common';
import type { Caller, Tx } from '#shared';
import { type Declared, maskedSample, maskedTable } from './domain/profile/mask.js';
import type { DatasetProfile } from './domain/profile/profile.js';
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

  /** Profiles of datasets that the caller was let see, by dataset; where asked for with a few rows of each table, masked, and none of a table that the detectors did not look at. */
  async of(datasetIds: readonly string[], samples: boolean): Promise<Map<string, ShownProfile>> {
    const found = await this.profiles.ofDatasets(datasetIds, samples);
    return new Map([...found].map(([id, p]) => [id, masked(p, declaredOf(p))]));
  }
}

function masked(profile: ShownProfile, declared: Declared): ShownProfile {
  const { content, samples } = profile;
  const byName = new Map(content.tables.map((t) => [t.name, t]));
  return {
    ...profile, content: { ...content, tables: content.tables.map((t) => maskedTable(t, declared)) },
    samples: samples && samples.map((s) => maskedSample(s, byName.get(s.table), declared)).filter((s) => s !== null),
  };
}

/** A dataset that is not classified yet counts as one with people in it. */
const declaredOf = ({ classification, dictionary }: VendorsWord): Declared => ({
  persons: classification === null || classification.persons > 0n || classification.sensitivePersons > 0n,
  sensitiveColumns: new Set(dictionary.filter((c) => c.sensitivity !== 'none').map((c) => c.name)),
});
