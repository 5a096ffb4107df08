// oxlint-disable no-console -- the report goes to the standard output, the culprits to the other one
import pg from 'pg';
import { type LedgerFinding, verifyLedger } from '#settlement';
import { readConfig } from '../../api/src/runtime.js';
import { findLedger } from './database.js';
import { trialBalance } from './trial-balance.js';

/** Culprits of one check that are named. */
const NAMED = 20;

/** Proves from the tables alone that the ledger is right, beside a live system, and prints the trial balance. 0: it is; 1: it is not, and what is wrong is named; 2: it could not be read. */
try {
  const ledger = await findLedger(readConfig());
  const client = new pg.Client({ connectionString: ledger.url });
  try {
    await client.connect();
    // As an auditor, who sees every row and writes none; in one snapshot, however long it takes.
    await client.query(`select set_config('entrepot.reach', 'auditor', false), set_config('statement_timeout', '0', false)`);
    await client.query('begin transaction isolation level repeatable read, read only');
    const { at, findings, totals } = await verifyLedger(client, NAMED, tell);
    const lines = trialBalance(totals);
    console.log(`\ntrial balance of ${at}, minor units\n${lines.text}`);
    const wrong = findings.filter((f) => f.culprits.length > 0).length + (lines.balanced ? 0 : 1);
    console.log(wrong ? `${wrong} of ${findings.length} checks found a breach` : `${findings.length} checks, no breach`);
    process.exitCode = wrong ? 1 : 0;
  } finally {
    await client.end();
    await ledger.close();
  }
} catch (error) {
  console.error(`the ledger could not be read: ${(error as Error).message}`);
  process.exitCode = 2;
}

function tell({ check, culprits, more }: LedgerFinding): void {
  if (culprits.length === 0) return console.log(`holds   ${check}`);
  console.log(`BREACH  ${check}`);
  for (const culprit of culprits) console.error(`        ${culprit}`);
  if (more) console.error('        and more');
}
