/** Every error code of this room. */
export const EINVOICE_ERRORS = {
  FORMAT: 'einvoice.format',
  LANGUAGE: 'einvoice.language',
  SENT_ALREADY: 'einvoice.sent_already',
  NOT_IN_FORMAT: 'einvoice.not_in_format',
} as const;
