import { stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Limit } from '#contracts';
import { PART_FILE, type PartResult, type ReadTask } from '../../protocol.js';
import { type Duck, identifier, literal } from '../duck.js';
import { FileFinding, findingOf } from '../finding.js';
import { loadFile } from '../load/index.js';
import type { Loaded } from '../load/staged.js';
import { whereOf } from './conditions.js';
import { checkParquetNames } from './parquet-names.js';
import { formatOf } from './part-format.js';

const TABLE = 'whole';

/**
 * Writes the licensed columns of the licensed rows of a file into a file of their own, in the sequence of the rows. It is read as the profile is, so a column is what the profile shows. The
 * same file and limit give the same bytes. What cannot be cut exactly as the licence says is a finding and no file.
 */
export async function writePart(duck: Duck, task: ReadTask, limit: Limit, step: (files: readonly number[]) => void): Promise<PartResult> {
  step([0]);
  const [file] = task.files as [ReadTask['files'][number]];
  try {
    const loaded = await loadFile({ duck, task, file, scratch: path.join(task.folder, 'file-0') });
    if (loaded.findings?.length) throw new FileFinding(loaded.findings[0]!);
    if (file.mediaType === 'application/vnd.apache.parquet') await checkParquetNames(duck, file.path);
    const placeOf = placesOf(loaded);
    // The sequence of the file, not that of the licence.
    const kept = limit.columns ? limit.columns.map(placeOf).sort((a, b) => a - b) : loaded.columns.map(({ name }) => placeOf(name));
    if (kept.length === 0) throw new FileFinding('a part has a column at the least');
    if (limit.columns === null && loaded.unread) throw new FileFinding(loaded.unread);
    const { sql, values, wrong } = whereOf(loaded.columns, limit.rows, placeOf);
    await fill(duck, task, loaded);
    for (const w of wrong) {
      const { found } = await duck.one<{ found: boolean }>(`select count(*) > 0 as found from (select 1 from ${TABLE} where ${w.sql} limit 1)`);
      if (found) throw new FileFinding(`not every value of the column ${JSON.stringify(w.column)} is of the type ${w.type} that the licence compares it as`);
    }
    const { mediaType, options, expression } = formatOf(file.mediaType, loaded, kept.length);
    checkNames(kept.map((i) => loaded.columns[i]!.name));
    const target = path.join(task.folder, PART_FILE);
    await duck.connection.run(`copy (select ${kept.map((i) => `${expression(i)} as ${identifier(loaded.columns[i]!.name)}`).join(', ')} from ${TABLE}${sql}) to ${literal(target)} (${options})`, values);
    // A file without a byte is none that can be delivered; JSON lines may end with an empty one.
    if ((await stat(target)).size === 0) await writeFile(target, '\n');
    return { mediaType };
  } catch (error) {
    if (!(error instanceof FileFinding) && error instanceof TypeError) throw error;
    return { finding: findingOf(error) };
  }
}

async function fill(duck: Duck, { limits }: ReadTask, loaded: Loaded): Promise<void> {
  await duck.run(`create table ${TABLE} (${loaded.types.map((type, i) => `c${i} ${type}`).join(', ')})`);
  const findings = await loaded.fill(TABLE);
  if (findings.length) throw new FileFinding(findings[0]!);
  const { n } = await duck.one<{ n: string }>(`select count(*) as n from ${TABLE}`);
  if (Number(n) > limits.rows) throw new FileFinding(`more than ${limits.rows} rows`);
}

/** Exactly one column of this name, letter by letter: to take the other one for it would hand out what is not licensed. */
function placesOf({ columns, delimiter }: Loaded): (name: string) => number {
  const places = Map.groupBy(columns.keys(), (i) => columns[i]!.name);
  return (name) => {
    const found = places.get(name) ?? [];
    if (found.length !== 1) throw new FileFinding(found.length ? `several columns are called ${JSON.stringify(name)}` : `there is no column ${JSON.stringify(name)}`);
    // Of a list of objects the first entry alone is read.
    if (delimiter === undefined && name.includes('[]')) throw new FileFinding(`${JSON.stringify(name)} stands within a list, of which no part can be written`);
    return found[0]!;
  };
}

/** The library would give one of them another name. */
function checkNames(names: readonly string[]): void {
  const seen = new Map<string, string>();
  for (const name of names) {
    const other = seen.get(name.toLowerCase());
    if (other !== undefined) throw new FileFinding(`the columns ${JSON.stringify(other)} and ${JSON.stringify(name)} differ in their case only`);
    seen.set(name.toLowerCase(), name);
  }
}
