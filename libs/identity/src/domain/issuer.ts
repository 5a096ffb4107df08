import { isPlainText, undisguised } from '#shared';
import { parseRegistryNumber, type RegistryScheme } from './registry-number.js';

/**
 * How an issuer is used here. `_BEARER` and `_DPOP`: it gives access tokens for the exchange. `_SIGN_IN`: it gives id tokens, and the
 * exchange answers with a token of its own. FAPI2: the profile of that name of the OpenID Foundation.
 */
export const ISSUER_PROFILES = ['OIDC_BEARER', 'FAPI2_DPOP', 'OIDC_SIGN_IN', 'FAPI2_SIGN_IN'] as const;
export type IssuerProfile = (typeof ISSUER_PROFILES)[number];

/** Asymmetric signatures only: a shared secret or `none` is never accepted. */
export const TOKEN_ALGORITHMS = ['EdDSA', 'Ed25519', 'ES256', 'ES384', 'PS256', 'RS256'] as const;
export type TokenAlgorithm = (typeof TOKEN_ALGORITHMS)[number];
/** FAPI 2.0 Security Profile, 5.4.1. */
export const FAPI_ALGORITHMS: readonly TokenAlgorithm[] = ['EdDSA', 'Ed25519', 'ES256', 'PS256'];

export interface AcrLevel {
  /** A value of the claim `acr`, as the issuer writes it. */
  readonly acr: string;
  readonly level: number;
}

/** Where a token names the organisation: a JSON Pointer (RFC 6901) into its claims, such as `/entityInfo/CPEntID`. */
export interface OrganisationClaim {
  readonly pointer: string;
  readonly scheme: RegistryScheme;
  /** Where the name stands under which the register knows it; without it the number is no proof of a name. */
  readonly legalNamePointer: string | null;
}

/** What the check of a token and the reading of its claims need to know of an issuer. */
export interface IssuerPolicy {
  /** The row that recognises it; null for the issuer of the configuration. */
  readonly id: string | null;
  readonly issuer: string;
  readonly jurisdiction: string | null;
  readonly profile: IssuerProfile;
  readonly audiences: readonly string[];
  readonly algorithms: readonly TokenAlgorithm[];
  /** Clients whose tokens are taken (`azp`, `client_id`); null: any, for the issuer of the configuration alone. */
  readonly authorisedParties: readonly string[] | null;
  /** Tokens must be bound to a key of the caller (DPoP). */
  readonly senderConstrained: boolean;
  readonly acrLevels: readonly AcrLevel[];
  readonly defaultLevel: number;
  readonly organisationClaims: readonly OrganisationClaim[];
  readonly nameClaim: string;
  readonly personClaim: string;
}

/** A registry number that an issuer asserts of the organisation for which the person acts. */
export interface AssertedNumber {
  readonly scheme: RegistryScheme;
  readonly value: string;
  /** As the register has it; null where the issuer does not say. */
  readonly legalName: string | null;
}

/** A person as an issuer tells of him. Who he is, is issuer and subject together: two issuers may use one subject. */
export interface ProvenIdentity {
  readonly issuer: string;
  readonly subject: string;
  readonly name: string;
  /** The recognised issuer's row, and the jurisdiction that stands behind it; null for the issuer of the configuration. */
  readonly issuerId: string | null;
  readonly jurisdiction: string | null;
  readonly acr: string | null;
  /** 1 to 4: how sure it is that it is he. */
  readonly assurance: number;
  readonly authenticatedAt: Date | null;
  readonly organisationNumbers: readonly AssertedNumber[];
}

export const isSignIn = (profile: IssuerProfile): boolean => profile === 'OIDC_SIGN_IN' || profile === 'FAPI2_SIGN_IN';
export const isFapi = (profile: IssuerProfile): boolean => profile === 'FAPI2_DPOP' || profile === 'FAPI2_SIGN_IN';

/** Of an array only what stands in it: its `length` is no claim. */
const INDEX = /^(0|[1-9]\d*)$/;
const MAX_SUBJECT = 255;
const MAX_NAME = 200;

/** The value at a JSON Pointer; undefined where there is none. Only what the claims themselves hold, never what they inherit. */
export function claimAt(claims: unknown, pointer: string): unknown {
  let at = claims;
  for (const part of pointer.slice(1).split('/')) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key) || (Array.isArray(at) && !INDEX.test(key))) return undefined;
    at = (at as Record<string, unknown>)[key];
  }
  return at;
}

/** As people read it: a name that an issuer asserts is no ground to send its bearer away, and disguises nothing here. */
const nameOf = (text: string): string => {
  const name = undisguised(text.slice(0, 4 * MAX_NAME)).slice(0, MAX_NAME).toWellFormed();
  return isPlainText(name) ? name : '';
};

/** What the database can hold. */
const isClean = (text: string): boolean => !text.includes('\u0000') && text.isWellFormed();

/**
 * The person whom verified claims tell of; null where they do not name him, or name an organisation in a form that its register does not
 * have: an assertion that cannot be read is not left out.
 */
export function readIdentity(policy: IssuerPolicy, claims: Readonly<Record<string, unknown>>): ProvenIdentity | null {
  const subject = claimAt(claims, policy.personClaim);
  if (typeof subject !== 'string' || subject.length === 0 || subject.length > MAX_SUBJECT || !isClean(subject)) return null;
  const organisationNumbers: AssertedNumber[] = [];
  for (const { pointer, scheme, legalNamePointer } of policy.organisationClaims) {
    const claimed = claimAt(claims, pointer);
    if (claimed === undefined || claimed === null) continue;
    const number = typeof claimed === 'string' && claimed.length <= 40 ? parseRegistryNumber(scheme, claimed) : undefined;
    if (!number) return null;
    const legalName = legalNamePointer === null ? undefined : claimAt(claims, legalNamePointer);
    organisationNumbers.push({ scheme, value: number.value, legalName: typeof legalName === 'string' && isClean(legalName) && legalName.length <= MAX_NAME ? legalName : null });
  }
  const named = claimAt(claims, policy.nameClaim);
  const name = (typeof named === 'string' && nameOf(named)) || nameOf(subject) || 'unnamed';
  const acr = typeof claims['acr'] === 'string' && isClean(claims['acr']) ? claims['acr'].slice(0, MAX_NAME) : null;
  const at = claims['auth_time'] ?? claims['iat'];
  return {
    issuer: policy.issuer, subject, name, issuerId: policy.id, jurisdiction: policy.jurisdiction, acr, assurance: levelOf(policy, acr), organisationNumbers,
    authenticatedAt: typeof at === 'number' && Number.isFinite(at) && Math.abs(at) < 1e11 ? new Date(at * 1000) : null,
  };
}

export const levelOf = (policy: Pick<IssuerPolicy, 'acrLevels' | 'defaultLevel'>, acr: string | null): number =>
  policy.acrLevels.find((l) => l.acr === acr)?.level ?? policy.defaultLevel;
