import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import https from 'node:https';
import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { ConfigError, LIMITS } from '#shared';
import type { FastifyInstance } from 'fastify';
import { StorageRegions } from '../../object-storage/regions/storage-regions.js';

/** Only what is fetched with a token comes in here. */
const DOWNLOADS = '/v1/downloads/';

/**
 * The exchange's own door for mutual TLS, where the configuration has one. It asks every client for a certificate and believes none by itself: whose it is,
 * the channel of the delivery says. The other port asks nobody, so that no browser is bothered.
 */
@Injectable()
export class TlsDoor implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private server: https.Server | null = null;

  constructor(private readonly regions: StorageRegions, private readonly host: HttpAdapterHost) {}

  async onApplicationBootstrap(): Promise<void> {
    const { tls } = this.regions.plan;
    const fastify = this.host.httpAdapter?.getInstance<FastifyInstance | undefined>();
    if (!tls || typeof fastify?.routing !== 'function') return;
    const [cert, key] = [read(tls.certificateFile), read(tls.keyFile)];
    this.server = https.createServer({ cert, key, requestCert: true, rejectUnauthorized: false, minVersion: 'TLSv1.2', headersTimeout: LIMITS.headersMs, requestTimeout: 0 }, (request, response) => {
      if (request.url?.startsWith(DOWNLOADS)) fastify.routing(request, response);
      else response.writeHead(404).end();
    });
    await once(this.server.listen(tls.port, tls.host), 'listening');
  }

  async beforeApplicationShutdown(): Promise<void> {
    if (!this.server) return;
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeIdleConnections();
    await closed;
  }
}

function read(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch {
    throw new ConfigError(`STORAGE_REGIONS_FILE: ${file} cannot be read`);
  }
}
