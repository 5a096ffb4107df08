/** Every limit of the exchange with its reason. Nothing that takes a list, a text or a stream is unbounded. */
export const LIMITS = {
  /** A page that fits a screen twice; more is a loop over cursors. */
  pageSizeDefault: 20,
  pageSizeMax: 100,
  /** The deepest query of the auditor's lineage needs nine levels. */
  queryDepth: 12,
  /** What tools ask of the schema itself is fifteen levels deep; how often lists may nest in it, GraphQL's own rule says. */
  introspectionDepth: 16,
  /** Fields of one operation once its fragments stand where they are spread: the same field again and again counts each time. */
  queryFields: 500,
  /** Directives of one field or fragment, and of one document; there are `skip` and `include`. */
  fieldDirectives: 3,
  queryDirectives: 20,
  /** Characters of one document: parsed documents are remembered, so their text takes memory. */
  queryCharacters: 20_000,
  /** Compiled documents that a process remembers; a client has some dozens. */
  documentCache: 256,
  /** Cost units of one operation: one per field, multiplied by page size. A page of 100 products with offers costs about 3,000. */
  queryCost: 6_000,
  /** Aliases are the cheap way to repeat one expensive field. */
  queryAliases: 15,
  /** Fields at the root of one operation, so that one request is one or few acts. */
  queryRootFields: 10,
  /** Lexer tokens of one document, refused before it is parsed to the end. */
  queryTokens: 2_000,
  /** JSON bodies: GraphQL requests and webhooks. Bytes of data never come this way. */
  jsonBodyBytes: 512 * 1024,
  /** A thousand usage events at two kilobytes each. */
  usageEventBytes: 2 * 1024 * 1024,
  /** Nesting of a JSON body, refused before it is parsed; the deepest input has seven levels. */
  jsonDepth: 64,
  /** Values of a JSON body: a list that is short in bytes can still cost an error for each of its items. */
  jsonValues: 50_000,
  /** A request's headers, and the whole of a JSON body, have to be here by then; uploads have `streamIdleMs`. */
  headersMs: 10_000,
  jsonBodyMs: 10_000,
  /** A GraphQL operation is answered by then, with an error if need be: more than one statement may take, less than a proxy waits. */
  operationMs: 20_000,
  /** One uploaded asset, in bytes: ten thousand parts of a bucket at eleven megabytes each hold it. */
  uploadBytes: 100 * 1024 ** 3,
  /** A resumable upload is finished in that time: 100 GB over 10 Mbit/s take a day. */
  uploadHours: 72,
  /** Uploads of one asset that are under way at once, and so parts that are put together: more connections fill no line better. */
  uploadParts: 100,
  /** A client that sends or reads nothing for so long has gone. */
  streamIdleMs: 60_000,
  /** Short human texts: names, titles, reasons. */
  shortText: 200,
  longText: 5_000,
  /** A document of the law that is handed in: ten times the longest that comes along, and within a request's body. Larger ones come as files. */
  lawDocumentCharacters: 400_000,
  /** The facts of one case that is only asked about. */
  dryRunCharacters: 20_000,
  /** Assets of one revision, datasets of one product. */
  assetsPerRevision: 100,
  datasetsPerProduct: 20,
  /** Searches that one organisation keeps: more than its departments watch, and each is held against every product that shares its rarest word. */
  savedSearches: 100,
  /** What a saved search finds within so long after a notice comes with the next one: a vendor who lists a thousand products fills no board. */
  savedSearchQuietMs: 60_000,
  /** Requests for data of one organisation that are open at once: what a purchasing department can look after, and no advertising. */
  openDataRequests: 20,
  /** A request for data is open so long at the most: what nobody answered in half a year is asked anew. */
  dataRequestDays: 180,
  /** Answers of one vendor to one request: a first word and products that may fit, and no more where none is wanted. */
  answersPerVendor: 3,
  /** Answers to one request over all vendors: more than anybody reads. */
  answersPerDataRequest: 200,
  /** SQLSTATE 40001 and 40P01 are retried so often, then reported. */
  transactionAttempts: 5,
  /** Outbox messages taken in one turn of the relay. */
  relayBatch: 50,
  /** After so many failures a message waits for a person. With doubling pauses from half a second this is about a quarter of an hour. */
  relayAttempts: 12,
  /** Download token: long enough to start, too short to be worth stealing. */
  downloadTokenSeconds: 300,
  /** Responses of one licence at the same time, in all processes: programs that fetch in parts open sixteen at the most. */
  responsesPerLicence: 16,
  /** Unauthenticated requests a minute of one address, or of one IPv6 /64. */
  anonymousRequestsPerMinute: 300,
  /** What a wrong credential costs its address of those: thirty guesses a minute. A good one from the same address has a bucket of its own. */
  wrongCredentialPoints: 10,
  /** Every rate limit counts over this, by the database's clock. */
  rateLimitWindowSeconds: 60,
  /** A statement of a request that runs longer is a defect or an attack. */
  statementTimeoutMs: 15_000,
  /** A call to somebody else's address, from the look-up to the last byte of the answer. */
  outgoingMs: 5_000,
  /** Key sets, metadata and status lists are far below. */
  outgoingAnswerBytes: 1024 * 1024,
  /** Connections to one vendor's API from one process: more calls wait for one of them. */
  apiConnections: 256,
  /** A call to a vendor's API is over by then, a stream included: licence and law are looked at while it runs, credentials and processes change. */
  apiTotalMs: 3_600_000,
  /** The longest wait for the first byte of an answer: a query that computes, and less than proxies wait. */
  apiFirstByteMs: 60_000,
  /** What one call may send, and the most that one answer may have. Larger ones are files. */
  apiRequestBytes: 1024 * 1024,
  apiAnswerBytes: 100 * 1024 * 1024,
  /** Operations of one service: more are described by their templates. */
  apiOperations: 100,
  /** What one call may count as. */
  apiCallCost: 1_000_000,
  /** Calls of one licence that run at the same time, at the most. */
  apiAtOnce: 1_000,
  /** Rates: a day is the longest window that a limit counts over. */
  apiRateCalls: 1_000_000,
  apiRateSeconds: 86_400,
  /** Idempotency keys, as in the IETF draft: a printable token. */
  idempotencyKeyLength: 128,
  /** A request to a wallet: long enough to find the phone. */
  presentationSeconds: 600,
  /** A wallet's answer: one encrypted presentation; certificates of its issuer make the most of it. */
  presentationBytes: 64 * 1024,
  /** Requests to wallets of one organisation that wait at the same time. */
  openPresentations: 20,
  /** The holder's proof was made for this request, so moments ago. */
  holderProofSeconds: 300,
  /** An inflated status list: 32 million credentials at one bit. A megabyte of answer could inflate to a thousand. */
  statusListBytes: 4 * 1024 * 1024,
  /** A status that an order relies on is no older; older ones are fetched again. */
  credentialStatusMaxAgeMs: 60_000,
  /** So long an order goes on when the status list cannot be had; then it is refused. */
  credentialStatusGraceMs: 15 * 60_000,
  /** Every credential's status is looked at so often, orders or none. */
  credentialStatusSweepMs: 5 * 60_000,
  /** An order waits so long for what the law asks for: an assessment takes 45 working days and may be prolonged, a filing less. */
  waitingOrderDays: 180,
  /** A waiting order is decided again so often though nobody told of a change: a year turns, an approval begins. */
  waitingOrderRetryMs: 86_400_000,
  /** A purchase that is not paid so long is off, and its export volume free for others. */
  unpaidDays: 30,
  /** Against a purchase so much was set off as was left of another agreement on the day it was agreed; that one runs on until it is paid, so not for long. */
  setOffDays: 7,
  /** A later period that is not paid so long has the licence rest: two weeks, in which a company's payment run comes by. */
  subscriptionGraceDays: 14,
} as const;
