import { Injectable } from '@nestjs/common';
import { type CryptoKey, decodeProtectedHeader, exportJWK, generateKeyPair, importJWK, type JWK, type JWTPayload } from 'jose';
import * as client from 'openid-client';
import { Clock, LIMITS, OutgoingHttp } from '#shared';
import { isFapi } from '../domain/issuer.js';
import { IssuerKeys, IssuerUnavailableError } from '../oidc/issuer-keys.js';
import type { RecognisedIssuer } from '../storage/issuer.repository.js';

export interface PrivateKey {
  readonly kid: string;
  readonly key: CryptoKey;
}
/** The exchange's keys as a client of one issuer: that with which it signs, and those to which the issuer may encrypt. */
export interface ClientKeys {
  readonly sig: PrivateKey;
  readonly enc: readonly PrivateKey[];
}

/** What the exchange must still know when the person comes back. Kept sealed. */
export interface SignInSecrets {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  readonly dpop: JWK | null;
}

export const SIGNING_ALGORITHM = 'ES256';
export const ENCRYPTION_ALGORITHM = 'ECDH-ES+A256KW';
const CONTENT_ENCRYPTION = ['A256GCM', 'A128GCM', 'A256CBC-HS512', 'A128CBC-HS256'];
const CLOCK_TOLERANCE_SECONDS = 30;
/** An id token is for this moment; one that is older was made for somebody else's sign-in. */
const ID_TOKEN_SECONDS = 600;

/** The exchange as a relying party of an OpenID provider: the one place that knows `openid-client`. */
@Injectable()
export class RelyingParty {
  constructor(private readonly issuers: IssuerKeys, private readonly http: OutgoingHttp, private readonly clock: Clock) {}

  /** Where to send the person: code flow with PKCE, pushed where the issuer offers it (RFC 9126), and always under FAPI 2.0. */
  async begin(issuer: RecognisedIssuer, keys: ClientKeys, redirectUri: string, state: string): Promise<{ readonly location: string; readonly secrets: SignInSecrets }> {
    const config = await this.configure(issuer, keys);
    const dpop = issuer.senderConstrained ? await newDpopKey() : null;
    const secrets: SignInSecrets = { state, nonce: client.randomNonce(), verifier: client.randomPKCECodeVerifier(), dpop };
    const parameters = {
      redirect_uri: redirectUri, scope: issuer.scopes.join(' '), state, nonce: secrets.nonce, code_challenge: await client.calculatePKCECodeChallenge(secrets.verifier), code_challenge_method: 'S256',
    };
    const pushes = config.serverMetadata()['pushed_authorization_request_endpoint'] !== undefined;
    if (isFapi(issuer.profile) && !pushes) throw new Error(`${issuer.issuer} does not take pushed authorization requests`);
    const location = pushes ? await this.reaching(client.buildAuthorizationUrlWithPAR(config, parameters, await dpopOption(config, dpop))) : client.buildAuthorizationUrl(config, parameters);
    return { location: location.href, secrets };
  }

  /** The verified claims of the id token for which the code was exchanged. Rejects when anything about the answer is wrong. */
  async complete(issuer: RecognisedIssuer, keys: ClientKeys, answer: URL, secrets: SignInSecrets): Promise<JWTPayload> {
    if (isFapi(issuer.profile) && !answer.searchParams.has('iss')) throw new Error('the answer does not name its issuer (RFC 9207)');
    const config = await this.configure(issuer, keys);
    const tokens = await this.reaching(client.authorizationCodeGrant(
      config, answer, { expectedState: secrets.state, expectedNonce: secrets.nonce, pkceCodeVerifier: secrets.verifier, idTokenExpected: true }, undefined, await dpopOption(config, secrets.dpop),
    ));
    if (issuer.encryptedIdToken && decodeProtectedHeader(tokens.id_token!).enc === undefined) throw new Error('the id token is not encrypted');
    if (issuer.senderConstrained && tokens.token_type !== 'dpop') throw new Error('the issuer did not bind its token');
    const claims = tokens.claims() as JWTPayload;
    const now = this.clock.now().getTime() / 1000;
    if (claims.iat! > now + CLOCK_TOLERANCE_SECONDS || claims.iat! < now - ID_TOKEN_SECONDS) throw new Error('the id token is not of this sign-in');
    return claims;
  }

  /** Made anew each time: the issuer's keys are read at each sign-in, so that a rotation is never missed. */
  private async configure(issuer: RecognisedIssuer, keys: ClientKeys): Promise<client.Configuration> {
    const metadata = await this.issuers.metadataOf(issuer.issuer);
    const offered = metadata['id_token_signing_alg_values_supported'];
    const algorithms = issuer.algorithms.filter((a) => !Array.isArray(offered) || offered.includes(a));
    if (algorithms.length === 0) throw new Error(`${issuer.issuer} signs with none of ${issuer.algorithms.join(', ')}`);
    const skew = Math.round((this.clock.now().getTime() - Date.now()) / 1000);
    const config = new client.Configuration(
      { ...metadata, id_token_signing_alg_values_supported: algorithms } as client.ServerMetadata, issuer.clientId!,
      { [client.clockSkew]: skew, [client.clockTolerance]: CLOCK_TOLERANCE_SECONDS },
      client.PrivateKeyJwt(keys.sig),
    );
    config[client.customFetch] = this.http.fetch as client.CustomFetch;
    config.timeout = LIMITS.outgoingMs / 1000;
    // Which addresses may be called without TLS, `OutgoingHttp` decides.
    if (issuer.issuer.startsWith('http:')) client.allowInsecureRequests(config);
    // The signature is checked although the token comes straight from the issuer: TLS alone proves no origin to anybody later.
    client.enableNonRepudiationChecks(config);
    client.enableDecryptingResponses(config, CONTENT_ENCRYPTION, ...keys.enc.map((k) => ({ ...k, alg: ENCRYPTION_ALGORITHM })));
    return config;
  }

  /** Tells an issuer that cannot be reached from one that refuses. */
  private async reaching<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      if (isOutOfReach(error)) throw new IssuerUnavailableError('the issuer does not answer', { cause: error });
      throw error;
    }
  }
}

/** By what the errors say of themselves: the library wraps those of the connection. */
function isOutOfReach(error: unknown): boolean {
  for (let at = error as { name?: string; code?: string; message?: string; status?: number; cause?: unknown } | null | undefined; typeof at === 'object' && at !== null; at = at.cause as typeof at) {
    if (at.code === 'OAUTH_TIMEOUT' || at.name === 'TimeoutError' || at.message === 'fetch failed' || (at.status ?? 0) >= 500) return true;
  }
  return false;
}

async function newDpopKey(): Promise<JWK> {
  return exportJWK((await generateKeyPair(SIGNING_ALGORITHM, { extractable: true })).privateKey);
}

async function dpopOption(config: client.Configuration, jwk: JWK | null): Promise<client.DPoPOptions> {
  if (!jwk) return {};
  const { d: _, ...publicJwk } = jwk;
  const [privateKey, publicKey] = (await Promise.all([importJWK(jwk, SIGNING_ALGORITHM), importJWK(publicJwk, SIGNING_ALGORITHM, { extractable: true })])) as [CryptoKey, CryptoKey];
  return { DPoP: client.getDPoPHandle(config, { privateKey, publicKey }) };
}
