/** Every error code of this room. */
export const IDENTITY_ERRORS = {
  ALREADY_MEMBER: 'identity.already_member',
  REGISTRY_NUMBER_MISSING: 'identity.registry_number_missing',
  REGISTRY_NUMBER_FORM: 'identity.registry_number_form',
  REGISTRY_NUMBER_TAKEN: 'identity.registry_number_taken',
  PROOF_TOO_WEAK: 'identity.proof_too_weak',
  ROLE_NOT_FOR_THIS_ORGANISATION: 'identity.role_not_for_this_organisation',
  LAST_ADMIN: 'identity.last_admin',
  SCOPE_UNKNOWN: 'identity.scope_unknown',
  EXPIRY_OUT_OF_RANGE: 'identity.expiry_out_of_range',
  COUNTRY_UNKNOWN: 'identity.country_unknown',
} as const;
