/** Every error code of this room. */
export const CONTRACTS_ERRORS = {
  PRODUCT_NOT_LISTED: 'contracts.product_not_listed',
  PRICE: 'contracts.price',
  VALIDITY: 'contracts.validity_out_of_range',
  COUNTRY: 'contracts.country_unknown',
  OFFER_CLOSED: 'contracts.offer_closed',
  OWN_OFFER: 'contracts.own_offer',
  PURPOSE: 'contracts.purpose_not_offered',
  DESTINATION: 'contracts.destination_not_offered',
  TRANSFER_REFUSED: 'contracts.transfer_refused',
  NO_AUTHORITY: 'contracts.no_signing_authority',
  SECOND_SIGNATORY: 'contracts.second_signatory',
  FIRST_SIGNATURE_VOID: 'contracts.first_signature_void',
  PRICE_CHANGED: 'contracts.price_changed',
  ORDER_WAITS: 'contracts.order_waits',
  BUYER_NOT_VERIFIED: 'contracts.buyer_not_verified',
  ORDER_CLOSED: 'contracts.order_closed',
} as const;
