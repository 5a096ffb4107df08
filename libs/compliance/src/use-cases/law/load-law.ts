import { Injectable, Logger } from '@nestjs/common';
import { Audit } from '#audit';
import { Clock, Config, systemCaller, UnitOfWork } from '#shared';
import { Law } from '../../domain/law/law.js';
import { LawRepository } from '../../storage/law.repository.js';
import { type LawFile, packagedFolder, readLawFiles } from './law-files.js';

/**
 * At start: keeps each document of the packaged folder and of the operator's own under its hash. Where nothing was ever in force, the packaged
 * ones are put in force as they stand; from then on a document waits until two members of staff have activated it. A malformed file is refused
 * with every place that is wrong, and what is in force stays.
 */
@Injectable()
export class LoadLaw {
  private readonly log = new Logger('Law');
  refused: readonly { readonly name: string; readonly problems: readonly string[] }[] = [];

  constructor(private readonly uow: UnitOfWork, private readonly law: LawRepository, private readonly audit: Audit, private readonly clock: Clock, private readonly config: Config) {}

  async execute(): Promise<void> {
    const packaged = await readLawFiles(await packagedFolder());
    const own = this.config.LAW_FOLDER ? await readLawFiles(this.config.LAW_FOLDER) : { taken: [], refused: [] };
    this.refused = [...packaged.refused, ...own.refused];
    for (const { name, problems } of this.refused) this.log.error(`${name} is refused: ${problems.join('; ')}`);
    await this.uow.run(async (tx) => {
      await this.law.lock(tx);
      const now = this.clock.now();
      for (const { document, data, name } of [...packaged.taken, ...own.taken]) {
        if (!(await this.law.insert(tx, document, data, name, now))) continue;
        const { id, version } = document.content;
        await this.audit.append(tx, systemCaller('compliance'), { act: 'law.take-document', objectType: 'law-document', objectId: document.hash, details: { kind: document.kind, id, version, name } });
      }
      if (await this.law.newest(tx)) return;
      const set = this.found(packaged.taken);
      await this.law.insertSet(tx, set, null, now);
      await this.audit.append(tx, systemCaller('compliance'), { act: 'law.found', objectType: 'law-set', objectId: set.hash, details: { documents: set.documents } });
    });
  }

  private found(files: readonly LawFile[]): { hash: string; documents: string[] } {
    const law = Law.of(files.map((f) => f.document));
    return { hash: law.hash, documents: law.documents.map((d) => d.hash) };
  }
}
