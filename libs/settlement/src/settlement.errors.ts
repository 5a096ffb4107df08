/** Every error code of this room. `trade.not_possible`, `payout.not_possible` and `clearing_cycle.not_possible` come from the state tables. */
export const SETTLEMENT_ERRORS = {
  AMOUNT_DIFFERS: 'settlement.amount_differs',
  CURRENCY_UNKNOWN: 'settlement.currency_unknown',
} as const;
