import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { GraphClient } from './client.js';
import type { VendorApi } from './vendor-api.js';

const KB = 1_024;
/** What a vendor did with one call: all that the exchange could have heard of it. */
export interface Served { readonly callId: string; begun: boolean; whole: boolean }
/** What one request of a client came to: the call's id where an answer began, and whether all of it came. */
export interface Made { readonly number: number; readonly path: string; callId: string | null; status: number | null; whole: boolean }

/** A vendor's API with short answers, long ones, streams, and failures now and then; it remembers what it did for each request. */
export class EagerVendor {
  /** By the number of the request, which its caller puts into the query. */
  readonly served = new Map<number, Served[]>();

  constructor(vendor: VendorApi, private readonly next: () => number) {
    vendor.on('/data/v1/quotes/a', (q, r) => this.serve(q, r, () => this.quote(r)));
    vendor.on('/data/v1/big', (q, r) => this.serve(q, r, () => this.trickle(r, 12, Buffer.alloc(30 * KB, 'abc'))));
    vendor.on('/data/v1/stream', (q, r) => this.serve(q, r, () => this.trickle(r, 10, Buffer.from('data: word\n\n'))));
  }

  private async serve(request: IncomingMessage, response: ServerResponse, answer: () => Promise<boolean>): Promise<void> {
    const number = Number(new URL(request.url!, 'http://vendor').searchParams.get('n'));
    const served: Served = { callId: String(request.headers['entrepot-call-id']), begun: false, whole: false };
    this.served.set(number, [...(this.served.get(number) ?? []), served]);
    await pause(this.next() * 60);
    const kind = this.next();
    if (kind < 0.08) return void response.writeHead(500).end('trouble');
    if (kind < 0.16) return void response.writeHead(404).end('no such thing');
    served.begun = true;
    response.writeHead(200, { 'content-type': 'application/json' });
    served.whole = await answer();
    if (served.whole) response.end();
    else response.destroy();
  }
  private async quote(response: ServerResponse): Promise<boolean> {
    response.write('{"price":');
    await pause(this.next() * 20);
    if (this.next() < 0.08) return false;
    response.write('1}');
    return true;
  }
  private async trickle(response: ServerResponse, pieces: number, piece: Buffer): Promise<boolean> {
    const until = this.next() < 0.1 ? this.next() * pieces : pieces;
    for (let i = 0; i < until; i++) {
      response.write(piece);
      await pause(10);
    }
    return until === pieces;
  }
}

/** A buyer's program through thick and thin: it calls and never asks twice for the same, so each request is one call or none. */
export class ApiCaller {
  readonly made: Made[] = [];

  constructor(private readonly buyer: GraphClient, private readonly licenceId: string, private readonly next: () => number) {}

  async run(goesOn: () => boolean): Promise<void> {
    while (goesOn()) {
      const chance = this.next();
      const made = await this.call(chance < 0.6 ? '/v1/quotes/a' : chance < 0.85 ? '/v1/big' : '/v1/stream');
      if (made.status === null) await pause(200);
    }
  }

  private async call(path: string): Promise<Made> {
    const made: Made = { number: this.made.length, path, callId: null, status: null, whole: false };
    this.made.push(made);
    try {
      const response = await fetch(`${this.buyer.url}/v1/apis/${this.licenceId}${path}?n=${made.number}`, { headers: this.buyer.headers() });
      made.callId = response.headers.get('entrepot-call-id');
      made.status = response.status;
      await response.arrayBuffer();
      made.whole = true;
    } catch {
      // The server died, or its vendor broke off.
    }
    return made;
  }
}
