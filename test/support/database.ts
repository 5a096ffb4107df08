import { randomBytes } from 'node:crypto';
import { copyFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { migrate } from '#shared';

const TEMPLATE = 'entrepot_template';
const TEMPLATE_LOCK = 7_301_200;

const urlOf = (name: string): string => {
  const url = new URL(process.env['ENTREPOT_TEST_DATABASE']!);
  url.pathname = `/${name}`;
  return url.href;
};

async function asAdmin<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(urlOf('postgres'));
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

export interface TestDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/** An empty database without any schema, for tests of the migrations themselves. */
export async function emptyDatabase(template = 'template1'): Promise<TestDatabase> {
  const name = `t_${randomBytes(8).toString('hex')}`;
  await asAdmin((client) => client.query(`create database ${name} template ${template}`));
  return { url: urlOf(name), drop: () => asAdmin(async (client) => void (await client.query(`drop database ${name} with (force)`))) };
}

/** A migrated database of one's own, cloned from a template that the first caller migrates with the real migrations. */
export async function testDatabase(): Promise<TestDatabase> {
  await asAdmin(async (client) => {
    await client.query('select pg_advisory_lock($1)', [TEMPLATE_LOCK]);
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [TEMPLATE]);
    if (rowCount) return;
    await client.query(`create database ${TEMPLATE}_making`);
    await migrate(urlOf(`${TEMPLATE}_making`));
    await client.query(`alter database ${TEMPLATE}_making rename to ${TEMPLATE}`);
  });
  return emptyDatabase(TEMPLATE);
}

/** A folder with the migrations that precede this one, to make a database of that day. */
export async function migrationsBefore(timestamp: string): Promise<{ folder: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(path.join(process.env['ENTREPOT_TEST_FOLDER']!, 'migrations-'));
  for (const file of (await readdir('migrations')).filter((f) => f < timestamp)) await copyFile(path.join('migrations', file), path.join(folder, file));
  return { folder, remove: () => rm(folder, { recursive: true }) };
}
