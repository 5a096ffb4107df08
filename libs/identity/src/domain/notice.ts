/** What a notice can be about. */
export const NOTICE_OBJECTS = ['PRODUCT', 'LICENCE', 'AGREEMENT', 'OFFER', 'NEGOTIATION', 'SAVED_SEARCH', 'DATA_REQUEST', 'WEBHOOK_ENDPOINT', 'TRADE'] as const;
export type NoticeObject = (typeof NOTICE_OBJECTS)[number];

/** What happened, over all rooms: a reader finds the whole list here. */
export const NOTICE_KINDS = [
  'SUSPENDED',
  'RESUMED',
  'TERMINATED',
  'RESHARED',
  'NEGOTIATION_MOVED',
  'TERMINATION_MOVED',
  'SUPERSEDED',
  'RENEWAL_CANCELLED',
  'PRICE_CHANGES',
  // An offer of the own organisation, to whoever may sign it second.
  'OFFER_TO_SIGN',
  // How much of a cap is spent, to the buyer who set it.
  'SPENDING',
  // How much of a quota is used: to both sides where its plan gives it, to the buyer where he set it.
  'QUOTA',
  // What was counted is corrected, or is to be: to the other side.
  'USAGE_CORRECTED',
  // A receipt is contested, or what became of that: to both sides, and to the exchange where it is to decide.
  'RECEIPT_CONTESTED',
  // Money of a trade that goes back, to both sides; a refund that could not be paid, to the exchange.
  'REFUNDED',
  'REFUND_FAILED',
  // A dispute over a trade was opened, answered or decided: to both sides, and to the exchange where it is to decide.
  'DISPUTE_MOVED',
  // A trade was frozen by the exchange, goes on, or was undone: to both sides.
  'TRADE_FROZEN',
  // What is owed after a licence.
  'DELETION_REQUESTED',
  'DELETION_REMINDER',
  'DELETION_OVERDUE',
  'DELETION_MOVED',
  // A data product, to those who hold a licence on it.
  'UPDATED',
  'DELAYED',
  'SCHEMA_CHANGE',
  'DEPRECATION',
  'REVISION_REVOKED',
  // A data product, to its vendor.
  'REVISION_REFUSED',
  // A part of a file that licences are for cannot be written: to its vendor and to who asked for it.
  'PART_NOT_WRITTEN',
  // A bucket that takes nothing, a push that was given up: to the licensee whose bucket it is.
  'PUSH_FAILED',
  // Products that became visible to whoever looks for such.
  'SEARCH_MATCHED',
  // Requests for data that nobody lists.
  'REQUEST_ANSWERED',
  'REQUEST_OVER',
  'ANSWER_ACCEPTED',
  'ANSWER_DECLINED',
  // An endpoint for webhooks that took nothing for days, or is gone.
  'WEBHOOK_DISABLED',
  // Sent to one endpoint because somebody of its organisation asked for it.
  'WEBHOOK_TEST',
] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];

export interface Notice {
  readonly id: string;
  readonly organisationId: string;
  readonly objectType: NoticeObject;
  readonly objectId: string;
  readonly kind: NoticeKind;
  /** For people. */
  readonly text: string;
  /** For machines, in the terms of the room that tells; values that JSON holds without loss. */
  readonly details: Readonly<Record<string, unknown>>;
  /** Rules and articles, where the law is behind it. */
  readonly reasons: readonly object[];
  /** The decision behind it, where there is one. */
  readonly decisionId: string | null;
  readonly createdAt: Date;
}

/** What whoever tells has to say; the rest is of the moment. */
export type NoticeLine = Pick<Notice, 'objectType' | 'objectId' | 'kind' | 'text'> & Partial<Pick<Notice, 'details' | 'reasons' | 'decisionId'>>;

export interface NoticeFilter {
  readonly kinds: readonly NoticeKind[] | null;
  readonly objectId: string | null;
}
