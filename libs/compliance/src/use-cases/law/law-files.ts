import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { packagedFolder } from '#shared';
import { DocumentError } from '../../domain/law/document.js';
import { parseDocumentText } from '../../domain/law/document-text.js';
import { Law, type LawDocument } from '../../domain/law/law.js';

export interface LawFile {
  /** Path below the folder of the law, `rulebooks/cn-export-2026-11-22.json`. */
  readonly name: string;
  readonly data: unknown;
  readonly document: LawDocument;
}
export interface LawFiles {
  readonly taken: readonly LawFile[];
  /** Files that are no documents: name, and each place that is wrong with the reason. */
  readonly refused: readonly { readonly name: string; readonly problems: readonly string[] }[];
}
const MOST_BYTES = 5_000_000;

/** The folder that this version of the exchange brings along. */
export const lawFolder = (): Promise<string> => packagedFolder('compliance', 'law');

/** Every calendar, list and rulebook of a folder, in the order of their names. A file that is none is refused; the others stand. */
export async function readLawFiles(folder: string): Promise<LawFiles> {
  const taken: LawFile[] = [];
  const refused: { name: string; problems: readonly string[] }[] = [];
  for (const part of ['calendars', 'lists', 'rulebooks']) {
    const names = (await readdir(path.join(folder, part)).catch(() => [])).filter((n) => n.endsWith('.json')).sort();
    for (const file of names) {
      const name = `${part}/${file}`;
      try {
        const text = await readFile(path.join(folder, part, file), 'utf8');
        if (text.length > MOST_BYTES) throw new DocumentError(name, [`$: longer than ${MOST_BYTES} bytes`]);
        taken.push({ name, ...parseDocumentText(text, name) });
      } catch (error) {
        refused.push({ name, problems: error instanceof DocumentError ? error.problems : [`$: ${(error as Error).message}`] });
      }
    }
  }
  return { taken, refused };
}

/** The law of this version of the exchange, as it stands before anybody changes it. Throws when a file of its own is refused. */
export async function packagedLaw(): Promise<Law> {
  const { taken, refused } = await readLawFiles(await lawFolder());
  if (refused.length) throw new DocumentError(refused[0]!.name, refused[0]!.problems);
  return Law.of(taken.map((f) => f.document));
}
