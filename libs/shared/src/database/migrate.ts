import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { DataSource, type DataSourceOptions, type MigrationInterface, type MixedList, type QueryRunner } from 'typeorm';
import { ADVISORY_LOCKS } from './advisory-locks.js';
import { asApplication } from './database.js';
import { SteadyClient } from './steady-client.js';

export type EntityList = MixedList<Function>;
type MigrationClass = new () => MigrationInterface;

/** `migrations/1790000000100-shared.sql` becomes a TypeORM migration; the SQL stays SQL. */
async function migrationClasses(folder: string): Promise<MigrationClass[]> {
  const files = (await readdir(folder)).filter((f) => /^\d{13}-[a-z-]+\.sql$/.test(f)).sort();
  return Promise.all(files.map(async (file) => {
    const sql = await readFile(path.join(folder, file), 'utf8');
    const [timestamp, ...words] = file.replace('.sql', '').split('-');
    const name = `${words.map((w) => w[0]!.toUpperCase() + w.slice(1)).join('')}${timestamp}`;
    return { [name]: class implements MigrationInterface {
      name = name;
      async up(runner: QueryRunner): Promise<void> {
        // oxlint-disable-next-line entrepot/no-dynamic-sql -- the text of a migration is a file of this repository
        await runner.query(sql);
      }
      async down(): Promise<void> {
        throw new Error('migrations go forward only; restore a backup instead');
      }
    } }[name]!;
  }));
}

export async function migrationsFolder(): Promise<string> {
  for (let at = path.dirname(fileURLToPath(import.meta.url)); at !== path.dirname(at); at = path.dirname(at)) {
    const names = await readdir(at);
    if (names.includes('package.json') && names.includes('migrations')) return path.join(at, 'migrations');
  }
  throw new Error('the migrations folder is not beside package.json');
}

export function dataSourceOptions(url: string, entities: EntityList, pool: number): DataSourceOptions {
  return {
    type: 'postgres', url: asApplication(url), entities, poolSize: pool, synchronize: false, applicationName: 'entrepot', migrationsTransactionMode: 'each',
    extra: { connectionTimeoutMillis: 10_000, idleTimeoutMillis: 600_000, Client: SteadyClient },
  };
}

const MONTHS = 4;

/** Makes the monthly partitions of this month and of the three after it. */
export async function keepPartitions(source: Pick<DataSource, 'query'>, now: Date): Promise<void> {
  await source.query('select shared.keep_month_partitions($1::date, $2)', [now.toISOString().slice(0, 10), MONTHS]);
}


/** Brings the database to this version; answers how many migrations ran. */
export async function migrate(url: string, folder?: string): Promise<number> {
  const migrations = await migrationClasses(folder ?? (await migrationsFolder()));
  const source = await new DataSource({ ...dataSourceOptions(url, [], 2), url, migrations, extra: { connectionTimeoutMillis: 10_000 } } as DataSourceOptions).initialize();
  const lock = source.createQueryRunner();
  try {
    const [version] = (await lock.query("select current_setting('server_version_num')::int as number")) as { number: number }[];
    if (version!.number < 150_000) throw new Error(`PostgreSQL 15 or later is needed, this is ${version!.number / 10_000}`);
    await lock.query('select pg_advisory_lock($1)', [ADVISORY_LOCKS.migrations]);
    const count = (await source.runMigrations()).length;
    await keepPartitions(source, new Date());
    return count;
  } finally {
    await lock.release();
    await source.destroy();
  }
}
