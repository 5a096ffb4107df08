/** Every error code of this room. */
export const CATALOG_ERRORS = {
  NOT_DRAFT: 'catalog.product_not_draft',
  TOO_MANY: 'catalog.too_many',
  FILE_NAME: 'catalog.file_name',
  FILE_NAME_TAKEN: 'catalog.file_name_taken',
  REVISION_EMPTY: 'catalog.revision_empty',
  REVISION_FINALISED: 'catalog.revision_finalised',
  ASSET_MISSING: 'catalog.asset_not_uploaded',
  ASSET_STORED: 'catalog.asset_stored',
  ASSET_DIFFERS: 'catalog.asset_differs',
  CLASSIFICATION: 'catalog.classification',
  NOT_READY: 'catalog.not_ready_to_submit',
  ASSESSOR: 'catalog.assessor_not_accredited',
  VALIDITY: 'catalog.validity_out_of_range',
  FOUR_EYES: 'catalog.four_eyes',
  NOTICE_RUNNING: 'catalog.notice_running',
  GATE: 'catalog.gate_not_passed',
} as const;
