import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { DocumentError } from '../../domain/law/document.js';
import { type Guideline, parseGuideline } from '../../domain/law/guideline.js';

const FOLDER = 'guidelines';

/** The texts that explain rules, in the folder `guidelines` of a folder of the law. A file that is none is refused; the others stand. */
export async function readGuidelines(folder: string): Promise<{ readonly taken: readonly Guideline[]; readonly refused: readonly { readonly name: string; readonly problems: readonly string[] }[] }> {
  const taken: Guideline[] = [];
  const refused: { name: string; problems: readonly string[] }[] = [];
  const files = (await readdir(path.join(folder, FOLDER)).catch(() => [])).filter((n) => n.endsWith('.md')).sort();
  for (const file of files) {
    const name = `${FOLDER}/${file}`;
    try {
      taken.push(parseGuideline(await readFile(path.join(folder, FOLDER, file), 'utf8'), name));
    } catch (error) {
      refused.push({ name, problems: error instanceof DocumentError ? error.problems : [`$: ${(error as Error).message}`] });
    }
  }
  return { taken, refused };
}
