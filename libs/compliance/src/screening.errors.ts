/** Error codes of screenings. */
export const COMPLIANCE_SCREENING_ERRORS = {
  CHANGE: 'compliance.no_such_change_of_the_law',
} as const;
