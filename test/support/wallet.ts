import { createHash, randomUUID } from 'node:crypto';
import { Openid4vpClient, type ResolvedOpenid4vpAuthorizationRequest } from '@openid4vc/openid4vp';
import { SDJwtVcInstance } from '@sd-jwt/sd-jwt-vc';
import { CompactEncrypt, compactVerify, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';
import { hasher, signerOf } from './credential-issuer.js';

/** What the wallet changes in the proof that it holds the key: for the tests of what is refused. */
export interface ProofFaults {
  readonly nonce?: string;
  readonly aud?: string;
  readonly iat?: number;
  readonly key?: JWK;
  readonly none?: boolean;
}

/** A holder's wallet: the holder's side of the same libraries, over real HTTP. */
export class Wallet {
  private constructor(readonly key: JWK, private readonly client: Openid4vpClient, readonly fetch: typeof globalThis.fetch, private readonly now: () => Date) {}

  /** `publicUrl` is the name that the exchange goes by; `url` is where it listens: what a proxy with TLS does between the two. */
  static async make(publicUrl: string, url: string, now: () => Date, alg = 'ES256'): Promise<Wallet> {
    const { privateKey } = await generateKeyPair(alg, { extractable: true });
    const through: typeof globalThis.fetch = (input, init) => globalThis.fetch(String(input).replace(publicUrl, url), init);
    const client = new Openid4vpClient({
      callbacks: {
        fetch: through,
        hash: (data, algorithm) => createHash(algorithm.replace('-', '')).update(data).digest(),
        verifyJwt: async (signer, { compact }) => {
          if (signer.method !== 'did') return { verified: false };
          const [did] = signer.didUrl.split('#');
          const document = (await (await through(`https://${decodeURIComponent(did!.replace('did:web:', ''))}/.well-known/did.json`)).json()) as { id: string; verificationMethod: { id: string; publicKeyJwk: JWK & { kty: string } }[] };
          const method = document.id === did ? document.verificationMethod.find((m) => m.id === signer.didUrl) : undefined;
          if (!method) return { verified: false };
          await compactVerify(compact, await importJWK(method.publicKeyJwk, 'EdDSA'), { algorithms: ['EdDSA'] });
          return { verified: true, signerJwk: method.publicKeyJwk };
        },
        encryptJwe: async (encryptor, data) => {
          if (encryptor.method !== 'jwk') throw new Error('no key');
          const jwe = await new CompactEncrypt(Buffer.from(data)).setProtectedHeader({ alg: encryptor.alg, enc: encryptor.enc, kid: encryptor.publicJwk.kid! }).encrypt(await importJWK(encryptor.publicJwk as JWK, encryptor.alg));
          return { jwe, encryptionJwk: encryptor.publicJwk };
        },
        signJwt: () => Promise.reject(new Error('a wallet signs no JARM')),
        decryptJwe: () => Promise.reject(new Error('requests are not encrypted')),
      },
    });
    return new Wallet({ ...(await exportJWK(privateKey)), alg }, client, through, now);
  }

  /** Opens the address of a QR code and verifies who asks. */
  resolve(requestUri: string): Promise<ResolvedOpenid4vpAuthorizationRequest> {
    const { params } = this.client.parseOpenid4vpAuthorizationRequest({ authorizationRequest: requestUri });
    return this.client.resolveOpenId4vpAuthorizationRequest({ authorizationRequestPayload: params as never });
  }

  /** The credential with these claims disclosed, bound to this request. */
  async present(request: ResolvedOpenid4vpAuthorizationRequest, credential: string, claims: readonly string[], faults: ProofFaults = {}): Promise<string> {
    const { nonce, client_id: aud } = request.authorizationRequestPayload;
    const kb = { payload: { iat: faults.iat ?? Math.floor(this.now().getTime() / 1000), aud: faults.aud ?? aud!, nonce: faults.nonce ?? nonce } };
    const library = new SDJwtVcInstance({ hasher, kbSigner: await signerOf(faults.key ?? this.key, this.key.alg!), kbSignAlg: this.key.alg! });
    return library.present(credential, Object.fromEntries(claims.map((c) => [c, true])), faults.none ? undefined : { kb });
  }

  /** The form that answers a request with this presentation, encrypted as the request says. */
  async answer(request: ResolvedOpenid4vpAuthorizationRequest, presentation: unknown): Promise<string> {
    const payload = request.authorizationRequestPayload as Parameters<Openid4vpClient['createOpenid4vpAuthorizationResponse']>[0]['authorizationRequestPayload'];
    const query = request.dcql!.query as { credentials: { id: string }[] };
    const { jarm } = await this.client.createOpenid4vpAuthorizationResponse({
      authorizationRequestPayload: payload, authorizationResponsePayload: { vp_token: { [query.credentials[0]!.id]: [presentation] } as never },
      jarm: { encryption: { nonce: randomUUID() }, serverMetadata: { authorization_signing_alg_values_supported: [], authorization_encryption_alg_values_supported: ['ECDH-ES'], authorization_encryption_enc_values_supported: ['A256GCM'] } } as never,
    });
    return new URLSearchParams({ response: jarm!.responseJwt }).toString();
  }

  post(request: ResolvedOpenid4vpAuthorizationRequest, form: string): Promise<Response> {
    const { response_uri: uri } = request.authorizationRequestPayload as { response_uri: string };
    return this.fetch(uri, { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: form });
  }

  /** All of it at once. */
  async show(requestUri: string, credential: string, claims: readonly string[], faults: ProofFaults = {}): Promise<Response> {
    const request = await this.resolve(requestUri);
    return this.post(request, await this.answer(request, await this.present(request, credential, claims, faults)));
  }
}
