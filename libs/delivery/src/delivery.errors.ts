/** Every error code of this room. */
export const DELIVERY_ERRORS = {
  MEDIA_TYPE: 'delivery.octet_stream_needed',
  DIGEST_FIELD: 'delivery.digest_field',
  TOO_LARGE: 'delivery.too_large',
  CONTENT_DIFFERS: 'delivery.content_differs',
  BROKEN_UPLOAD: 'delivery.broken_upload',
  LICENCE_NOT_ACTIVE: 'delivery.licence_not_active',
  PRODUCT_NOT_LISTED: 'delivery.product_not_listed',
  TOO_MANY_OPEN: 'delivery.too_many_open',
  DOWNLOAD_REFUSED: 'delivery.download_refused',
  TOKEN: 'delivery.token_not_valid',
  RANGE: 'delivery.range_not_satisfiable',
  BUDGET: 'delivery.byte_budget_used',
} as const;

/** What an HTTP client is told: a status, a stable code, a text for people. */
export class HttpProblem extends Error {
  constructor(readonly status: number, readonly code: string, message: string) {
    super(message);
  }
}
