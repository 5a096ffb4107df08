import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** A folder of documents that this version of the exchange brings along in a room: `packagedFolder('compliance', 'law')`. */
export async function packagedFolder(room: string, folder: string): Promise<string> {
  for (let at = path.dirname(fileURLToPath(import.meta.url)); at !== path.dirname(at); at = path.dirname(at)) {
    if ((await readdir(at)).includes('package.json')) return path.join(at, 'libs', room, folder);
  }
  throw new Error(`the folder ${folder} of ${room} is not below package.json`);
}
