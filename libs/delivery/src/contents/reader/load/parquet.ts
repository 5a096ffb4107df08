import { literal } from '../duck.js';
import { FileFinding } from '../finding.js';
import { headOf } from '../text/encoding.js';
import { leavesOf, logicalOf } from './leaves.js';
import { type Loaded, type Loading, textColumn } from './staged.js';

/** Apache Parquet, as far as its footer is to be believed: what it states is held against limits first and against the rows afterwards. */
export async function loadParquet({ duck, file, task: { limits } }: Loading): Promise<Loaded> {
  if ((await headOf(file.path, 4)).toString('latin1') !== 'PAR1') throw new FileFinding('the file does not begin as Parquet does');
  const source = literal(file.path);
  const { stated } = await duck.one<{ stated: string }>(`select num_rows as stated from parquet_file_metadata(${source})`);
  if (Number(stated) > limits.rows || Number(stated) < 0) throw new FileFinding(`its footer states ${stated} rows; at most ${limits.rows} are read`);
  const { bytes } = await duck.one<{ bytes: string | null }>(`select sum(total_uncompressed_size) as bytes from parquet_metadata(${source})`);
  const most = limits.expandedBytes + file.bytes * limits.expandedTimes;
  if (Number(bytes ?? 0) > most || Number(bytes ?? 0) < 0) throw new FileFinding(`it unpacks to ${bytes} bytes; at most ${most} are read`);
  const leaves = leavesOf(await duck.columns(`from read_parquet(${source})`), limits.columns);
  const kept = leaves.slice(0, limits.columns).map((leaf) => ({ ...leaf, logical: logicalOf(leaf.type) }));
  const select = kept.map(({ sql, logical }) => (logical === 'nested' ? `to_json(${sql})::varchar` : logical === null ? `${sql}::varchar` : sql)).join(', ');
  return {
    columns: kept.map(({ name, type, logical }) => textColumn(name, String(type), { logicalType: logical, candidates: logical === null ? ['date', 'timestamp'] : [], asText: logical === null || logical === 'nested' })),
    types: kept.map(({ type, logical }) => (logical === null || logical === 'nested' ? 'VARCHAR' : String(type))),
    ...(leaves.length > limits.columns ? { unread: `more than ${limits.columns} columns, of which the first are read` } : {}),
    fill: async (table) => {
      const before = await countOf(duck, table);
      await duck.run(`insert into ${table} select ${select} from read_parquet(${source})`);
      const there = (await countOf(duck, table)) - before;
      return there === Number(stated) ? [] : [`its footer states ${stated} rows, and ${there} are there`];
    },
  };
}

const countOf = async (duck: Loading['duck'], table: string): Promise<number> => Number((await duck.one<{ n: string }>(`select count(*) as n from ${table}`)).n);
