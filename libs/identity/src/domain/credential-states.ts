import { defineStateTable } from '#shared';

export type IssuerState = 'PROPOSED' | 'ACTIVE' | 'WITHDRAWN';
export const credentialIssuerStates = defineStateTable<IssuerState, 'approve' | 'replace' | 'withdraw'>(
  'credential-issuer', ['PROPOSED'], ['PROPOSED', 'ACTIVE', 'WITHDRAWN'],
  [
    { from: 'PROPOSED', event: 'approve', to: 'ACTIVE' },
    { from: 'PROPOSED', event: 'withdraw', to: 'WITHDRAWN' },
    { from: 'ACTIVE', event: 'replace', to: 'WITHDRAWN' },
    { from: 'ACTIVE', event: 'withdraw', to: 'WITHDRAWN' },
  ],
);

export const PRESENTATION_STATES = ['WAITING', 'ACCEPTED', 'REFUSED', 'EXPIRED'] as const;
export type PresentationState = (typeof PRESENTATION_STATES)[number];
export const presentationStates = defineStateTable<PresentationState, 'accept' | 'refuse' | 'expire'>(
  'presentation', ['WAITING'], PRESENTATION_STATES,
  [
    { from: 'WAITING', event: 'accept', to: 'ACCEPTED' },
    { from: 'WAITING', event: 'refuse', to: 'REFUSED' },
    { from: 'WAITING', event: 'expire', to: 'EXPIRED' },
  ],
);

export const CREDENTIAL_STATES = ['VALID', 'SUSPENDED', 'REVOKED', 'EXPIRED'] as const;
export type CredentialState = (typeof CREDENTIAL_STATES)[number];
export type CredentialEvent = 'suspend' | 'restore' | 'revoke' | 'expire';
export const credentialStates = defineStateTable<CredentialState, CredentialEvent>(
  'credential', ['VALID'], CREDENTIAL_STATES,
  [
    { from: 'VALID', event: 'suspend', to: 'SUSPENDED' },
    { from: 'SUSPENDED', event: 'restore', to: 'VALID' },
    { from: 'VALID', event: 'revoke', to: 'REVOKED' },
    { from: 'SUSPENDED', event: 'revoke', to: 'REVOKED' },
    { from: 'VALID', event: 'expire', to: 'EXPIRED' },
    { from: 'SUSPENDED', event: 'expire', to: 'EXPIRED' },
  ],
);

/** Why a presentation was refused; the wallet is not told. */
export const PRESENTATION_FAILURES = [
  'WALLET_DECLINED', 'MALFORMED', 'ISSUER_UNTRUSTED', 'TYPE_NOT_ACCEPTED', 'ALGORITHM', 'ISSUER_KEY_UNAVAILABLE', 'SIGNATURE', 'EXPIRED', 'NOT_YET_VALID', 'DISCLOSURE', 'CLAIMS',
  'HOLDER_PROOF_MISSING', 'HOLDER_PROOF', 'HOLDER_NONCE', 'HOLDER_AUDIENCE', 'HOLDER_TIME', 'STATUS_MISSING', 'STATUS_UNAVAILABLE', 'REVOKED', 'SUSPENDED',
  'OTHER_ORGANISATION', 'NAME_DIFFERS', 'NUMBER_TAKEN', 'MEMBER_LEFT', 'HOLDER_OF_ANOTHER', 'ORGANISATION_STATE', 'ASSURANCE_LOWER',
] as const;
export type PresentationFailure = (typeof PRESENTATION_FAILURES)[number];

/** A refused presentation, as a value. */
export interface Failed {
  readonly failure: PresentationFailure;
}
export const failed = (failure: PresentationFailure): Failed => ({ failure });
export const hasFailed = (value: object): value is Failed => 'failure' in value;
