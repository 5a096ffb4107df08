import { mkdtemp, rm } from 'node:fs/promises';
import net from 'node:net';
import { once } from 'node:events';
import path from 'node:path';
import type { INestApplication } from '@nestjs/common';
import pino from 'pino';
import { DataSource } from 'typeorm';
import { type Clock, Database, loadConfig, WorkerRuntime } from '#shared';
import { createServer } from '../../apps/api/src/server.js';
import { GraphClient } from './client.js';
import { testDatabase } from './database.js';

export interface TestExchange {
  readonly url: string;
  readonly app: INestApplication;
  readonly database: Database;
  readonly databaseUrl: string;
  /** The database as its owner, past row-level security: what a test looks at and tampers with. */
  readonly owner: DataSource;
  readonly dataDir: string;
  /** A client with a token of the development issuer for this subject; without one, nobody. */
  client(subject?: string): Promise<GraphClient>;
  /** Works off every message and every sweep that is due. */
  drain(): Promise<void>;
  close(): Promise<void>;
}

export interface ExchangeOptions {
  readonly env?: Record<string, string>;
  readonly clock?: Clock;
  /** Run relay and schedules by themselves, as in production. Off: the test drains. */
  readonly worker?: boolean;
  /** Another process on the database and folder of this one. */
  readonly beside?: TestExchange;
}

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  server.close();
  return port;
}

/** The whole exchange on a database, a folder and a port of its own, over real HTTP. */
export async function startExchange(options: ExchangeOptions = {}): Promise<TestExchange> {
  const database = options.beside ? { url: options.beside.databaseUrl, drop: () => Promise.resolve() } : await testDatabase();
  const dataDir = options.beside?.dataDir ?? await mkdtemp(path.join(process.env['ENTREPOT_TEST_FOLDER']!, 'data-'));
  const config = loadConfig({ NODE_ENV: 'test', PORT: String(await freePort()), DATA_DIR: dataDir, WORKER: String(options.worker ?? false), LOG_LEVEL: 'fatal', NOTICE_SECONDS: '0', ANONYMOUS_LIMIT_PER_MINUTE: '1000000', ...options.env });
  const server = await createServer({ config, databaseUrl: database.url, ...(options.clock ? { clock: options.clock } : {}) }, pino({ level: config.LOG_LEVEL }));
  await server.app.listen(config.PORT, config.HOST);
  // Where it listens; PUBLIC_URL may be the name of a proxy in front of it.
  const url = `http://${config.HOST}:${config.PORT}`;
  const owner = await new DataSource({ type: 'postgres', url: database.url, poolSize: 3 }).initialize();
  return {
    url, app: server.app, database: server.app.get(Database), databaseUrl: database.url, dataDir, owner,
    client: (subject) => (subject ? GraphClient.signIn(url, subject) : Promise.resolve(new GraphClient(url))),
    drain: () => server.app.get(WorkerRuntime).drain(),
    close: async () => {
      await server.close();
      await owner.destroy();
      await database.drop();
      if (!options.beside) await rm(dataDir, { recursive: true, force: true });
    },
  };
}
