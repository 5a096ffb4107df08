import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, realpath, rm } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';

/** Another exchange runs on this data folder. */
export class AlreadyRunningError extends Error {}

/**
 * One process per data folder: a local socket named after the folder, which the system closes with its process, however that
 * ends. Whoever finds it open asks it what runs there.
 */
export async function lockInstance(dataDir: string, describe: () => string): Promise<() => void> {
  await mkdir(dataDir, { recursive: true });
  const address = socketFor(await realpath(dataDir));
  for (let attempt = 0; attempt < 2; attempt++) {
    const server = net.createServer((socket) => socket.on('error', () => {}).end(describe()));
    try {
      server.listen(address);
      await once(server, 'listening');
      server.unref();
      return () => server.close();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
      const holder = await ask(address);
      if (holder !== null) throw new AlreadyRunningError(`An exchange is already running on ${path.resolve(dataDir)}: ${holder}. Stop it first, or give this one another DATA_DIR and PORT.`);
      await rm(address, { force: true });
    }
  }
  throw new AlreadyRunningError(`the lock of ${path.resolve(dataDir)} cannot be taken`);
}

function socketFor(dataDir: string): string {
  const name = `entrepot-${createHash('sha256').update(dataDir).digest('hex').slice(0, 24)}`;
  if (process.platform === 'linux') return `\0${name}`;
  return process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : path.join(os.tmpdir(), `${name}.sock`);
}

async function ask(address: string): Promise<string | null> {
  const socket = net.connect(address);
  try {
    socket.setTimeout(2_000, () => socket.destroy());
    let answer = '';
    for await (const chunk of socket) answer += String(chunk);
    return answer || 'it does not say more';
  } catch {
    return null;
  }
}
