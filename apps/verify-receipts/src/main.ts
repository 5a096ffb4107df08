// oxlint-disable no-console -- line by line to the standard output, what differs to the other one
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { checkStatement, STATEMENT_FORMAT, type UsageStatement } from '#billing';
import { readReceipts } from './read-receipts.js';

/** Reckons an invoice over use anew from its receipts alone: no database, no network. 0: the same; 1: something differs; 2: it could not be read. */
const { values: { jwks }, positionals: [invoice, receipts] } = parseArgs({ allowPositionals: true, options: { jwks: { type: 'string', default: 'jwks.json' } } });
if (!invoice || !receipts) {
  console.error('usage: npm run verify-receipts -- invoice.json receipts.jsonl [--jwks jwks.json]');
  process.exit(2);
}
const json = async (file: string): Promise<unknown> => JSON.parse(await readFile(file, 'utf8'));
try {
  const statement = (await json(invoice)) as UsageStatement;
  if (statement.format !== STATEMENT_FORMAT) throw new SyntaxError(`${invoice} is no ${STATEMENT_FORMAT}`);
  const { receipts: found, bad } = await readReceipts(receipts, (await json(jwks)) as Parameters<typeof readReceipts>[1]);
  const { lines, differences } = checkStatement(statement, found);
  for (const line of lines) console.log(line);
  const all = [...bad, ...differences];
  for (const difference of all) console.error(difference);
  console.log(`${statement.invoice.number}: ${found.length} receipts verified, ${all.length ? `${all.length} differences` : 'no difference'}`);
  process.exitCode = all.length ? 1 : 0;
} catch (error) {
  console.error(`${(error as Error).message}`);
  process.exitCode = 2;
}
