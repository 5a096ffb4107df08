import { type IssuerPolicy, isFapi, isSignIn } from './issuer.js';

/** A token that lives longer was made for something else. */
const LONGEST_LIFE_SECONDS = 86_400;
const KID = /^[\x21-\x7e]{1,200}$/;
/** What id tokens carry and access tokens do not (OpenID Connect Core 1.0, 2 and 3.3.2.11; back-channel logout). */
const NOT_OF_ACCESS_TOKENS = ['nonce', 'at_hash', 'c_hash', 's_hash', 'events'];

/**
 * Whether a token with this header may be an access token of the issuer at all. `at+jwt` (RFC 9068) everywhere; no type, or plain `JWT`, only
 * from plain OIDC issuers, many of which say no more. What the header offers as a key (`jwk`, `jku`, `x5u`, `x5c`) is not looked at.
 */
export function isAccessToken(policy: IssuerPolicy, header: Readonly<Record<string, unknown>> | null): boolean {
  if (!header || isSignIn(policy.profile)) return false;
  const { typ, alg, kid } = header;
  if (!(policy.algorithms as readonly unknown[]).includes(alg)) return false;
  if (kid !== undefined && (typeof kid !== 'string' || !KID.test(kid))) return false;
  if (typ === undefined) return !isFapi(policy.profile);
  if (typeof typ !== 'string') return false;
  const kind = typ.toLowerCase().replace(/^application\//, '');
  return kind === 'at+jwt' || (kind === 'jwt' && !isFapi(policy.profile));
}

/** Whether verified claims are those of an access token, given at a time that has come, to a client that may hand it on to the exchange. */
export function isLetIn(policy: IssuerPolicy, claims: Readonly<Record<string, unknown>>, now: Date, tolerance: number): boolean {
  if (NOT_OF_ACCESS_TOKENS.some((name) => claims[name] !== undefined)) return false;
  const { iat, exp } = claims as { iat?: unknown; exp: number };
  if (iat !== undefined && (typeof iat !== 'number' || iat > now.getTime() / 1000 + tolerance || exp <= iat)) return false;
  // What the operator configured himself is his own affair; whoever was recognised keeps to these.
  if (policy.authorisedParties === null) return true;
  if (iat === undefined || exp - (iat as number) > LONGEST_LIFE_SECONDS) return false;
  const parties = [claims['client_id'], claims['azp']].filter((p) => p !== undefined);
  return parties.length > 0 && parties.every((p) => (policy.authorisedParties as readonly unknown[]).includes(p));
}

/** The thumbprint to which the token is bound; null when it is not bound; undefined when it is bound in a way that is not checked here. */
export function boundKeyOf(claims: Readonly<Record<string, unknown>>): string | null | undefined {
  const { cnf } = claims;
  if (cnf === undefined) return null;
  if (typeof cnf !== 'object' || cnf === null || Object.keys(cnf).length !== 1) return undefined;
  const { jkt } = cnf as { jkt?: unknown };
  return typeof jkt === 'string' && /^[\w-]{43}$/.test(jkt) ? jkt : undefined;
}
