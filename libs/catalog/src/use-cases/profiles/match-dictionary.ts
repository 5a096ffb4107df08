import { Injectable } from '@nestjs/common';
import type { Tx } from '#shared';
import { dictionaryFindings } from '../../domain/profile/dictionary-match.js';
import type { Dataset } from '../../storage/dataset.repository.js';
import { ProfileRepository } from '../../storage/profile.repository.js';

/** Holds what was computed of a revision against what the vendor says of its columns. */
@Injectable()
export class MatchDictionary {
  constructor(private readonly profiles: ProfileRepository) {}

  /** None of a revision that could not be read completely: that is found elsewhere. */
  async findings(tx: Tx, { title, dictionary }: Pick<Dataset, 'title' | 'dictionary'>, revisionId: string): Promise<string[]> {
    const profile = dictionary.length ? await this.profiles.ofRevision(tx, revisionId) : null;
    return profile?.content.complete ? dictionaryFindings(dictionary, profile.content.tables).map((f) => `${title}: ${f}`) : [];
  }
}
