import { Injectable } from '@nestjs/common';
import type { AssetRecord } from '#catalog';
import { invalid, isRefused, LIMITS, newId, type Refusal, type Result, stateConflict, type Tx } from '#shared';
import { DELIVERY_ERRORS } from '../../delivery.errors.js';
import { otherKind, SNIFFED_BYTES } from '../../domain/content-kind.js';
import { MalwareScan, ScanFailedError } from '../../malware/malware-scan.port.js';
import { StorageRegions } from '../../object-storage/regions/storage-regions.js';
import { type StoragePort, type Temporary, TooManyBytesError } from '../../object-storage/storage.port.js';
import { HomeRegions } from '../regions/home-regions.js';
import { HoldBytes } from './hold-bytes.js';

export interface Received {
  readonly region: string;
  readonly storage: StoragePort;
  readonly temporary: Temporary;
  /** Called when they are kept, or thrown away: until then their place in the quota is held. */
  readonly over: () => void;
}
/** The bytes are not let in, for this reason. */
class UnwantedError extends Error {
  constructor(readonly refusal: Refusal) {
    super(refusal.message);
  }
}

/** Takes bytes into the home region of their asset, within the vendor's quota, and looks at them on the way. Nothing is left of those that are refused. */
@Injectable()
export class ReceiveBytes {
  constructor(private readonly regions: StorageRegions, private readonly homes: HomeRegions, private readonly quota: HoldBytes, private readonly scans: MalwareScan) {}

  /**
   * `insteadOf`: uploads, or an object, that hold these bytes already. `staged`: they are uploads, whose hold is enough until the bytes are kept; another one would stay for a while
   * where the process dies meanwhile, and turn the vendor away who goes on.
   */
  async execute(asset: AssetRecord, body: AsyncIterable<Buffer>, { insteadOf, staged }: { readonly insteadOf: readonly string[]; readonly staged: boolean }): Promise<Result<Received>> {
    const region = await this.homes.forUpload(asset);
    if (isRefused(region)) return region;
    const key = newId();
    const full = staged ? undefined : await this.quota.run({ holderId: key, vendorId: asset.vendorId, bytes: asset.byteLength, insteadOf, coming: true });
    if (full) return full;
    const storage = this.regions.storage(region.id);
    const over = staged ? () => {} : this.quota.present(key);
    try {
      return { region: region.id, storage, over, temporary: await storage.writeTemporary(key, this.looked(asset, body), Math.min(Number(asset.byteLength), LIMITS.uploadBytes)) };
    } catch (error) {
      over();
      await this.quota.release(key);
      return refusalOf(error, asset);
    }
  }

  /** They are the asset's from this transaction on, and hold their own place. */
  kept(tx: Tx, { vendorId, byteLength }: AssetRecord, { temporary: { key } }: Received): Promise<void> {
    return this.quota.keep(tx, { holderId: key, vendorId, bytes: byteLength });
  }

  /** Not kept after all. */
  async discard({ storage, temporary }: Received): Promise<void> {
    await storage.discard(temporary);
    await this.quota.release(temporary.key);
  }

  /** The same bytes; throws at the first that speaks against them. */
  private async *looked({ mediaType }: AssetRecord, body: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    const scanning = await this.scans.begin();
    let head: Buffer | null = Buffer.alloc(0);
    const sniff = (): void => {
      const other = head && otherKind(head, mediaType);
      if (other) throw new UnwantedError(invalid(DELIVERY_ERRORS.CONTENT_TYPE, 'content', `it begins as ${other} does; the description says ${mediaType}`));
      head = null;
    };
    try {
      for await (const chunk of body) {
        if (head) {
          head = Buffer.concat([head, chunk.subarray(0, SNIFFED_BYTES - head.length)]);
          if (head.length === SNIFFED_BYTES) sniff();
        }
        await scanning.write(chunk);
        yield chunk;
      }
      sniff();
      const found = await scanning.end();
      if (found !== null) throw new UnwantedError(invalid(DELIVERY_ERRORS.MALWARE, 'content', `malware was found in it: ${found}`));
    } finally {
      scanning.abort();
    }
  }
}

function refusalOf(error: unknown, asset: AssetRecord): Refusal {
  if (error instanceof UnwantedError) return error.refusal;
  if (error instanceof TooManyBytesError) return invalid(DELIVERY_ERRORS.CONTENT_DIFFERS, 'content', `more than the ${asset.byteLength} bytes of the description`);
  if (error instanceof ScanFailedError) return stateConflict(DELIVERY_ERRORS.NOT_SCANNED, 'the file could not be looked at for malware: try again later', 'NOT_SCANNED');
  throw error;
}
