import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const PLUGIN = path.resolve('test/lint/no-dynamic-sql.mjs');

/** Runs the linter as `npm run lint` does on this text; answers the lines that it reports. */
function linesOf(source: string): number[] {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'entrepot-lint-'));
  try {
    writeFileSync(path.join(folder, '.oxlintrc.json'), JSON.stringify({ jsPlugins: [PLUGIN], categories: { correctness: 'off' }, rules: { 'entrepot/no-dynamic-sql': 'error' } }));
    writeFileSync(path.join(folder, 'case.ts'), source);
    const { NODE_OPTIONS: _, ...env } = process.env;
    const { stdout } = spawnSync(process.execPath, ['node_modules/oxlint/bin/oxlint', '-c', path.join(folder, '.oxlintrc.json'), '-f', 'json', folder], { encoding: 'utf8', env });
    const { diagnostics } = JSON.parse(stdout) as { diagnostics: { code: string; labels: { span: { line: number } }[] }[] };
    return diagnostics.filter((d) => d.code.includes('no-dynamic-sql')).map((d) => d.labels[0]!.span.line);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const REFUSED = [
  'export const a = (tx, id) => tx.query(`select 1 from product where id = ${id}`);',
  'export const b = (tx, id) => tx.query("select 1 from product where id = " + id);',
  'export const c = (tx, sql) => tx.query(sql);',
  'export const d = (tx, input) => { const sql = `select ${input.column} from product`; return tx.query(sql); };',
  'export const e = (tx, input) => { let sql = "select 1"; if (input) sql += input; return tx.query(sql); };',
  'export const f = (tx, id) => tx.createQueryBuilder().where(`id = ${id}`).execute();',
  'export const g = (tx, order) => tx.createQueryBuilder().orderBy(order).execute();',
  'export const h = (db, column) => db.query({ name: "x", text: `select ${column} from product` });',
  'export const i = (db, column) => { const s = { name: "x", text: `select ${column} from product where a = 1` }; return db.query(s); };',
  'export const j = (tx, words) => tx.query(["select 1", words].join(" "));',
  'export const k = (tx, input) => tx.query(String.raw`select ${input}`);',
  'import { lower } from "./x.js"; export const l = (tx) => tx.query(lower);',
  'export const n = (tx, statement) => prepared(tx, statement, []);',
  'const make = (c) => `select ${c} from product`; export const m = (tx, c) => tx.query(make(c));',
];

const ALLOWED = [
  'export const a = (tx, id) => tx.query("select 1 from product where id = $1", [id]);',
  'const COLUMNS = "id, title"; export const b = (tx, id) => tx.query(`select ${COLUMNS} from product where id = $1`, [id]);',
  'const OF = { name: "x", text: "select 1" }; export const c = (tx) => tx.query(`${OF.text} for update`);',
  'const page = (t) => ({ name: t, text: `select 1 from ${t} where id = $1` }); const P = page("product"); export const d = (db) => db.query(P, []);',
  'import { PAGE } from "./x.js"; export const e = (db) => db.query(PAGE);',
  'export class F { rows(statement: Statement, values) { return this.database.query(statement, values); } }',
  'const OWN = { name: "x", text: "select 1" }; export const j = (tx) => prepared(tx, OWN, []);',
  'export const g = (tx, id) => tx.createQueryBuilder().where("id = :id", { id }).execute();',
  'export const h = (tx, all) => { const suffix = all ? "" : " limit 1"; return tx.query(`select 1${suffix}`); };',
  'export const i = (url) => `${url}/where?a=${1}`;',
];

describe('the lint rule that keeps strings out of SQL', () => {
  it('refuses each way to put a statement together from what a call brings', () => {
    const found = new Set(linesOf(REFUSED.join('\n')));
    expect(REFUSED.filter((_, i) => !found.has(i + 1))).toEqual([]);
  });

  it('allows constants, parameters and statements made while a module loads', () => {
    expect(linesOf(ALLOWED.join('\n')).map((line) => ALLOWED[line - 1])).toEqual([]);
  });
});
