import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { Provider } from 'oidc-provider';

export interface SigningKey {
  readonly jwk: JWK & { kid: string; alg: string };
}

export async function signingKey(kid: string, alg: 'ES256' | 'RS256' = 'ES256'): Promise<SigningKey> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true });
  return { jwk: { ...(await exportJWK(privateKey)), kid, alg, use: 'sig' } };
}

/** The half of a key that others may know. */
export const publicHalf = ({ jwk }: SigningKey): JWK => Object.fromEntries(Object.entries(jwk).filter(([name]) => !['d', 'p', 'q', 'dp', 'dq', 'qi'].includes(name)));

/** A real OpenID provider (oidc-provider) on a port of its own. Its clients are machines: client_credentials, JWT access tokens. */
export class OidcIssuer {
  private server: http.Server | undefined;
  private constructor(readonly url: string, private readonly port: number) {}

  /** Takes a port and does not listen on it yet. */
  static async reserve(): Promise<OidcIssuer> {
    const probe = http.createServer().listen(0, '127.0.0.1');
    await once(probe, 'listening');
    const { port } = probe.address() as AddressInfo;
    probe.close();
    await once(probe, 'close');
    return new OidcIssuer(`http://127.0.0.1:${port}`, port);
  }

  /** Starts with these keys; new tokens are signed with the first. */
  async start(keys: readonly SigningKey[], accessTokenSeconds = 3_600): Promise<void> {
    const { alg } = keys[0]!.jwk;
    const provider = new Provider(this.url, {
      clients: ['vendor-person', 'staff-person', 'newcomer'].map((id) => ({ client_id: id, client_secret: `${id}-secret`, grant_types: ['client_credentials'], redirect_uris: [], response_types: [], id_token_signed_response_alg: alg })),
      jwks: { keys: keys.map((k) => k.jwk) },
      scopes: ['trade'], cookies: { keys: ['test'] },
      features: {
        clientCredentials: { enabled: true }, devInteractions: { enabled: false },
        resourceIndicators: {
          enabled: true, defaultResource: () => 'urn:entrepot', useGrantedResource: () => true,
          getResourceServerInfo: (_: unknown, resource: string) => ({ scope: 'trade', audience: resource.replace('urn:', ''), accessTokenTTL: accessTokenSeconds, accessTokenFormat: 'jwt', jwt: { sign: { alg } } }),
        },
      },
    });
    this.server = http.createServer(provider.callback()).listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
  }

  async stop(): Promise<void> {
    const { server } = this;
    if (!server) return;
    this.server = undefined;
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }

  /** An access token for this client and this resource, as any client of the provider gets one. */
  async token(client = 'newcomer', resource = 'urn:entrepot'): Promise<string> {
    const response = await fetch(`${this.url}/token`, {
      method: 'POST', headers: { authorization: `Basic ${Buffer.from(`${client}:${client}-secret`).toString('base64')}`, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ grant_type: 'client_credentials', resource }),
    });
    const answer = (await response.json()) as { access_token?: string };
    if (!answer.access_token) throw new Error(`no token: ${JSON.stringify(answer)}`);
    return answer.access_token;
  }
}
