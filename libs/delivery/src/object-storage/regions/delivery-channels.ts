import { readFileSync } from 'node:fs';
import { Injectable } from '@nestjs/common';
import { ConfigError } from '#shared';
import type { Channel } from '../../domain/channels/channel.js';
import { readCertificate } from '../../domain/channels/client-proof.js';
import { StorageRegions } from './storage-regions.js';

/** The ways on which bytes leave this exchange, in the order of the configuration. */
@Injectable()
export class DeliveryChannels {
  readonly all: readonly Channel[];

  constructor({ plan }: StorageRegions) {
    this.all = plan.channels.map(({ authoritiesFile, ...channel }) => ({ ...channel, authorities: authoritiesFile === null ? null : readAuthorities(authoritiesFile) }));
  }

  byId(id: string): Channel | null {
    return this.all.find((c) => c.id === id) ?? null;
  }
}

function readAuthorities(file: string): string[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new ConfigError(`STORAGE_REGIONS_FILE: ${file} cannot be read`);
  }
  const found = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  if (found.length === 0 || !found.every((pem) => readCertificate(pem)?.ca)) throw new ConfigError(`STORAGE_REGIONS_FILE: ${file} holds certificates of authorities as PEM, and nothing else`);
  return found;
}
