import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { until } from './client.js';

const answers = (url: string): Promise<boolean> => fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(2_000) }).then((r) => r.ok, () => false);

/** The exchange that runs at this address; where none does and none was named, one started for this demo, which `stop` ends again. */
export async function reachExchange(url: string, named: boolean): Promise<{ stop(): Promise<void> }> {
  if (named || (await answers(url))) return { stop: () => Promise.resolve() };
  process.stdout.write(`No exchange answers at ${url}: starting one.\n`);
  const child = spawn(process.execPath, [fileURLToPath(new URL('../../api/src/main.js', import.meta.url))], { stdio: ['ignore', 'pipe', 'inherit'] });
  let opened = false;
  child.stdout.on('data', (chunk: Buffer) => (opened ||= chunk.includes('The exchange is open')));
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
  };
  try {
    await until('the exchange to start', async () => {
      if (child.exitCode !== null) throw new Error(`the exchange did not start (exit ${child.exitCode})`);
      return opened && (await answers(url));
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return { stop };
}
