import type { TableContents } from '../../contents.js';
import type { ReadTask } from '../../protocol.js';
import type { Duck } from '../duck.js';
import type { StagedTable } from '../stage.js';
import { describeColumns } from './columns.js';
import { partsOf } from './parts.js';

const MIN_SAMPLE_ROWS = 20;

/** Everything that is told of a table. `share`: into how many parts the sample of a revision goes. */
export async function describeTable(duck: Duck, staged: StagedTable, { asOf, limits }: Pick<ReadTask, 'asOf' | 'limits'>, share: number): Promise<TableContents> {
  const sample = await sampleOf(duck, staged, limits, share);
  const columns = await describeColumns(duck, staged, asOf, limits.countedRows);
  const { files, partial, rows } = staged;
  return {
    name: files[0]!.fileName, files: files.map((f) => f.fileName), partial, rows, bytes: files.reduce((sum, f) => sum + f.bytes, 0), columns, duplicates: await duplicatesOf(duck, staged, limits.countedRows), sample,
  };
}

/** By two hashes of each row. Of many different rows those whose hash is a multiple, among which every repetition of a row is too. */
async function duplicatesOf(duck: Duck, { table, columns, rows }: StagedTable, countedRows: number): Promise<TableContents['duplicates']> {
  const cells = columns.map((_, i) => `c${i}`).join(', ');
  const rough = rows <= countedRows ? 0 : Number((await duck.one<{ n: string }>(`select approx_count_distinct(hash(${cells})) as n from ${table}`)).n);
  const parts = partsOf(rough);
  const { some, different } = await duck.one<{ some: string; different: string }>(
    `select coalesce(sum(n), 0)::bigint as some, count(*) as different from (select count(*) as n from ${table} where hash(${cells}) % ${parts} = 0 group by hash(${cells}), hash('other', ${cells}))`,
  );
  const share = Number(some) === 0 ? 0 : (Number(some) - Number(different)) / Number(some);
  return { share: Math.round(share * 10_000) / 10_000, exact: parts === 1 };
}

/** Whole rows, evenly: the same rows in the same order give the same sample. */
async function sampleOf(duck: Duck, { table, columns, rows }: StagedTable, limits: ReadTask['limits'], share: number): Promise<string[][]> {
  const most = Math.max(MIN_SAMPLE_ROWS, Math.min(limits.sampleRows, Math.floor(limits.sampleCells / share / columns.length)));
  const stride = Math.ceil(rows / most);
  const cells = columns.map((_, i) => `coalesce(left(c${i}::varchar, ${limits.sampleCell}), '') as c${i}`).join(', ');
  // In the order of the rows, since one thread goes through them; sorting would hold a wide table several times over.
  const result = await duck.connection.runAndReadAll(`select ${cells} from ${table} where rowid % ${stride} = 0 limit ${most}`);
  let sample = result.getRowsJson() as string[][];
  const characters = (): number => sample.reduce((sum, row) => sum + row.reduce((inner, cell) => inner + cell.length, 0), 0);
  while (sample.length > 1 && characters() > limits.sampleCharacters / share) sample = sample.filter((_, i) => i % 2 === 0);
  return sample;
}
