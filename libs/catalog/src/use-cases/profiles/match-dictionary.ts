import { Injectable } from '@nestjs/common';
import type { Tx } from '#shared';
import { silenced } from '../../domain/content/next-dictionary.js';
import { dictionaryFindings } from '../../domain/profile/dictionary-match.js';
import type { Dataset, Revision } from '../../storage/dataset.repository.js';
import { ProfileRepository } from '../../storage/profile.repository.js';

/** Holds what was computed of a revision against what the vendor says of its columns, with it or before it. */
@Injectable()
export class MatchDictionary {
  constructor(private readonly profiles: ProfileRepository) {}

  /** None of a revision that could not be read completely: that is found elsewhere. */
  async findings(tx: Tx, { title, dictionary: before }: Pick<Dataset, 'title' | 'dictionary'>, revision: Pick<Revision, 'id' | 'dictionary'>): Promise<string[]> {
    const dictionary = revision.dictionary ?? before;
    const profile = dictionary.length || before.length ? await this.profiles.ofRevision(tx, revision.id) : null;
    if (!profile?.content.complete) return [];
    const { tables } = profile.content;
    return [...dictionaryFindings(dictionary, tables), ...silenced(before, dictionary, tables)].map((f) => `${title}: ${f}`);
  }
}
