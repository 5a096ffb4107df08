import type { LedgerTotal } from '#settlement';

/** One line for each kind of account and currency, and one for each currency, whose balance is zero in a ledger that is right. */
export function trialBalance(totals: readonly LedgerTotal[]): { text: string; balanced: boolean } {
  const rows: string[][] = [['currency', 'account', 'accounts', 'postings', 'debit', 'credit', 'balance']];
  let balanced = true;
  for (const currency of new Set(totals.map((t) => t.currency))) {
    const own = totals.filter((t) => t.currency === currency);
    for (const t of own) rows.push([currency, t.kind, t.accounts, t.postings, String(t.debit), String(t.credit), String(t.debit + t.credit)]);
    const [debit, credit] = [own.reduce((n, t) => n + t.debit, 0n), own.reduce((n, t) => n + t.credit, 0n)];
    balanced &&= debit + credit === 0n;
    rows.push([currency, 'all', '', '', String(debit), String(credit), String(debit + credit)]);
  }
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((r) => r[column]!.length)));
  return { text: rows.map((r) => r.map((cell, i) => (i < 2 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  ').trimEnd()).join('\n'), balanced };
}
