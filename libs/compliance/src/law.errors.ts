/** Error codes of the law's administration. */
export const LAW_ERRORS = {
  DOCUMENT_REFUSED: 'compliance.law_document_refused',
  DOCUMENT_KEPT: 'compliance.law_document_kept',
  VERSION_TAKEN: 'compliance.law_version_taken',
  DOES_NOT_HOLD: 'compliance.law_does_not_hold',
  CHANGE_OPEN: 'compliance.law_change_open',
  SECOND_OFFICER: 'compliance.law_second_officer',
  FACTS_INVALID: 'compliance.facts_invalid',
  FACTS_MISSING: 'compliance.facts_missing',
} as const;
