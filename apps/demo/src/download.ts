import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { ExchangeClient } from './client.js';

const ATTEMPTS = 40;

export interface Received { readonly sha256: string; readonly bytes: number }

/**
 * Fetches one file the way a pipeline does: a broken connection is resumed with a range on the same token, which costs nothing
 * more; a token that is gone is replaced.
 */
export async function download(client: ExchangeClient, input: { licenceId: string; assetId: string }, fileName: string): Promise<Received> {
  let hash = createHash('sha256');
  let bytes = 0;
  let url: string | null = null;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (!url) {
      ({ url } = await client.mutate<{ url: string | null }>('requestDownload', 'DownloadGrant', 'url', input, `download-${input.assetId}-${attempt}`));
      if (!url) continue;
      hash = createHash('sha256');
      bytes = 0;
    }
    try {
      const response = await client.send(url, { headers: bytes ? { range: `bytes=${bytes}-` } : {} });
      if (response.status === 404 || response.status === 410) {
        url = null;
        continue;
      }
      if (!response.ok) throw new Error(`the download of ${fileName} was answered ${response.status}: ${await response.text()}`);
      for await (const chunk of response.body!) {
        hash.update(chunk as Uint8Array);
        bytes += (chunk as Uint8Array).length;
      }
      return { sha256: hash.digest('hex'), bytes };
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      process.stdout.write(`   … the download of ${fileName} broke off after ${bytes.toLocaleString('en')} bytes, going on\n`);
      await pause(200);
    }
  }
  throw new Error(`the download of ${fileName} did not come to its end`);
}
