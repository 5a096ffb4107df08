import { invalid, type InvalidInput, isCountry } from '#shared';
import { IDENTITY_ERRORS } from '../identity.errors.js';
import { type AcrLevel, FAPI_ALGORITHMS, isFapi, isSignIn, type IssuerProfile, type OrganisationClaim, type TokenAlgorithm } from './issuer.js';

/** What an officer proposes: whose word is to be taken, how it is checked, and what it is worth. */
export interface ProposeIssuerInput {
  readonly issuer: string;
  readonly displayName: string;
  readonly jurisdiction: string;
  readonly trustFramework: string;
  readonly profile: IssuerProfile;
  readonly audiences: readonly string[];
  readonly algorithms: readonly TokenAlgorithm[];
  readonly authorisedParties: readonly string[];
  readonly senderConstrained: boolean;
  readonly clientId: string | null;
  readonly scopes: readonly string[];
  readonly encryptedIdToken: boolean;
  readonly acrLevels: readonly AcrLevel[];
  readonly defaultLevel: number;
  readonly organisationClaims: readonly OrganisationClaim[];
  readonly nameClaim: string;
  readonly personClaim: string;
  /** Null: from its approval on. */
  readonly validFrom: Date | null;
  readonly validTo: Date | null;
}

const POINTER = /^(\/([^~/]|~[01]){1,60}){1,6}$/;
const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]{1,60}$/;

/** What is wrong with a proposal in itself; undefined when nothing is. `http`: whether an address without TLS may be named, as in development. */
export function checkProposal(input: ProposeIssuerInput, http: boolean): InvalidInput | undefined {
  const wrong = (path: string, message: string): InvalidInput => invalid(IDENTITY_ERRORS.ISSUER_MALFORMED, path, message);
  if (!isIssuerUrl(input.issuer, http)) return wrong('issuer', 'an https URL without query, fragment and credentials, exactly as the issuer writes it (OpenID Connect Discovery 1.0, 2)');
  if (!isCountry(input.jurisdiction)) return invalid(IDENTITY_ERRORS.COUNTRY_UNKNOWN, 'jurisdiction', 'an ISO 3166-1 alpha-2 code');
  if (new Set(input.acrLevels.map((l) => l.acr)).size !== input.acrLevels.length) return wrong('acrLevels', 'each acr value once');
  for (const [i, { pointer, legalNamePointer }] of input.organisationClaims.entries()) {
    if (!POINTER.test(pointer)) return wrong(`organisationClaims.${i}.pointer`, 'a JSON Pointer such as /entityInfo/CPEntID (RFC 6901)');
    if (legalNamePointer !== null && !POINTER.test(legalNamePointer)) return wrong(`organisationClaims.${i}.legalNamePointer`, 'a JSON Pointer such as /entityInfo/CPEntName (RFC 6901)');
  }
  for (const path of ['nameClaim', 'personClaim'] as const) if (!POINTER.test(input[path])) return wrong(path, 'a JSON Pointer such as /sub (RFC 6901)');
  if (isFapi(input.profile) && !input.senderConstrained) return wrong('senderConstrained', 'FAPI 2.0 demands tokens that are bound to their caller');
  if (isFapi(input.profile) && input.algorithms.some((a) => !FAPI_ALGORITHMS.includes(a))) return wrong('algorithms', `of ${FAPI_ALGORITHMS.join(', ')} under FAPI 2.0`);
  if (isSignIn(input.profile)) {
    if (!input.clientId) return wrong('clientId', 'who the exchange is to the issuer');
    if (!input.scopes.includes('openid') || input.scopes.some((s) => !SCOPE.test(s))) return wrong('scopes', 'openid and what else is asked for');
    return undefined;
  }
  if (input.clientId !== null) return wrong('clientId', 'only where the exchange itself signs people in');
  if (input.encryptedIdToken) return wrong('encryptedIdToken', 'only where the exchange itself signs people in');
  if (!input.audiences.length) return wrong('audiences', 'at least one: how the issuer names the exchange');
  if (!input.authorisedParties.length) return wrong('authorisedParties', 'at least one: a token that any client may have got is not taken');
  return undefined;
}

function isIssuerUrl(text: string, http: boolean): boolean {
  if (text.length > 300 || !URL.canParse(text) || !/^[\x21-\x7e]+$/.test(text)) return false;
  const url = new URL(text);
  return (url.protocol === 'https:' || (http && url.protocol === 'http:')) && !text.includes('?') && !text.includes('#') && url.username === '' && url.password === '';
}
