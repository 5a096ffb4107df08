import { SETTLEMENT_ERRORS } from '../settlement.errors.js';

/** The rules of the ledger by the name of what refuses: see the migrations. */
const CODES: Readonly<Record<string, string>> = {
  account_limit: SETTLEMENT_ERRORS.BEYOND_LIMIT,
  journal_key_reused: SETTLEMENT_ERRORS.KEY_REUSED,
  ledger_period_open: SETTLEMENT_ERRORS.PERIOD_CLOSED,
  journal_sums_to_zero: SETTLEMENT_ERRORS.NOT_BALANCED,
  posting_effective: SETTLEMENT_ERRORS.EFFECTIVE_IN_FUTURE,
  journal_effective: SETTLEMENT_ERRORS.EFFECTIVE_IN_FUTURE,
};

/** The ledger refused journals by one of its rules; the transaction that posted them cannot go on. */
export class LedgerRefusal extends Error {
  constructor(readonly code: string, cause: unknown) {
    super(`the ledger refused: ${code}`, { cause });
  }
}

/** The driver's error as the ledger's own, where it is one. */
export function asLedgerRefusal(error: unknown): unknown {
  const code = CODES[(error as { constraint?: string }).constraint ?? ''];
  return code ? new LedgerRefusal(code, error) : error;
}
