import { Injectable, Logger } from '@nestjs/common';
import { Audit } from '#audit';
import { Clock, Config, systemCaller, type Tx, UnitOfWork } from '#shared';
import { type Guideline, unexplained } from '../../domain/law/guideline.js';
import { Law } from '../../domain/law/law.js';
import { GuidelineRepository } from '../../storage/guideline.repository.js';
import { LawRepository } from '../../storage/law.repository.js';
import { readGuidelines } from './guideline-files.js';
import { type LawFile, type LawFiles, lawFolder, readLawFiles } from './law-files.js';

type Refused = LawFiles['refused'];
interface Folder {
  readonly documents: readonly LawFile[];
  readonly guidelines: readonly Guideline[];
  readonly refused: Refused;
}
const EMPTY: Folder = { documents: [], guidelines: [], refused: [] };

/**
 * At start: keeps each document and each guideline of the packaged folder and of the operator's own under its hash. Where nothing was ever in force,
 * the packaged ones are put in force as they stand; from then on a document waits until two members of staff have activated it. A malformed file, or a
 * rule without its guideline, is refused with every place that is wrong, and what is in force stays.
 */
@Injectable()
export class LoadLaw {
  private readonly log = new Logger('Law');
  refused: Refused = [];

  constructor(
    private readonly uow: UnitOfWork, private readonly law: LawRepository, private readonly guidelines: GuidelineRepository, private readonly audit: Audit,
    private readonly clock: Clock, private readonly config: Config,
  ) {}

  async execute(): Promise<void> {
    const packaged = await readFolder(await lawFolder(), [], true);
    const own = this.config.LAW_FOLDER ? await readFolder(this.config.LAW_FOLDER, packaged.guidelines, false) : EMPTY;
    this.refused = [...packaged.refused, ...own.refused];
    for (const { name, problems } of this.refused) this.log.error(`${name} is refused: ${problems.join('; ')}`);
    await this.uow.run(async (tx) => {
      await this.law.lock(tx);
      await this.keep(tx, [...packaged.documents, ...own.documents], [...packaged.guidelines, ...own.guidelines]);
      if (await this.law.newest(tx)) return;
      const law = Law.of(packaged.documents.map((f) => f.document));
      const set = { hash: law.hash, documents: law.documents.map((d) => d.hash) };
      await this.law.insertSet(tx, set, null, this.clock.now());
      await this.audit.append(tx, systemCaller('compliance'), { act: 'law.found', objectType: 'law-set', objectId: set.hash, details: { documents: set.documents } });
    });
  }

  private async keep(tx: Tx, documents: readonly LawFile[], guidelines: readonly Guideline[]): Promise<void> {
    const now = this.clock.now();
    for (const { document, data, name } of documents) {
      if (!(await this.law.insert(tx, document, data, name, now))) continue;
      const { id, version } = document.content;
      await this.audit.append(tx, systemCaller('compliance'), { act: 'law.take-document', objectType: 'law-document', objectId: document.hash, details: { kind: document.kind, id, version, name } });
    }
    for (const g of guidelines) {
      if (!(await this.guidelines.insert(tx, g, now))) continue;
      await this.audit.append(tx, systemCaller('compliance'), { act: 'law.take-guideline', objectType: 'guideline', objectId: g.hash, details: { id: g.id, language: g.language, version: g.version } });
    }
  }
}

/** What a folder holds. `demanded`: each of its rules must name a guideline; one that is named must be there in every language. */
async function readFolder(folder: string, known: readonly Guideline[], demanded: boolean): Promise<Folder> {
  const [files, guidelines] = [await readLawFiles(folder), await readGuidelines(folder)];
  const looked = files.taken.map((file) => ({ file, problems: unexplained(file.document, [...known, ...guidelines.taken], demanded) }));
  return {
    documents: looked.filter((l) => l.problems.length === 0).map((l) => l.file), guidelines: guidelines.taken,
    refused: [...files.refused, ...guidelines.refused, ...looked.filter((l) => l.problems.length).map((l) => ({ name: l.file.name, problems: l.problems }))],
  };
}
