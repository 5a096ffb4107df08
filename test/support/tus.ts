import type { GraphClient } from './client.js';

const VERSION = { 'tus-resumable': '1.0.0' };
const BODY = 'application/offset+octet-stream';

/** The requests of tus 1.0.0, as any client sends them. */
export class TusClient {
  constructor(private readonly client: GraphClient) {}

  create(assetId: string, bytes: number, more: Record<string, string> = {}): Promise<Response> {
    return this.send('POST', `${this.client.url}/v1/uploads`, { 'upload-length': String(bytes), 'upload-metadata': `filename ${base64('数据.csv')},assetId ${base64(assetId)}`, ...more });
  }
  async begin(assetId: string, bytes: number, more: Record<string, string> = {}): Promise<string> {
    const response = await this.create(assetId, bytes, more);
    if (response.status !== 201) throw new Error(`${response.status} ${await response.text()}`);
    return this.here(response.headers.get('location')!);
  }
  append(url: string, offset: number, content: Buffer | ReadableStream): Promise<Response> {
    return this.send('PATCH', url, { 'content-type': BODY, 'upload-offset': String(offset) }, content);
  }
  head(url: string): Promise<Response> {
    return this.send('HEAD', url);
  }
  async offset(url: string): Promise<number> {
    return Number((await this.head(url)).headers.get('upload-offset'));
  }
  concatenate(urls: readonly string[]): Promise<Response> {
    return this.send('POST', `${this.client.url}/v1/uploads`, { 'upload-concat': `final;${urls.join(' ')}` });
  }
  send(method: string, url: string, headers: Record<string, string> = {}, body?: Buffer | ReadableStream): Promise<Response> {
    const sent = body === undefined ? {} : { body: Buffer.isBuffer(body) ? new Uint8Array(body) : body, duplex: 'half' };
    return fetch(url, { method, headers: this.client.headers({ ...VERSION, ...headers }), ...sent } as RequestInit);
  }
  /** The same upload at the process of this client. */
  here(url: string): string {
    return `${this.client.url}${new URL(url).pathname}`;
  }
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');
