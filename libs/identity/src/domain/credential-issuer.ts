import type { JSONWebKeySet } from 'jose';
import type { CredentialPurpose, CredentialType } from './credential.js';
import type { IssuerState } from './credential-states.js';

export const KEY_SOURCES = ['METADATA', 'JWKS', 'X5C'] as const;
/** METADATA: `/.well-known/jwt-vc-issuer` of the issuer. JWKS: a pinned key set. X5C: a chain of certificates to a pinned root. */
export type KeySource = (typeof KEY_SOURCES)[number];

/** Who is believed about what, and from when to when. */
export interface CredentialIssuer {
  readonly id: string;
  /** `iss` of its credentials. */
  readonly iss: string;
  readonly jurisdiction: string;
  readonly trustFramework: string;
  readonly types: readonly CredentialType[];
  readonly keySource: KeySource;
  readonly jwks: JSONWebKeySet | null;
  /** PEM. */
  readonly rootCertificate: string | null;
  readonly algorithms: readonly string[];
  /** What its word about an organisation's identity is worth here: 3 or 4. */
  readonly assuranceLevel: number;
  /** Whether a credential without a status list is refused. */
  readonly statusRequired: boolean;
  readonly validFrom: Date;
  readonly validTo: Date | null;
  readonly state: IssuerState;
  readonly proposedBy: string;
  readonly proposedAt: Date;
  readonly approvedBy: string | null;
  readonly approvedAt: Date | null;
}

export const isTrusted = (issuer: Pick<CredentialIssuer, 'state' | 'validFrom' | 'validTo'>, now: Date): boolean =>
  issuer.state === 'ACTIVE' && issuer.validFrom <= now && (issuer.validTo === null || issuer.validTo > now);

export const typeOf = (issuer: Pick<CredentialIssuer, 'types'>, vct: string, purpose: CredentialPurpose): CredentialType | undefined =>
  issuer.types.find((t) => t.vct === vct && t.purpose === purpose);

/** A Digital Credentials Query Language query (OID4VP 1.0, section 6): one of these types, with the claims that are needed and no others. */
export function dcqlQuery(issuers: readonly Pick<CredentialIssuer, 'types'>[], purpose: CredentialPurpose, needed: (type: CredentialType) => (readonly string[])[]): object {
  const wanted = new Map(issuers.flatMap((i) => i.types).filter((t) => t.purpose === purpose).map((t) => [JSON.stringify([t.vct, needed(t)]), t]));
  const credentials = [...wanted.values()].map((type, i) => ({ id: `c${i}`, format: 'dc+sd-jwt', meta: { vct_values: [type.vct] }, claims: needed(type).map((path) => ({ path })) }));
  return { credentials, credential_sets: [{ options: credentials.map((c) => [c.id]) }] };
}
