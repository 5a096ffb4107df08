/** Every error code of this room. */
export const DELIVERY_ERRORS = {
  MEDIA_TYPE: 'delivery.octet_stream_needed',
  DIGEST_FIELD: 'delivery.digest_field',
  CONTENT_DIFFERS: 'delivery.content_differs',
  BROKEN_UPLOAD: 'delivery.broken_upload',
  LICENCE_NOT_ACTIVE: 'delivery.licence_not_active',
  PRODUCT_NOT_LISTED: 'delivery.product_not_listed',
  BUYER_NOT_VERIFIED: 'delivery.buyer_not_verified',
  REVISION_REVOKED: 'delivery.revision_revoked',
  TRIAL_QUOTA: 'delivery.trial_quota',
  SPENDING_CAP: 'delivery.spending_cap',
  TOO_MANY_OPEN: 'delivery.too_many_open',
  DOWNLOAD_REFUSED: 'delivery.download_refused',
  TOKEN: 'delivery.token_not_valid',
  RANGE: 'delivery.range_not_satisfiable',
  BUDGET: 'delivery.byte_budget_used',
  EXPORT_RELEASED: 'delivery.export_released',
} as const;
