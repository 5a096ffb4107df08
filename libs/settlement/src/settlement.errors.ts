/** Every error code of this room. `trade.not_possible`, `payout.not_possible` and `clearing_cycle.not_possible` come from the state tables. */
export const SETTLEMENT_ERRORS = {
  AMOUNT_DIFFERS: 'settlement.amount_differs',
  /** There is not so much left of the trade, or its state does not let it go back. */
  NOT_REVERSIBLE: 'settlement.not_reversible',
  DISPUTE_OPEN: 'settlement.dispute_open',
  DISPUTE_ENDED: 'settlement.dispute_ended',
  /** The other side says this. */
  DISPUTE_SIDE: 'settlement.dispute_side',
  FROZEN: 'settlement.frozen',
  INTERVENTION_OPEN: 'settlement.intervention_open',
  /** Four eyes: whoever began it does not end it. */
  SECOND_OFFICER: 'settlement.second_officer',
  CURRENCY_UNKNOWN: 'settlement.currency_unknown',
  /** An account would hold less or more than it may. */
  BEYOND_LIMIT: 'ledger.beyond_limit',
  /** A journal's key was used with other content. */
  KEY_REUSED: 'ledger.key_reused',
  PERIOD_CLOSED: 'ledger.period_closed',
  NOT_BALANCED: 'ledger.not_balanced',
  EFFECTIVE_IN_FUTURE: 'ledger.effective_in_future',
} as const;
