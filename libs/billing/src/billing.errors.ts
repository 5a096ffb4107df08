/** Every error code of this room. `payment.not_possible` and `inbox.not_possible` come from the state tables. */
export const BILLING_ERRORS = {
  TRADE_NOT_PAYABLE: 'billing.trade_not_payable',
  CORRECTION: 'billing.correction',
  CORRECTION_OPEN: 'billing.correction_open',
  CORRECTION_DECIDED: 'billing.correction_decided',
  CORRECTION_SIDE: 'billing.correction_side',
  NOTHING_TO_BILL: 'billing.nothing_to_bill',
  PROFILE: 'billing.profile',
  STATEMENT_TOO_LONG: 'billing.statement_too_long',
  TAX_UNDETERMINED: 'billing.tax_undetermined',
  STATUS_NOT_OF_SCHEME: 'billing.status_not_of_scheme',
  SCHEME_NOT_OF_PLACE: 'billing.scheme_not_of_place',
} as const;

/** The provider brought money that does not fit the payment. Nothing is booked; a person decides. */
export class PaymentMismatchError extends Error {}
