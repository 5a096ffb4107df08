import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { packagedFolder } from '#shared';
import type { ContentVocabularies } from '../../domain/content/product-content.js';
import { parseVocabulary, type Vocabulary } from '../../domain/content/vocabulary.js';

/** The vocabularies that content is checked against, as this version of the exchange brings them along. */
export class Vocabularies implements ContentVocabularies {
  private constructor(readonly theme: Vocabulary, readonly frequency: Vocabulary) {}

  /** Reads the files; a start without them, or with a wrong one, fails and says where. */
  static async load(): Promise<Vocabularies> {
    const folder = await packagedFolder('catalog', 'vocabularies');
    const read = async (file: string): Promise<Vocabulary> => parseVocabulary(file, JSON.parse(await readFile(path.join(folder, file), 'utf8')));
    return new Vocabularies(await read('data-theme.json'), await read('frequency.json'));
  }

  get all(): readonly Vocabulary[] {
    return [this.theme, this.frequency];
  }
}
