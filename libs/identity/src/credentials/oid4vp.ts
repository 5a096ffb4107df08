import { Injectable } from '@nestjs/common';
import { type Openid4vpAuthorizationRequest, Openid4vpVerifier, parseOpenid4vpAuthorizationResponse } from '@openid4vc/openid4vp';
import { calculateJwkThumbprint, compactDecrypt, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';
import { Config, Signer } from '#shared';
import { CREDENTIAL_ALGORITHMS, HOLDER_ALGORITHMS } from '../domain/credential.js';
import { type Failed, failed } from '../domain/credential-states.js';

export type RequestPayload = Openid4vpAuthorizationRequest;
export interface NewRequest {
  readonly payload: RequestPayload;
  /** Private JWK that the wallet's answer is encrypted to; to be sealed. */
  readonly responseKey: string;
}

const REQUEST_TYPE = 'oauth-authz-req+jwt';
const KEY_AGREEMENT = 'ECDH-ES';
const ENCRYPTIONS = ['A256GCM', 'A128GCM'];
/** OID4VP 1.0, section 5.8: the audience of a request when the wallet's own metadata is not used. */
const ANY_WALLET = 'https://self-issued.me/v2';

/**
 * OpenID for Verifiable Presentations 1.0, as verifier. Our client identifier is `decentralized_identifier:did:web:<our host>`: the request is
 * signed, under a name that people can read, with the key that signs everything else here and that `/.well-known/did.json` publishes, so keys
 * rotate under one name. `redirect_uri:` allows no signature; `x509_san_dns:` and `x509_hash:` need a certificate of an authority that each wallet
 * ecosystem chooses for itself; a pre-registered name needs a registration at every wallet.
 */
@Injectable()
export class Oid4vp {
  constructor(private readonly config: Config, private readonly signer: Signer) {}

  /** Wallets call no address without TLS, nor does the library let us name one. */
  get reachable(): boolean {
    return this.config.publicUrl.startsWith('https:');
  }
  get did(): string {
    const { host, pathname } = new URL(this.config.publicUrl);
    return `did:web:${encodeURIComponent(host)}${pathname.replace(/\/$/, '').replaceAll('/', ':')}`;
  }
  get clientId(): string {
    return `decentralized_identifier:${this.did}`;
  }

  /** The DID document (did:web) with the exchange's published keys, the newest first. */
  async didDocument(): Promise<object> {
    const { keys } = await this.signer.publicKeys();
    const methods = keys.map((jwk) => ({ id: `${this.did}#${jwk.kid}`, type: 'JsonWebKey2020', controller: this.did, publicKeyJwk: jwk }));
    return { '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/suites/jws-2020/v1'], id: this.did, verificationMethod: methods, assertionMethod: methods.map((m) => m.id), authentication: methods.map((m) => m.id) };
  }

  /** What goes into a QR code or a link. */
  requestUri(id: string): string {
    return `openid4vp://?${new URLSearchParams({ client_id: this.clientId, request_uri: `${this.config.publicUrl}/v1/oid4vp/requests/${id}`, request_uri_method: 'post' }).toString()}`;
  }

  async newRequest(id: string, dcqlQuery: object, nonce: string, state: string): Promise<NewRequest> {
    const { privateKey, publicKey } = await generateKeyPair(KEY_AGREEMENT, { crv: 'P-256', extractable: true });
    const jwk = await exportJWK(publicKey);
    const encryptionKey = { ...jwk, kty: jwk.kty!, kid: await calculateJwkThumbprint(jwk), use: 'enc', alg: KEY_AGREEMENT };
    const payload: RequestPayload = {
      response_type: 'vp_token', response_mode: 'direct_post.jwt', client_id: this.clientId, response_uri: `${this.config.publicUrl}/v1/oid4vp/responses/${id}`, nonce, state, dcql_query: dcqlQuery,
      client_metadata: {
        client_name: this.config.OPERATOR_NAME, jwks: { keys: [encryptionKey] }, encrypted_response_enc_values_supported: ENCRYPTIONS,
        vp_formats_supported: { 'dc+sd-jwt': { 'sd-jwt_alg_values': [...CREDENTIAL_ALGORITHMS], 'kb-jwt_alg_values': [...HOLDER_ALGORITHMS] as [string, ...string[]] } },
      },
    };
    return { payload, responseKey: JSON.stringify(await exportJWK(privateKey)) };
  }

  /** The signed request object (RFC 9101), with the nonce that a wallet gave when it fetched it by POST. */
  async requestObject(payload: RequestPayload, times: { readonly issuedAt: Date; readonly expiresAt: Date }, walletNonce?: string): Promise<string> {
    const { keys } = await this.signer.publicKeys();
    const signerJwk = { ...keys[0]!, kty: keys[0]!.kty! };
    const seconds = (at: Date): number => Math.floor(at.getTime() / 1000);
    const verifier = new Openid4vpVerifier({
      callbacks: {
        signJwt: async (_, { header, payload: content }) => ({ jwt: await this.signer.sign(String(header.typ), content, this.did), signerJwk }),
        hash: unused, encryptJwe: unused, decryptJwe: unused, verifyJwt: unused,
      },
    });
    const { jar } = await verifier.createOpenId4vpAuthorizationRequest({
      authorizationRequestPayload: walletNonce === undefined ? payload : { ...payload, wallet_nonce: walletNonce },
      ...(walletNonce === undefined ? {} : { wallet: { expectedNonce: walletNonce } as never }),
      jar: { jwtSigner: { method: 'did', didUrl: `${this.did}#${signerJwk.kid}`, alg: 'EdDSA' }, requestUri: `${this.config.publicUrl}/v1/oid4vp/requests`, expiresInSeconds: 1, additionalJwtPayload: { aud: ANY_WALLET, iat: seconds(times.issuedAt), exp: seconds(times.expiresAt) } },
    });
    return jar!.authorizationRequestJwt;
  }

  /** The one presentation of a wallet's answer; why there is none; or null where the answer does not open under this request's key. */
  async open(form: Readonly<Record<string, unknown>>, payload: RequestPayload, responseKey: string): Promise<{ readonly compact: string } | Failed | null> {
    if (typeof form['error'] === 'string') return form['state'] === payload.state ? failed('WALLET_DECLINED') : null;
    let opened = false;
    const decryptJwe = async (jwe: string) => {
      const jwk = JSON.parse(responseKey) as JWK;
      const { plaintext } = await compactDecrypt(jwe, await importJWK(jwk, KEY_AGREEMENT), { keyManagementAlgorithms: [KEY_AGREEMENT], contentEncryptionAlgorithms: ENCRYPTIONS });
      opened = true;
      return { decrypted: true as const, decryptionJwk: { ...jwk, kty: jwk.kty! }, payload: Buffer.from(plaintext).toString('utf8') };
    };
    try {
      const answer = await parseOpenid4vpAuthorizationResponse({ authorizationResponse: { response: form['response'] }, authorizationRequestPayload: payload, callbacks: { decryptJwe, verifyJwt: () => ({ verified: false as const }) } });
      const entries = answer.type === 'dcql' && opened ? Object.entries(answer.dcql.presentations) : [];
      const asked = (payload.dcql_query as { credentials: { id: string }[] }).credentials.map((c) => c.id);
      const [[id, presentations] = ['', []], ...others] = entries;
      const [compact, ...more] = presentations as unknown[];
      return others.length === 0 && more.length === 0 && asked.includes(id) && typeof compact === 'string' ? { compact } : failed('MALFORMED');
    } catch {
      return opened ? failed('MALFORMED') : null;
    }
  }
}

/** The library asks for every callback; a signed request needs one. */
const unused = (): never => {
  throw new Error('not used here');
};

export const REQUEST_OBJECT_MEDIA_TYPE = `application/${REQUEST_TYPE}`;
