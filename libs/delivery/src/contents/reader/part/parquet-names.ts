import { type Duck, literal } from '../duck.js';
import { FileFinding } from '../finding.js';

/** The library calls the second of `Ship` and `ship` `ship_1`, which may be the name of a third: then nobody could say which column a licence means. */
export async function checkParquetNames(duck: Duck, file: string): Promise<void> {
  const schema = await duck.rows<{ name: string; children: string | null }>(`select name, num_children as children from parquet_schema(${literal(file)})`);
  const stated: string[] = [];
  let at = 1;
  while (at < schema.length) {
    stated.push(schema[at]!.name);
    at = after(schema, at);
  }
  const read = (await duck.columns(`from read_parquet(${literal(file)})`)).map((c) => c.name);
  if (read.length !== stated.length || read.some((name, i) => name !== stated[i])) throw new FileFinding('some of its columns differ in the case of their names only');
}

/** The place after an element and everything within it. */
function after(schema: readonly { readonly children: string | null }[], at: number): number {
  let next = at + 1;
  for (let n = Number(schema[at]!.children ?? 0); n > 0 && next < schema.length; n--) next = after(schema, next);
  return next;
}
