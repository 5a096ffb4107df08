import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { deflateSync } from 'node:zlib';
import { SDJwtVcInstance } from '@sd-jwt/sd-jwt-vc';
import { CompactSign, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';

export interface KeyOfIssuer {
  readonly jwk: JWK & { kid: string; alg: string };
}
export async function keyOfIssuer(kid: string, alg = 'ES256'): Promise<KeyOfIssuer> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true });
  return { jwk: { ...(await exportJWK(privateKey)), kid, alg } };
}
export const publicPart = (jwk: JWK): JWK => Object.fromEntries(Object.entries(jwk).filter(([name]) => name !== 'd'));

export const hasher = (data: string | ArrayBuffer, algorithm: string): Uint8Array => createHash(algorithm.replace('-', '')).update(typeof data === 'string' ? data : Buffer.from(data)).digest();
/** Signs the two parts of a JWS that a library made. */
export const signerOf = async (jwk: JWK, alg: string): Promise<(data: string) => Promise<string>> => {
  const key = await importJWK(jwk, alg);
  return async (data) => {
    const [header, payload] = data.split('.') as [string, string];
    const jws = await new CompactSign(Buffer.from(payload, 'base64url')).setProtectedHeader(JSON.parse(Buffer.from(header, 'base64url').toString('utf8')) as { alg: string }).sign(key);
    if (!jws.startsWith(`${data}.`)) throw new Error('the header is not written as jose writes it');
    return jws.split('.')[2]!;
  };
};

const BITS = 2;
/** A status list of so many credentials at two bits each, as Token Status List lays them out. */
export function statusBytes(size: number, statuses: ReadonlyMap<number, number>): Buffer {
  const bytes = Buffer.alloc(Math.ceil((size * BITS) / 8));
  for (const [index, status] of statuses) bytes[Math.floor((index * BITS) / 8)]! |= status << ((index * BITS) % 8);
  return bytes;
}

/** A real issuer of SD-JWT VCs on a port of its own: metadata, key set and a signed status list that it changes. */
export class CredentialIssuerServer {
  readonly statuses = new Map<number, number>();
  /** What it answers for its status list instead; for the tests of faults. */
  statusAnswer: 'good' | 'down' | 'slow' | ((good: object) => Promise<string> | string) = 'good';
  statusCalls = 0;
  metadataDown = false;
  listSize = 1_000;
  private next = 0;
  private server: http.Server | undefined;

  private constructor(readonly key: KeyOfIssuer) {}

  static async start(alg = 'ES256'): Promise<CredentialIssuerServer> {
    const issuer = new CredentialIssuerServer(await keyOfIssuer('issuer-1', alg));
    issuer.server = http.createServer((request, response) => void issuer.answer(request.url!, response)).listen(0, '127.0.0.1');
    await once(issuer.server, 'listening');
    return issuer;
  }
  get origin(): string {
    return `http://127.0.0.1:${(this.server!.address() as AddressInfo).port}`;
  }
  get iss(): string {
    return `${this.origin}/registry`;
  }
  get statusUri(): string {
    return `${this.origin}/status/1`;
  }
  async stop(): Promise<void> {
    this.server!.closeAllConnections();
    this.server!.close();
    await once(this.server!, 'close');
  }

  /** An SD-JWT VC for the holder of this key; every claim can be disclosed by itself. `over` replaces claims that stand in the open. */
  async issue(holder: JWK, vct: string, claims: Record<string, unknown>, over: Record<string, unknown> = {}, header: Record<string, unknown> = {}): Promise<{ compact: string; index: number }> {
    const index = this.next++;
    const now = Math.floor(Date.now() / 1000);
    const library = new SDJwtVcInstance({ hasher, hashAlg: 'sha-256', saltGenerator: (length) => randomBytes(length).toString('base64url'), signer: await signerOf(this.key.jwk, this.key.jwk.alg), signAlg: this.key.jwk.alg });
    const open = { iss: this.iss, vct, iat: now - 60, exp: now + 30 * 86_400, cnf: { jwk: publicPart(holder) }, status: { status_list: { idx: index, uri: this.statusUri } }, ...over };
    const payload = Object.fromEntries(Object.entries({ ...open, ...claims }).filter(([, v]) => v !== undefined));
    const compact = await library.issue(payload as never, { _sd: Object.keys(claims) } as never, { header: { kid: this.key.jwk.kid, ...header } });
    return { compact, index };
  }

  /** Any JWS of this issuer. */
  async sign(typ: string, payload: object, key = this.key): Promise<string> {
    return new CompactSign(Buffer.from(JSON.stringify(payload))).setProtectedHeader({ alg: key.jwk.alg, kid: key.jwk.kid, typ }).sign(await importJWK(key.jwk, key.jwk.alg));
  }

  private async answer(path: string, response: http.ServerResponse): Promise<void> {
    const json = (content: object): unknown => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(content));
    if (path === '/.well-known/jwt-vc-issuer/registry' && !this.metadataDown) return void json({ issuer: this.iss, jwks_uri: `${this.origin}/jwks` });
    if (path === '/jwks') return void json({ keys: [publicPart(this.key.jwk)] });
    if (path !== '/status/1') return void response.writeHead(404).end();
    this.statusCalls++;
    if (this.statusAnswer === 'slow') return;
    if (this.statusAnswer === 'down') return void response.writeHead(503).end();
    const now = Math.floor(Date.now() / 1000);
    const good = { iss: this.iss, sub: this.statusUri, iat: now, exp: now + 366 * 86_400, ttl: 60, status_list: { bits: BITS, lst: deflateSync(statusBytes(this.listSize, this.statuses)).toString('base64url') } };
    const token = this.statusAnswer === 'good' ? await this.sign('statuslist+jwt', good) : await this.statusAnswer(good);
    response.writeHead(200, { 'content-type': 'application/statuslist+jwt' }).end(token);
  }
}

/** A presentation whose issuer's part is changed, with the old signature or one of this maker. */
export const recode = (presentation: string, change: (header: Record<string, unknown>, payload: Record<string, unknown>) => void, sign: (data: string) => string = () => ''): string => {
  const [jwt, ...rest] = presentation.split('~') as [string, ...string[]];
  const [header, payload] = jwt.split('.').slice(0, 2).map((p) => JSON.parse(Buffer.from(p, 'base64url').toString()) as Record<string, unknown>) as [Record<string, unknown>, Record<string, unknown>];
  change(header, payload);
  const data = [header, payload].map((p) => Buffer.from(JSON.stringify(p)).toString('base64url')).join('.');
  return [`${data}.${sign(data) || jwt.split('.')[2]!}`, ...rest].join('~');
};
