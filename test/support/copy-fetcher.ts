import { setTimeout as pause } from 'node:timers/promises';
import type { GraphClient } from './client.js';
import { sha256, type TestFile } from './market.js';

const BLOCK = 64 * 1_024;

/** One copy that a client fetched: the deliveries it took, and how often the server died meanwhile. */
export interface Copy { readonly assetId: string; readonly deliveries: string[]; readonly deaths: number }
interface Grant { readonly url: string; readonly deliveryId: string }

/** A buyer's machine through thick and thin: fetches whole copies over a slow line, in one piece or two at once, hangs up now and then, and goes on where it stands. */
export class CopyFetcher {
  readonly copies: Copy[] = [];
  readonly tally = { requests: 0, broken: 0, hungUp: 0, usedUp: 0 };

  constructor(private readonly buyer: GraphClient, private readonly licenceId: string, private readonly next: () => number, private readonly deaths: () => number) {}

  async run(assetId: string, file: TestFile, goesOn: () => boolean): Promise<void> {
    while (goesOn()) await this.fetchCopy(assetId, file);
  }

  /** One whole copy, however long it takes. */
  private async fetchCopy(assetId: string, { content }: TestFile): Promise<void> {
    const copy = Buffer.alloc(content.length);
    const has = new Uint8Array(content.length);
    const take = (at: number, bytes: Uint8Array): void => {
      copy.set(bytes, at);
      has.fill(1, at, at + bytes.length);
    };
    const before = this.deaths();
    const deliveries: string[] = [];
    for (let grant: Grant | null = null, from = 0; from >= 0; from = has.indexOf(0)) {
      if (!grant) deliveries.push((grant = await this.open(assetId)).deliveryId);
      const { url } = grant;
      const missing = has.indexOf(1, from);
      const statuses = await Promise.all(this.pieces(from, missing < 0 ? content.length : missing).map(([start, end]) => this.read(url, start, end, take)));
      if (statuses.some((s) => s !== null && [404, 409, 410].includes(s))) {
        this.tally.usedUp += 1;
        grant = null;
      } else if (statuses.some((s) => s !== 206)) await pause(100);
    }
    if (sha256(copy) !== sha256(content)) throw new Error(`another file came of ${assetId}`);
    this.copies.push({ assetId, deliveries, deaths: this.deaths() - before });
  }

  private pieces(from: number, to: number): [number, number][] {
    const middle = Math.floor((from + to) / 2);
    return this.next() < 0.3 && to - from > BLOCK ? [[from, middle], [middle, to]] : [[from, to]];
  }

  /** A token; asked for again where nobody answered. */
  private async open(assetId: string): Promise<Grant> {
    for (;;) {
      const grant = await this.buyer.mutate<Grant & { __typename: string; code?: string }>('requestDownload', 'DownloadGrant', 'url deliveryId', { licenceId: this.licenceId, assetId }).catch(() => null);
      if (grant?.__typename === 'DownloadGrant') return grant;
      if (grant) throw new Error(`no download of ${assetId}: ${grant.code}`);
      await pause(100);
    }
  }

  /** Reads a range as far as it comes; the status, or null where the line broke or nobody answered. */
  private async read(url: string, from: number, to: number, take: (at: number, bytes: Uint8Array) => void): Promise<number | null> {
    const hangUpAfter = this.next() < 0.35 ? this.next() * (to - from) : Infinity;
    const ending = new AbortController();
    let begun = false;
    try {
      const response = await fetch(url, { headers: { range: `bytes=${from}-${to - 1}` }, signal: ending.signal });
      begun = response.status === 206;
      if (begun) this.tally.requests += 1;
      else {
        await response.arrayBuffer();
        return response.status;
      }
      let at = from;
      for await (const chunk of response.body!) {
        take(at, chunk as Uint8Array);
        at += (chunk as Uint8Array).length;
        if (at - from > hangUpAfter) {
          this.tally.hungUp += 1;
          ending.abort();
        }
        await pause(20);
      }
      return 206;
    } catch {
      if (begun) this.tally.broken += 1;
      return null;
    }
  }
}

/** What was paid for, held against what came: `again` were paid more than once, `free` not at all. */
export function settled(copies: readonly Copy[], receipts: ReadonlySet<string>): { readonly paid: number; readonly again: readonly Copy[]; readonly free: readonly Copy[] } {
  const paidOf = ({ deliveries }: Copy): number => deliveries.filter((id) => receipts.has(id)).length;
  return { paid: copies.reduce((sum, c) => sum + paidOf(c), 0), again: copies.filter((c) => paidOf(c) > 1), free: copies.filter((c) => paidOf(c) === 0) };
}
