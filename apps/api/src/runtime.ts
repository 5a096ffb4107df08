import { existsSync } from 'node:fs';
import path from 'node:path';
import { Config, ConfigError, type EmbeddedPostgres, loadConfig, loginIsBeyondPolicies, migrate, startEmbeddedPostgres } from '#shared';
import type { Logger } from 'pino';

/** `.env` beside package.json, for development; what the environment says already wins. */
export function readConfig(): Config {
  if (existsSync('.env')) process.loadEnvFile('.env');
  try {
    return loadConfig(process.env);
  } catch (error) {
    return configurationFailed(error);
  }
}

/** Says what is wrong with the configuration, without a stack, and ends the process; other errors are thrown on. */
export function configurationFailed(error: unknown): never {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(`${error.message}\nEvery variable is explained in .env.example.\n`);
  process.exit(78);
}

export interface DatabaseHandle {
  readonly url: string;
  readonly embedded: EmbeddedPostgres | null;
}

/** The database of DATABASE_URL, or an embedded PostgreSQL below DATA_DIR; brought to this version either way. */
export async function openDatabase(config: Config, logger: Logger): Promise<DatabaseHandle> {
  const embedded = config.DATABASE_URL ? null : await startEmbeddedPostgres({ dir: path.join(config.DATA_DIR, 'postgres'), durable: true });
  const url = config.DATABASE_URL ?? embedded!.url;
  try {
    const count = await migrate(config.MIGRATION_DATABASE_URL ?? url);
    if (count) logger.info({ migrations: count }, 'database migrated');
    if (config.production && (await loginIsBeyondPolicies(url))) logger.warn('DATABASE_URL logs in as an owner or superuser: give the application a login of its own that is a member of entrepot_app, and MIGRATION_DATABASE_URL the owner');
    return { url, embedded };
  } catch (error) {
    await embedded?.stop();
    throw error;
  }
}

/** Runs `stop` once on SIGTERM, SIGINT or SIGHUP; a second signal ends the process at once. */
export function onSignals(stop: (signal: string) => Promise<void>): void {
  let stopping = false;
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (stopping) process.exit(130);
      stopping = true;
      stop(signal).then(() => process.exit(0), (error: Error) => {
        process.stderr.write(`stopping failed: ${error.stack}\n`);
        process.exit(1);
      });
    });
  }
}

const PARENT_CHECK_MS = 500;

/** npm's shell dies of a signal without passing it on: whoever was started by npm stops when that parent is gone. */
export function stopWithParent(): void {
  if (!process.env['npm_lifecycle_event']) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, PARENT_CHECK_MS);
  timer.unref();
}
