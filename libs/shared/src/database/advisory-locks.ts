/**
 * Numbers of our own for PostgreSQL's advisory locks, all in one place, so that no two are the same: alone, or as the first of two keys where
 * what is locked has a name. Processes of two versions may run side by side, so a number is never given to something else; 7_301_129 is that of
 * `shared.keep_month_partitions`.
 */
export const ADVISORY_LOCKS = {
  /** Processes that start together migrate one after the other. */
  migrations: 7_301_126,
  /** One seals the audit log. */
  auditSeal: 7_301_127,
  /** The exchange's own organisation is made once. */
  exchange: 7_301_128,
  /** The law in force changes one after the other. */
  law: 7_301_130,
  /** Secrets are sealed anew by one. */
  secrets: 7_301_132,
  /** A part of the market is screened by one; its number is the second key. */
  screening: 7_301_131,
  /** Who orders what, one after the other. */
  orders: 7_301_140,
  /** Who tries what, one after the other. */
  trials: 7_301_141,
  /** A licence's use is closed by one at a time. */
  usagePeriods: 7_301_142,
  /** What a licence lets be taken is taken one after the other. */
  downloads: 7_301_143,
  /** The places of a licence for responses at the same time are taken one after the other. */
  responses: 7_301_151,
  /** What an organisation fetches from is counted one after the other. */
  accessPoints: 7_301_152,
  /** An organisation's saved searches are counted one after the other. */
  savedSearches: 7_301_144,
  /** An organisation's open requests for data are counted one after the other. */
  dataRequests: 7_301_145,
  /** Whoever counts a trade shares it, whoever publishes a month has it alone. */
  statistics: 7_301_146,
  /** What a vendor stores is counted one after the other. */
  vendorStorage: 7_301_147,
  /** An organisation's webhook endpoints are counted one after the other. */
  webhookEndpoints: 7_301_150,
} as const;
