import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Injectable } from '@nestjs/common';
import { Config, ConfigError } from '#shared';
import { LocalDisk } from '../local-disk.js';
import { S3Storage } from '../s3/s3-storage.js';
import type { StoragePort } from '../storage.port.js';
import { readRegions } from './read-regions.js';
import { readChannels } from './read-channels.js';
import { LOCAL, onlyLocal, type Region, type StoragePlan } from './region.js';

/** The regions of this exchange, each with its storage. */
@Injectable()
export class StorageRegions {
  readonly plan: StoragePlan;
  private readonly storages: ReadonlyMap<string, StoragePort>;

  constructor(config: Config) {
    this.plan = planOf(config);
    this.storages = new Map(this.plan.regions.map(({ id, place }) => [id, place.kind === 's3' ? new S3Storage(place) : new LocalDisk(place.folder)]));
  }

  /** Fails for a region that is not configured: what lies there cannot be reached. */
  storage(id: string): StoragePort {
    const found = this.storages.get(id);
    if (!found) throw new Error(`the storage region ${id} is not configured`);
    return found;
  }
  region(id: string): Region | null {
    return this.plan.regions.find((r) => r.id === id) ?? null;
  }
  /** Every storage, with the region that it is for. */
  all(): readonly [string, StoragePort][] {
    return [...this.storages];
  }
}

function planOf({ STORAGE_REGIONS_FILE: file, DATA_DIR }: Config): StoragePlan {
  const local = path.join(DATA_DIR, 'storage');
  if (!file) return { ...onlyLocal(local), ...readChannels({}, [LOCAL], []) };
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new ConfigError(`STORAGE_REGIONS_FILE: ${file} cannot be read`);
  }
  const found = readRegions(text, local);
  if ('wrong' in found) throw new ConfigError(`STORAGE_REGIONS_FILE: ${file} is wrong:\n${found.wrong.map((w) => `  - ${w}`).join('\n')}`);
  return found;
}
