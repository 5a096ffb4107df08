import { LEDGER_CHECKS, LEDGER_TRIAL_BALANCE, type LedgerCheck } from './ledger-checks.js';

/** A connection of the caller's; nothing else of the exchange is needed. */
interface LedgerConnection {
  query(text: string): Promise<{ rows: unknown[] }>;
}

export interface LedgerFinding {
  readonly check: LedgerCheck;
  /** In words, with ids; empty where it holds. No more than were asked for, and `more` says whether there are. */
  readonly culprits: readonly string[];
  readonly more: boolean;
}

export interface LedgerTotal {
  readonly currency: string;
  readonly kind: string;
  readonly accounts: string;
  readonly postings: string;
  /** Minor units; credits are not positive. */
  readonly debit: bigint;
  readonly credit: bigint;
}

export interface LedgerReport {
  /** The moment whose state was read. */
  readonly at: string;
  readonly findings: readonly LedgerFinding[];
  readonly totals: readonly LedgerTotal[];
}

/** Named, so that a long check is read piece by piece and stops where enough is known. */
const CURSOR = 'ledger_check';

/**
 * Proves from the tables alone that the ledger is right (I1), within the caller's transaction: repeatable read, read only, so that a live system
 * goes on beside it. The database sorts and sums; this side holds the culprits of one check at a time, `limit` at the most.
 */
export async function verifyLedger(connection: LedgerConnection, limit: number, onFinding: (finding: LedgerFinding) => void = () => undefined): Promise<LedgerReport> {
  const [moment] = (await connection.query('select now()::text as at')).rows as [{ at: string }];
  const findings: LedgerFinding[] = [];
  for (const check of Object.keys(LEDGER_CHECKS) as LedgerCheck[]) {
    // oxlint-disable-next-line entrepot/no-dynamic-sql -- a constant of this room, under a constant name
    await connection.query(`declare ${CURSOR} no scroll cursor for ${LEDGER_CHECKS[check]}`);
    // oxlint-disable-next-line entrepot/no-dynamic-sql -- a number of our own
    const found = (await connection.query(`fetch ${Math.trunc(limit) + 1} from ${CURSOR}`)).rows as { culprit: string }[];
    await connection.query(`close ${CURSOR}`);
    const finding = { check, culprits: found.slice(0, limit).map((f) => f.culprit), more: found.length > limit };
    findings.push(finding);
    onFinding(finding);
  }
  const totals = (await connection.query(LEDGER_TRIAL_BALANCE)).rows as (Omit<LedgerTotal, 'debit' | 'credit'> & { debit: string; credit: string })[];
  return { at: moment.at, findings, totals: totals.map((t) => ({ ...t, debit: BigInt(t.debit), credit: BigInt(t.credit) })) };
}
